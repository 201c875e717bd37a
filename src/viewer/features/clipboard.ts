/**
 * The clipboards of the session and of this computer. What may go where is decided by the server; here it is only
 * carried and shown. What does the work loads once a session has a clipboard for this viewer, after its first picture.
 */
import type { ClipboardMode } from '../../contract/allowances.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import { ClipboardLink, type ClipOffer, isClipFrame } from './clipboard-link.ts';
import { ofTransfer } from './clipboard-transfer.ts';
import type { ClipboardSync } from './clipboard-sync.ts';

const WORDS: Words<'clipboard'> = { en: { clipboard: 'Clipboard' }, de: { clipboard: 'Zwischenablage' } };

export interface ClipboardFeature extends Feature {
  /** Text that programs in the session are to paste. Rejects with a `ClipRefusal`. */
  paste(text: string): Promise<void>;
  /** The browser pasted into the desktop. Settles once the key that did it may be sent. */
  pasted(data: DataTransfer): Promise<void>;
}

/** `onCopied` hears the text of what is copied or selected in the session, where the page around the viewer wants it. */
export function clipboard(context: FeatureContext, onCopied: (text: string) => void): ClipboardFeature {
  const link = new ClipboardLink((frame) => context.send(frame));
  let sync: ClipboardSync | undefined;
  let loading: Promise<ClipboardSync> | undefined;
  let disposed = false;
  /** What the server lets this viewer do. */
  let given: ClipboardMode = 'off';
  let inControl = false;
  let pictured = (): void => undefined;
  const picture = new Promise<void>((resolve) => {
    pictured = resolve;
  });
  const tool = context.toolbar.addPanel('clipboard', WORDS[context.strings.language].clipboard, build, closed);
  tool.hidden = true;

  function load(): Promise<ClipboardSync> {
    loading ??= picture
      .then(() => import('./clipboard-sync.ts'))
      .then((module) => {
        sync = new module.ClipboardSync(context, link);
        sync.mode = mode();
        if (disposed) sync.dispose();
        return sync;
      });
    loading.catch(() => {
      // Whatever needs it next tries again.
      loading = undefined;
    });
    return loading;
  }

  async function build(): Promise<HTMLElement> {
    const [loaded, { clipboardPanel }] = await Promise.all([load(), import('./clipboard-panel.ts')]);
    return clipboardPanel(loaded);
  }

  /** Who only watches puts nothing into the session, even where the server would take it. */
  function mode(): ClipboardMode {
    if (inControl || given === 'off' || given === 'to-local') return given;
    return given === 'both' ? 'to-local' : 'off';
  }

  function follow(): void {
    const now = mode();
    tool.hidden = now === 'off';
    // What is open was built for what was allowed before.
    tool.close();
    if (sync) sync.mode = now;
    else if (now !== 'off') load().catch(() => undefined);
  }

  function closed(): void {
    if (sync) sync.onChange = () => undefined;
  }

  async function offered(offer: ClipOffer): Promise<void> {
    if (context.ui().clipboard === true && offer.fresh && offer.kinds.includes('text')) {
      // Something newer may be copied meanwhile.
      link.get(offer, 'text').then(
        (bytes) => onCopied(new TextDecoder().decode(bytes)),
        () => undefined,
      );
    }
    const loaded = await load().catch(() => undefined);
    await loaded?.offered(offer);
  }

  return {
    paste: (text) => link.put(new Map([['text', new TextEncoder().encode(text)]]), ['clipboard', 'primary']),
    async pasted(data) {
      // Before anything is waited for: it is gone with its event.
      const content = ofTransfer(data);
      await (sync ?? (await loading))?.pasted(content);
    },
    onFrame(frame) {
      if (!isClipFrame(frame)) return;
      link.receive(frame);
      if (frame.t === 'clip.mode') {
        given = frame.mode;
        follow();
      } else if (frame.t === 'clip.offer') void offered(frame);
    },
    onRole(_role, may) {
      if (may === inControl) return;
      const before = mode();
      inControl = may;
      if (mode() !== before) follow();
    },
    onState(state) {
      if (state.state === 'connected') {
        pictured();
        return;
      }
      link.lost();
      tool.close();
    },
    dispose() {
      disposed = true;
      link.lost();
      sync?.dispose();
      tool.remove();
    },
  };
}
