/** The windows of a rootless session, which lives until its last one has closed. */
import { type WindowWatch, watchWindows } from './windows.ts';

export interface WindowEvents {
  changed(count: number): void;
  /** Nobody counts windows any more. */
  lost(): void;
}

export class SessionWindows {
  readonly #events: WindowEvents;
  #watch: WindowWatch | undefined;
  #stopped = false;
  /** Windows are counted, or will be in a moment. */
  watching = false;
  count = 0;
  /** There has been one. */
  seen = false;

  constructor(events: WindowEvents) {
    this.#events = events;
  }

  start(display: number, cookie: Buffer): void {
    this.watching = true;
    const lost = () => {
      this.#watch = undefined;
      this.watching = false;
      this.#events.lost();
    };
    const changed = (count: number) => {
      this.count = count;
      if (count > 0) this.seen = true;
      this.#events.changed(count);
    };
    watchWindows(display, cookie, changed, lost).then((watch) => {
      if (this.#stopped) watch.stop();
      else this.#watch = watch;
      return watch;
    }, lost);
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.stop();
  }
}
