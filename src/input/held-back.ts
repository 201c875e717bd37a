/** One press that is not sent before the next event tells what it was. */

/** Two messages of one key follow each other at once; whoever presses Ctrl alone does not notice the wait. */
const WAIT_MS = 40;

export class HeldBack {
  readonly #send: (code: string, keysym: number) => void;
  #held: { code: string; keysym: number } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (code: string, keysym: number) => void) {
    this.#send = send;
  }

  /** `briefly`: it is sent after a moment even when nothing follows. */
  hold(code: string, keysym: number, briefly: boolean): void {
    this.#held = { code, keysym };
    if (briefly) this.#timer = setTimeout(() => this.let(''), WAIT_MS);
  }

  has(code: string): boolean {
    return this.#held?.code === code;
  }

  /** It was what it looked like, and is sent, unless it is `code` itself. */
  let(code: string): void {
    const held = this.#held;
    if (held?.code === code) return;
    this.drop();
    if (held) this.#send(held.code, held.keysym);
  }

  /** It was none; only if it is `code`, where that is given. */
  drop(code?: string): void {
    if (code !== undefined && this.#held?.code !== code) return;
    clearTimeout(this.#timer);
    this.#held = undefined;
  }
}
