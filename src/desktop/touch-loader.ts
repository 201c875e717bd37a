/** Fingers on a desktop: what deals with them is loaded with the first, which waits until it is there. */
import type { TouchMode } from '../input/touch-pointer.ts';
import type { Finger } from '../input/touch-gestures.ts';
import type { Touch, TouchHost } from './touch.ts';

export type { TouchHost } from './touch.ts';

const TYPES: Readonly<Record<string, Finger['type']>> = {
  pointerdown: 'down',
  pointermove: 'move',
  pointerup: 'up',
  pointercancel: 'cancel',
};

export class TouchLoader {
  readonly #host: TouchHost;
  #touch: Touch | undefined;
  #loading = false;
  #early: Finger[] = [];
  #mode: TouchMode = 'direct';
  #disposed = false;
  #last: { x: number; y: number } | undefined;

  constructor(host: TouchHost) {
    this.#host = host;
  }

  get mode(): TouchMode {
    return this.#mode;
  }

  set mode(mode: TouchMode) {
    this.#mode = mode;
    if (this.#touch) this.#touch.mode = mode;
    else if (mode !== 'direct') this.load();
  }

  /** Where a finger came down last, on the page. */
  get last(): { x: number; y: number } | undefined {
    return this.#last;
  }

  handle(event: PointerEvent): void {
    const type = TYPES[event.type];
    if (!type) return;
    if (type === 'down') this.#last = { x: event.clientX, y: event.clientY };
    const finger: Finger = { type, id: event.pointerId, x: event.clientX, y: event.clientY, time: event.timeStamp };
    if (this.#touch) this.#touch.handle(finger);
    else {
      this.#early.push(finger);
      this.load();
    }
  }

  /** Where something else has put the pointer. */
  put(x: number, y: number): void {
    this.#touch?.put(x, y);
  }

  /** The picture or its cursor is another. */
  changed(): void {
    this.#touch?.changed();
  }

  reset(): void {
    this.#early = [];
    this.#touch?.reset();
  }

  load(): void {
    if (this.#loading) return;
    this.#loading = true;
    this.#load().catch(() => {
      // The next finger tries again; those before it are not where they were.
      this.#loading = false;
      this.#early = [];
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#touch?.dispose();
  }

  async #load(): Promise<void> {
    const { Touch } = await import('./touch.ts');
    if (this.#disposed) return;
    this.#touch = new Touch(this.#host);
    this.#touch.mode = this.#mode;
    for (const finger of this.#early.splice(0)) this.#touch.handle(finger);
  }
}
