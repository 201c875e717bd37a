/**
 * The clipboards of the session and of this computer. What may go where is decided by the server; here it is only
 * carried, and shown.
 */
import type { ClipboardMode } from '../../contract/allowances.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import { ClipboardLink, type ClipOffer, isClipFrame } from './clipboard-link.ts';

export interface ClipboardFeature extends Feature {
  /** Text that programs in the session are to paste. Rejects with a `ClipRefusal`. */
  paste(text: string): Promise<void>;
}

/** `onCopied` hears the text of what is copied or selected in the session, where the page around the viewer wants it. */
export function clipboard(context: FeatureContext, onCopied: (text: string) => void): ClipboardFeature {
  const link = new ClipboardLink((frame) => context.send(frame));
  let mode: ClipboardMode = 'off';

  async function offered(offer: ClipOffer): Promise<void> {
    if (context.ui().clipboard !== true || !offer.fresh || !offer.kinds.includes('text')) return;
    onCopied(await link.getText(offer));
  }

  return {
    paste: (text) => link.put(new Map([['text', new TextEncoder().encode(text)]]), ['clipboard', 'primary']),
    onFrame(frame) {
      if (!isClipFrame(frame)) return;
      link.receive(frame);
      if (frame.t === 'clip.mode') mode = frame.mode;
      // Something newer may be copied meanwhile.
      else if (frame.t === 'clip.offer' && mode !== 'off') offered(frame).catch(() => undefined);
    },
    onState(state) {
      if (state.state !== 'connected') link.lost();
    },
    dispose: () => link.lost(),
  };
}
