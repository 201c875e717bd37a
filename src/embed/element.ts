/**
 * `<casement-viewer url="…">`: the viewer as an element. Attributes `url`, `title`, `scaling`, `locale`, `theme`, `view`;
 * properties `ticket`, `getTicket`, `handler` for what no attribute can hold. Each event of the viewer is a `CustomEvent`
 * of the same name, its `detail` the event's body; `error` and `disconnect` have `{message, code}`.
 */
import type { Scaling } from './types.ts';
import { createViewer, type CreateViewerOptions, type ViewerEvents, type ViewerHandle } from './viewer-frame.ts';

const EVENTS = [
  'state',
  'connected',
  'role',
  'participants',
  'resize',
  'title',
  'clipboard',
  'stats',
  'deadline',
  'fullscreen',
  'message',
] as const satisfies readonly (keyof ViewerEvents)[];

const SCALINGS: readonly Scaling[] = ['remote', 'fit', 'none'];
const THEMES = ['light', 'dark', 'auto'] as const;

/** Where there is no DOM (a portal that renders on its server) the class can still be imported. */
// oxlint-disable-next-line typescript/no-extraneous-class -- stands in for what is not there
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

export class CasementViewerElement extends Base {
  static readonly observedAttributes = ['url'];

  ticket: CreateViewerOptions['ticket'];
  getTicket: CreateViewerOptions['getTicket'];
  /** As `onMessage` of `createViewer`. */
  handler: CreateViewerOptions['onMessage'];
  #viewer: ViewerHandle | undefined;

  /** The viewer's handle while the element is in a document and has something to show. */
  get viewer(): ViewerHandle | undefined {
    return this.#viewer;
  }

  connectedCallback(): void {
    if (this.style.display === '') this.style.display = 'block';
    // Properties are often set right after the element was put into the page.
    queueMicrotask(() => this.open());
  }

  disconnectedCallback(): void {
    this.close();
  }

  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (before === now || !this.#viewer) return;
    this.close();
    this.open();
  }

  /** Shows what attributes and properties say, unless something is shown already. */
  open(): void {
    if (this.#viewer || !this.isConnected) return;
    const url = this.getAttribute('url');
    if (url === null && !this.ticket && !this.getTicket) return;
    const viewer = createViewer(this, this.#options(url));
    this.#viewer = viewer;
    for (const name of EVENTS) viewer.on(name, (detail) => this.dispatchEvent(new CustomEvent(name, { detail })));
    for (const name of ['error', 'disconnect'] as const) {
      viewer.on(name, (message, code) => this.dispatchEvent(new CustomEvent(name, { detail: { message, code } })));
    }
  }

  close(): void {
    this.#viewer?.dispose();
    this.#viewer = undefined;
  }

  override focus(): void {
    this.#viewer?.focus();
  }

  #options(url: string | null): CreateViewerOptions {
    const { ticket, getTicket, handler } = this;
    const scaling = SCALINGS.find((one) => one === this.getAttribute('scaling'));
    const theme = THEMES.find((one) => one === this.getAttribute('theme'));
    const locale = this.getAttribute('locale');
    return {
      ...(url === null ? {} : { url }),
      ...(ticket ? { ticket } : {}),
      ...(getTicket ? { getTicket } : {}),
      ...(handler ? { onMessage: handler } : {}),
      ...(this.title === '' ? {} : { title: this.title }),
      ...(scaling ? { scaling } : {}),
      ...(theme ? { theme } : {}),
      ...(locale === null ? {} : { locale }),
      ...(this.getAttribute('view') === 'view-only' ? { view: 'view-only' } : {}),
    };
  }
}

export function defineViewerElement(name = 'casement-viewer'): void {
  if (!customElements.get(name)) customElements.define(name, CasementViewerElement);
}
