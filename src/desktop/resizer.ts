/** Asks for sizes one at a time: while an answer is due the next wish waits, and only the last wish counts. */
import type { Size } from './geometry.ts';

/** A server that never answers must not stop later wishes. */
const ANSWER_TIMEOUT_MS = 2000;
/** While an element is dragged to its size, each step would cost a whole picture. */
const SETTLE_MS = 60;

export class Resizer {
  readonly #ask: (size: Size) => void;
  #possible = false;
  #current: Size = { width: 0, height: 0 };
  #wanted: Size | undefined;
  #refused: Size | undefined;
  #inFlight: ReturnType<typeof setTimeout> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #first = true;

  constructor(ask: (size: Size) => void) {
    this.#ask = ask;
  }

  /** What is wished for, `undefined` for nothing. Asked for at once the first time, later when it has settled. */
  want(size: Size | undefined): void {
    this.#wanted = size;
    this.#refused = undefined;
    if (this.#first) {
      this.#pump();
      return;
    }
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#pump(), SETTLE_MS);
  }

  /** The server can or cannot. */
  set possible(possible: boolean) {
    this.#possible = possible;
    this.#pump();
  }

  /** The framebuffer has this size now; `answered`: because this client asked; `refused`: it kept its size. */
  changed(size: Size, answered: boolean, refused: boolean): void {
    this.#current = size;
    if (!answered) return;
    if (refused) this.#refused = this.#wanted;
    this.#answered();
  }

  /** A new connection: the server knows nothing of what was asked before. */
  reset(): void {
    this.#possible = false;
    this.#refused = undefined;
    this.#first = true;
    clearTimeout(this.#inFlight);
    this.#inFlight = undefined;
  }

  dispose(): void {
    clearTimeout(this.#inFlight);
    clearTimeout(this.#settling);
    this.#wanted = undefined;
    this.#possible = false;
  }

  #answered(): void {
    clearTimeout(this.#inFlight);
    this.#inFlight = undefined;
    this.#pump();
  }

  #pump(): void {
    const wanted = this.#wanted;
    if (!wanted || !this.#possible || this.#inFlight !== undefined || same(wanted, this.#refused)) return;
    this.#first = false;
    if (same(wanted, this.#current)) return;
    this.#inFlight = setTimeout(() => {
      this.#refused = wanted;
      this.#answered();
    }, ANSWER_TIMEOUT_MS);
    this.#ask(wanted);
  }
}

function same(a: Size, b: Size | undefined): boolean {
  return b !== undefined && a.width === b.width && a.height === b.height;
}
