/** The windows of a rootless session, which lives until its last one has closed. */
import type { SessionWindow } from '../../src/contract/socket.ts';
import { type WindowWatch, watchWindows } from './windows.ts';

export interface WindowEvents {
  changed(windows: readonly SessionWindow[]): void;
  /** Nobody counts windows any more. */
  lost(): void;
}

export class SessionWindows {
  readonly #events: WindowEvents;
  #watch: WindowWatch | undefined;
  #stopped = false;
  /** Windows are counted, or will be in a moment. */
  watching = false;
  list: readonly SessionWindow[] = [];
  /** There has been one. */
  seen = false;

  constructor(events: WindowEvents) {
    this.#events = events;
  }

  get count(): number {
    return this.list.length;
  }

  start(display: number, cookie: Buffer): void {
    this.watching = true;
    const lost = () => {
      this.#watch = undefined;
      this.watching = false;
      this.#events.lost();
    };
    const changed = (windows: readonly SessionWindow[]) => {
      this.list = windows;
      if (windows.length > 0) this.seen = true;
      this.#events.changed(windows);
    };
    watchWindows(display, cookie, changed, lost).then((watch) => {
      if (this.#stopped) watch.stop();
      else this.#watch = watch;
      return watch;
    }, lost);
  }

  /** A window that is not there (any more) is nothing to act on. */
  act(id: number, action: 'raise' | 'close'): void {
    this.#watch?.act(id, action);
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.stop();
  }
}
