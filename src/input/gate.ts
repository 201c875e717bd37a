/**
 * Keeps input back, in its order, until what it needs is there: the key that pastes, until what is to be pasted has
 * reached the session. Otherwise hands it on as it comes.
 */
import type { InputSink } from './pressed.ts';

/** A browser tells what is pasted right after the key. */
const EVENT_MS = 150;
/** What is not there by then is not waited for; keys would seem dead. */
const ARRIVAL_MS = 15_000;

export class Gate implements InputSink {
  readonly #sink: InputSink;
  #kept: (() => void)[] | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(sink: InputSink) {
    this.#sink = sink;
  }

  key(down: boolean, keysym: number, xtCode?: number): void {
    this.inTurn(() => this.#sink.key(down, keysym, xtCode));
  }

  pointer(x: number, y: number, buttons: number): void {
    this.inTurn(() => this.#sink.pointer(x, y, buttons));
  }

  /** From here on input waits for `until`, which has to come soon. */
  close(): void {
    this.#kept ??= [];
    this.#openAfter(EVENT_MS);
  }

  /** Waits for this instead, however it ends. Without a gate that is closed nothing is waiting. */
  until(arrived: Promise<unknown>): void {
    if (!this.#kept) return;
    this.#openAfter(ARRIVAL_MS);
    const turn = this.#turn;
    const open = () => {
      if (turn === this.#turn) this.open();
    };
    arrived.then(open, open);
  }

  open(): void {
    const kept = this.#kept ?? [];
    this.forget();
    for (const send of kept) send();
  }

  /** For a new connection, which knows nothing of the keys before. */
  forget(): void {
    this.#kept = undefined;
    this.#turn++;
    clearTimeout(this.#timer);
  }

  /** Now, or behind what is kept back. */
  inTurn(send: () => void): void {
    if (this.#kept) this.#kept.push(send);
    else send();
  }

  #openAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#turn++;
    this.#timer = setTimeout(() => this.open(), ms);
  }
}
