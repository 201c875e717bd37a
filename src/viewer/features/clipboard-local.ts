/** This computer's clipboard, as far as the browser allows: by its paste event, by its permission, or by a click. */
import type { LocalContent } from './clipboard-transfer.ts';

/** `unknown`: this browser has no such permission and only goes by keys and clicks. */
export type ReadPermission = 'granted' | 'prompt' | 'denied' | 'unknown';

export class LocalClipboard {
  readonly #window: Window & typeof globalThis;

  constructor(window: Window & typeof globalThis) {
    this.#window = window;
  }

  /** Calls back at once, and whenever it changes, until `signal`. */
  watch(signal: AbortSignal, onChange: (permission: ReadPermission) => void): void {
    const { permissions, clipboard } = this.#window.navigator;
    // Absent where the page did not come safely.
    if (!permissions || typeof clipboard?.read !== 'function') {
      onChange('unknown');
      return;
    }
    permissions.query({ name: 'clipboard-read' as PermissionName }).then(
      (status) => {
        onChange(status.state);
        status.addEventListener('change', () => onChange(status.state), { signal });
      },
      () => onChange('unknown'),
    );
  }

  /** Asks the person where the browser has not yet. Rejects where it may not be read. */
  async read(): Promise<LocalContent> {
    const { clipboard } = this.#window.navigator;
    const content: { text?: string; html?: string; png?: Blob } = {};
    for (const item of await clipboard.read()) {
      const of = (type: string) => (item.types.includes(type) ? item.getType(type) : undefined);
      const [text, html, png] = await Promise.all([of('text/plain'), of('text/html'), of('image/png')]);
      if (text) content.text ??= await text.text();
      if (html) content.html ??= await html.text();
      if (png) content.png ??= png;
    }
    return content;
  }

  /** False: the browser wants a key, a click or the page's focus first. */
  async write(content: LocalContent): Promise<boolean> {
    const { clipboard } = this.#window.navigator;
    const { ClipboardItem: Item } = this.#window;
    try {
      if (clipboard && typeof Item === 'function') {
        const blobs: Record<string, Blob> = {};
        if (content.text !== undefined) blobs['text/plain'] = new Blob([content.text], { type: 'text/plain' });
        if (content.html !== undefined) blobs['text/html'] = new Blob([content.html], { type: 'text/html' });
        if (content.png) blobs['image/png'] = content.png;
        await clipboard.write([new Item(blobs)]);
        return true;
      }
    } catch {
      // What is older still may go.
    }
    return this.#copyCommand(content);
  }

  /** Where the page did not come safely, and in older browsers: what a copy by the browser's own key would do. */
  #copyCommand({ text, html }: LocalContent): boolean {
    const { document } = this.#window;
    if (text === undefined && html === undefined) return false;
    let set = false;
    const onCopy = (event: ClipboardEvent) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (text !== undefined) event.clipboardData?.setData('text/plain', text);
      if (html !== undefined) event.clipboardData?.setData('text/html', html);
      set = true;
    };
    document.addEventListener('copy', onCopy, { capture: true, once: true });
    try {
      // oxlint-disable-next-line typescript/no-deprecated -- the only way there where the newer one is missing
      return document.execCommand('copy') && set;
    } catch {
      return false;
    } finally {
      document.removeEventListener('copy', onCopy, { capture: true });
    }
  }
}
