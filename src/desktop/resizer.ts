/** Asks for sizes one at a time: while an answer is due the next wish waits, and only the last wish counts. */
import type { Area } from '../screen/client.ts';
import type { Size } from './geometry.ts';

/** `layout`: where the screens lie, if there is to be more than one. */
export interface Wish extends Size {
  readonly layout?: readonly Area[];
}

/** A server that never answers must not stop later wishes. */
const ANSWER_TIMEOUT_MS = 2000;
/** While an element is dragged to its size, each step would cost a whole picture. */
const SETTLE_MS = 60;

export class Resizer {
  readonly #ask: (wish: Wish) => void;
  #possible = false;
  #current: Wish = { width: 0, height: 0 };
  #wanted: Wish | undefined;
  #refused: Wish | undefined;
  #asked: Wish | undefined;
  #inFlight: ReturnType<typeof setTimeout> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #first = true;

  constructor(ask: (wish: Wish) => void) {
    this.#ask = ask;
  }

  /** What is wished for, `undefined` for nothing. Asked for at once the first time, later when it has settled. */
  want(wish: Wish | undefined): void {
    this.#wanted = wish;
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

  /** The framebuffer is like this now; `answered`: because this client asked; `refused`: it stayed as it was. */
  changed(size: Wish, answered: boolean, refused: boolean): void {
    this.#current = size;
    if (!answered) return;
    const asked = this.#asked;
    // What the server made less of would be made less of again.
    if (asked && (refused || !same(asked, size))) this.#refused = asked;
    this.#answered();
  }

  /** A new connection: the server knows nothing of what was asked before. */
  reset(): void {
    this.#possible = false;
    this.#refused = this.#asked = undefined;
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
    this.#asked = wanted;
    this.#ask(wanted);
  }
}

function same(a: Wish, b: Wish | undefined): boolean {
  return b !== undefined && a.width === b.width && a.height === b.height && screensOf(a) === screensOf(b);
}

/** One screen is one that fills the framebuffer, whatever the server calls it. */
function screensOf({ layout = [] }: Wish): string {
  if (layout.length < 2) return '';
  return layout.map(({ x, y, width, height }) => `${x},${y},${width},${height}`).join(' ');
}
