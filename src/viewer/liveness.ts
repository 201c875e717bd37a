/**
 * Notices a line that is dead though no packet said so: a small question every few seconds, and silence where the answer
 * should be. Pictures that are still coming count as life: on a slow line the answer waits behind them.
 */

export interface LivenessPorts {
  /** Asks for a `pong`. */
  ping(now: number): void;
  /** Bytes that came so far, of whatever kind. */
  received(): Promise<number>;
  dead(): void;
}

const PING_EVERY_MS = 3000;
/** An answer later than this is looked for among the bytes. */
const OVERDUE_MS = 2500;
/** Silent for this long, the line is dead. With the time between two looks this is less than nine seconds. */
const DEAD_AFTER_MS = 5500;

export class Liveness {
  readonly #ports: LivenessPorts;
  #timer: ReturnType<typeof setInterval> | undefined;
  #probe: ReturnType<typeof setTimeout> | undefined;
  /** The server is one that answers; of another, silence says nothing. */
  #answers = false;
  #lastHeard = 0;
  #lastTick = 0;
  #bytes: number | undefined;
  #looking = false;

  constructor(ports: LivenessPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.stop();
    this.#lastHeard = this.#lastTick = Date.now();
    this.#timer = setInterval(() => this.#tick(), PING_EVERY_MS);
    this.#ports.ping(this.#lastHeard);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#probe);
    this.#timer = undefined;
    this.#bytes = undefined;
  }

  /** Anything came. */
  heard(): void {
    this.#lastHeard = Date.now();
    this.#bytes = undefined;
  }

  pong(): void {
    this.#answers = true;
    this.heard();
  }

  /** The network or the tab came back: what was connected before may be gone, and is asked now. */
  probe(): void {
    if (this.#timer === undefined) return;
    const asked = Date.now();
    this.#ports.ping(asked);
    void this.#look();
    clearTimeout(this.#probe);
    this.#probe = setTimeout(() => {
      if (this.#answers && this.#lastHeard < asked) void this.#look(true);
    }, PING_EVERY_MS);
  }

  #tick(): void {
    const now = Date.now();
    // A timer that came late slept with its tab, or the whole computer did, and its silence proves nothing.
    if (now - this.#lastTick > 2 * PING_EVERY_MS) this.heard();
    this.#lastTick = now;
    const silent = now - this.#lastHeard;
    if (this.#answers && silent > OVERDUE_MS) void this.#look(silent > DEAD_AFTER_MS);
    this.#ports.ping(now);
  }

  /** Compares with the bytes at the last look; `judge`: nothing new since then means dead. */
  async #look(judge = false): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const timer = this.#timer;
    const before = this.#bytes;
    const bytes = await this.#ports.received().catch(() => before ?? 0);
    this.#looking = false;
    if (timer !== this.#timer || timer === undefined) return;
    // Something was heard while the answer was fetched.
    if (before !== undefined && this.#bytes === undefined) return;
    if (before !== undefined && bytes !== before) this.#lastHeard = Date.now();
    this.#bytes = bytes;
    if (judge && before !== undefined && bytes === before) {
      this.stop();
      this.#ports.dead();
    }
  }
}
