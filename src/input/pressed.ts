/**
 * What is held down, in one place: every key and button that was sent as pressed is sent as released from here, whoever
 * noticed that it is no longer held. A key released locally while the page could not see it would otherwise stay down
 * in the session.
 */

export interface InputSink {
  key(down: boolean, keysym: number, xtCode?: number): void;
  /** Framebuffer coordinates and the RFB button mask. */
  pointer(x: number, y: number, buttons: number): void;
  /** Text that no key has, typed whole; false where the server has no such way, and it goes key by key. */
  text?(text: string): boolean;
}

interface HeldKey {
  readonly keysym: number;
  readonly xtCode: number | undefined;
}

export class Pressed {
  readonly #sink: InputSink;
  /** By `KeyboardEvent.code`: the release is for what the press was, though modifiers may have changed since. */
  readonly #keys = new Map<string, HeldKey>();
  #buttons = 0;
  #x = 0;
  #y = 0;
  /** The server has been told where the pointer is. */
  #told = false;

  constructor(sink: InputSink) {
    this.#sink = sink;
  }

  get buttons(): number {
    return this.#buttons;
  }

  isDown(code: string): boolean {
    return this.#keys.has(code);
  }

  keyDown(code: string, keysym: number, xtCode?: number): void {
    const held = this.#keys.get(code);
    if (held && held.keysym !== keysym) this.keyUp(code);
    else if (held) return;
    this.#keys.set(code, { keysym, xtCode });
    this.#sink.key(true, keysym, xtCode);
  }

  /** A key that is held is pressed once more, which a server takes for a repetition. */
  repeat(code: string): void {
    const held = this.#keys.get(code);
    if (held) this.#sink.key(true, held.keysym, held.xtCode);
  }

  keyUp(code: string): void {
    const held = this.#keys.get(code);
    if (!held) return;
    this.#keys.delete(code);
    this.#sink.key(false, held.keysym, held.xtCode);
  }

  pointer(x: number, y: number, buttons: number): void {
    if (this.#told && x === this.#x && y === this.#y && buttons === this.#buttons) return;
    this.#told = true;
    this.#x = x;
    this.#y = y;
    this.#buttons = buttons;
    this.#sink.pointer(x, y, buttons);
  }

  /** One press and release of a button beside those that are held: a click of the wheel. */
  click(x: number, y: number, button: number): void {
    this.pointer(x, y, this.#buttons | button);
    this.pointer(x, y, this.#buttons & ~button);
  }

  releaseKeys(): void {
    // The last pressed goes up first, as fingers leave a combination.
    for (const code of [...this.#keys.keys()].toReversed()) this.keyUp(code);
  }

  releaseButtons(): void {
    if (this.#buttons !== 0) this.pointer(this.#x, this.#y, 0);
  }

  releaseAll(): void {
    this.releaseKeys();
    this.releaseButtons();
  }

  /** The connection is gone, and with it what was held: forgotten without a word. */
  forget(): void {
    this.#keys.clear();
    this.#buttons = 0;
    this.#told = false;
  }
}
