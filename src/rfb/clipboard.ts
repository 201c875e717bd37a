/** What is copied, on its way from and to a server: the plain message, or the extended one where both ends have it. */
import type { ByteReader } from './byte-reader.ts';
import { MAX_CUT_TEXT } from './constants.ts';
import * as encode from './encode.ts';
import type { RfbOwner } from './events.ts';
import type { ExtendedClipboard } from './extended-clipboard.ts';
import type { Parser } from './handshake.ts';
import { RfbError } from './rfb-error.ts';
import { skip } from './skip.ts';

export class Clipboard {
  readonly #owner: RfbOwner;
  /** The server was told that the extended one is known here. */
  readonly #asked: boolean;
  readonly #mayInput: () => boolean;
  #extended: ExtendedClipboard | undefined;

  constructor(owner: RfbOwner, asked: boolean, mayInput: () => boolean) {
    this.#owner = owner;
    this.#asked = asked;
    this.#mayInput = mayInput;
  }

  send(text: string): void {
    if (this.#mayInput() && !this.#extended?.offer(text)) this.#owner.send(encode.cutText(text));
  }

  /** After the message's type. */
  *read(reader: ByteReader): Parser<void> {
    yield 7;
    reader.skip(3);
    const length = reader.s32();
    if (length < 0 && this.#asked) {
      if (!this.#extended) {
        yield import('./extended-clipboard.ts').then(({ ExtendedClipboard: Extended }) => {
          this.#extended = new Extended(this.#owner, this.#mayInput);
        });
      }
      if (this.#extended) yield* this.#extended.read(reader, -length);
      return;
    }
    if (Math.abs(length) > MAX_CUT_TEXT) throw new RfbError('rfb-limit', { details: { what: 'clipboard' } });
    if (length < 0) {
      yield* skip(reader, -length);
      return;
    }
    const parts: string[] = [];
    for (let left = length; left > 0;) {
      if (reader.available < 1) yield 1;
      const take = Math.min(left, reader.available, 4096);
      parts.push(String.fromCharCode(...reader.view(take)));
      left -= take;
    }
    this.#owner.event({ type: 'clipboard', text: parts.join('') });
  }
}
