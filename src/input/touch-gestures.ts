/**
 * Fingers to gestures. Pure: it is told what fingers do and what time it is, says until when it has to be told the time
 * again (`deadline`), and knows neither the DOM nor what a gesture is good for.
 */

export interface Finger {
  readonly type: 'down' | 'move' | 'up' | 'cancel';
  readonly id: number;
  /** CSS pixels. */
  readonly x: number;
  readonly y: number;
  /** Milliseconds, by any clock that goes on. */
  readonly time: number;
}

export type Gesture =
  | { readonly type: 'tap'; readonly fingers: number; readonly x: number; readonly y: number }
  /** A finger rests; what follows is `hold-tap`, or a drag with `held`. */
  | { readonly type: 'hold' | 'hold-tap'; readonly x: number; readonly y: number }
  /** `again`: begun right after a tap, which is not told then. It starts where the finger came down. */
  | {
      readonly type: 'drag';
      readonly phase: 'start' | 'move' | 'end' | 'cancel';
      readonly x: number;
      readonly y: number;
      readonly held: boolean;
      readonly again: boolean;
    }
  /** Two or three fingers side by side. `x`, `y`: the middle between them; `dx`, `dy`: since the last. */
  | {
      readonly type: 'slide';
      readonly phase: 'start' | 'move' | 'end';
      readonly fingers: number;
      readonly x: number;
      readonly y: number;
      readonly dx: number;
      readonly dy: number;
    }
  | {
      readonly type: 'pinch';
      readonly phase: 'start' | 'move' | 'end';
      readonly x: number;
      readonly y: number;
      readonly dx: number;
      readonly dy: number;
      /** How much further apart the fingers are than at the last. */
      readonly factor: number;
    };

/** A finger that rests still moves by some pixels. */
const SLOP = 10;
const HOLD_MS = 500;
/** Fingers of one hand come down one after another. */
const JOIN_MS = 90;
/** From the first finger down to the last one up. */
const TAP_MS = 400;
/** A second tap this soon and this near is meant for the same place. */
const DOUBLE_MS = 350;
const DOUBLE_REACH = 28;
/** How long a tap waits for a drag to follow, where that means something. */
const TAP_WAIT_MS = 200;
/** Change of distance that makes a pinch of two fingers; further on, of two that were sliding. */
const PINCH = 18;
const LATE_PINCH = 56;
const MOST_FINGERS = 3;

type State = 'idle' | 'one' | 'held' | 'drag' | 'many' | 'slide' | 'pinch' | 'spent';

interface Point {
  x: number;
  y: number;
}

export class TouchGestures {
  /** Taps wait for a drag that may follow, as on a touchpad. */
  tapThenDrag = false;
  readonly #emit: (gesture: Gesture) => void;
  readonly #fingers = new Map<number, Point>();
  #state: State = 'idle';
  #deadline: number | undefined;
  /** The first finger. */
  #id = 0;
  #start: Point & { time: number } = { x: 0, y: 0, time: 0 };
  /** It has moved, and it may yet turn out to be one of several. */
  #moved = false;
  #most = 0;
  #lifted = false;
  /** Fingers that have moved since all of them were looked at. */
  readonly #reported = new Set<number>();
  #again = false;
  #held = false;
  #waiting: Point | undefined;
  #lastTap: (Point & { time: number }) | undefined;
  /** Of several fingers: where they were at first and at last. */
  #first = { x: 0, y: 0, spread: 0 };
  #last = { x: 0, y: 0, spread: 0 };

  constructor(emit: (gesture: Gesture) => void) {
    this.#emit = emit;
  }

  /** When `tick` has to be called, unless something happens before. */
  get deadline(): number | undefined {
    return this.#deadline;
  }

  handle(finger: Finger): void {
    // Timers of a busy page are late.
    this.tick(finger.time);
    if (finger.type === 'down') this.#down(finger);
    else if (this.#fingers.has(finger.id)) {
      if (finger.type === 'move') this.#move(finger);
      else this.#up(finger);
    }
  }

  tick(now: number): void {
    if (this.#deadline === undefined || now < this.#deadline) return;
    this.#deadline = undefined;
    if (this.#state === 'idle') this.#tapNow();
    else if (this.#state !== 'one') return;
    else if (this.#moved) this.#beginDrag();
    else {
      this.#tapNow();
      this.#state = 'held';
      this.#emit({ type: 'hold', x: this.#start.x, y: this.#start.y });
    }
  }

  /** What is going on is over, without its end. */
  reset(): void {
    this.#cancel();
    this.#fingers.clear();
    this.#waiting = undefined;
    this.#deadline = undefined;
    this.#state = 'idle';
  }

  #down({ id, x, y, time }: Finger): void {
    this.#fingers.set(id, { x, y });
    this.#most = Math.max(this.#most, this.#fingers.size);
    this.#reported.clear();
    switch (this.#state) {
      case 'idle':
        this.#id = id;
        this.#start = { x, y, time };
        this.#moved = false;
        this.#lifted = false;
        this.#most = 1;
        this.#again = this.#waiting !== undefined && near(this.#waiting, { x, y });
        if (!this.#again) this.#tapNow();
        this.#state = 'one';
        this.#deadline = time + HOLD_MS;
        return;
      case 'one':
      case 'held':
      case 'many':
        this.#tapNow();
        this.#deadline = undefined;
        this.#state = this.#fingers.size > MOST_FINGERS ? 'spent' : 'many';
        this.#first = this.#middle();
        this.#last = this.#first;
        return;
      case 'slide':
      case 'pinch':
        // Another finger moves the middle between them, and nothing else.
        this.#last = this.#middle();
        return;
      case 'drag':
      case 'spent':
        return;
    }
  }

  #move({ id, x, y, time }: Finger): void {
    this.#fingers.set(id, { x, y });
    switch (this.#state) {
      case 'one':
      case 'held':
        if (distance(this.#start, { x, y }) <= SLOP) return;
        if (this.#state === 'one' && time - this.#start.time < JOIN_MS) {
          this.#moved = true;
          this.#deadline = this.#start.time + JOIN_MS;
        } else this.#beginDrag();
        return;
      case 'drag':
        if (id === this.#id) this.#drag('move', x, y);
        return;
      case 'many':
      case 'slide':
      case 'pinch':
        if (this.#complete(id)) this.#together();
        return;
      case 'idle':
      case 'spent':
        return;
    }
  }

  /** What the fingers' moves since the last time make. */
  #together(): void {
    this.#reported.clear();
    if (this.#state !== 'many') this.#go();
    else if (!this.#lifted) this.#decide();
  }

  /** Each finger's move is an event of its own: between them, fingers side by side seem to part. */
  #complete(id: number): boolean {
    const again = this.#reported.has(id);
    this.#reported.add(id);
    return again || this.#reported.size >= this.#fingers.size;
  }

  #up({ id, type, x, y, time }: Finger): void {
    const cancelled = type === 'cancel';
    if (cancelled) this.#cancel();
    else if (this.#reported.size > 0 && /many|slide|pinch/.test(this.#state)) this.#together();
    this.#fingers.delete(id);
    this.#reported.delete(id);
    switch (this.#state) {
      case 'one':
        this.#deadline = undefined;
        if (this.#moved) {
          // A flick, over before it was known to be of one finger.
          this.#beginDrag({ x, y });
          this.#drag('end', x, y);
        } else this.#tapped(1, time);
        break;
      case 'held':
        this.#emit({ type: 'hold-tap', x: this.#start.x, y: this.#start.y });
        break;
      case 'drag':
        if (id !== this.#id) return;
        this.#drag('end', x, y);
        break;
      case 'many':
        this.#lifted = true;
        if (this.#fingers.size > 0) return;
        if (time - this.#start.time <= TAP_MS) this.#tapped(this.#most, time);
        break;
      case 'slide':
      case 'pinch':
        if (this.#fingers.size >= 2) {
          this.#last = this.#middle();
          return;
        }
        this.#end();
        break;
      case 'idle':
      case 'spent':
        break;
    }
    this.#state = this.#fingers.size === 0 ? 'idle' : 'spent';
  }

  /** The system took the fingers: what was begun is over. */
  #cancel(): void {
    if (this.#state === 'drag') {
      const { x, y } = this.#fingers.get(this.#id) ?? this.#start;
      this.#drag('cancel', x, y);
    } else if (this.#state === 'slide' || this.#state === 'pinch') this.#end();
    if (this.#state !== 'idle') {
      this.#deadline = undefined;
      this.#waiting = undefined;
      this.#state = 'spent';
    }
  }

  #beginDrag(at = this.#fingers.get(this.#id) ?? this.#start): void {
    const held = this.#state === 'held';
    this.#waiting = undefined;
    this.#deadline = undefined;
    this.#state = 'drag';
    this.#held = held;
    this.#drag('start', this.#start.x, this.#start.y);
    this.#drag('move', at.x, at.y);
  }

  #drag(phase: 'start' | 'move' | 'end' | 'cancel', x: number, y: number): void {
    this.#emit({ type: 'drag', phase, x, y, held: this.#held, again: this.#again });
  }

  #tapped(fingers: number, time: number): void {
    let at: Point = { x: this.#start.x, y: this.#start.y };
    if (fingers > 1) {
      this.#emit({ type: 'tap', fingers, ...at });
      return;
    }
    const last = this.#lastTap;
    // Programs take two clicks for a double click only where they are at one place.
    if (last && this.#start.time - last.time < DOUBLE_MS && near(last, at)) at = { x: last.x, y: last.y };
    this.#lastTap = { ...at, time };
    const second = this.#waiting !== undefined;
    this.#tapNow();
    if (this.tapThenDrag && !second) {
      this.#waiting = at;
      this.#deadline = time + TAP_WAIT_MS;
    } else this.#emit({ type: 'tap', fingers: 1, ...at });
  }

  /** A tap that waited for a drag is one. */
  #tapNow(): void {
    const at = this.#waiting;
    this.#waiting = undefined;
    if (at) this.#emit({ type: 'tap', fingers: 1, x: at.x, y: at.y });
  }

  #decide(): void {
    const now = this.#middle();
    const fingers = this.#fingers.size;
    if (Math.abs(now.spread - this.#first.spread) > PINCH) {
      this.#begin('pinch', fingers);
    } else if (distance(now, this.#first) > SLOP) {
      this.#begin('slide', fingers);
    }
  }

  #begin(type: 'slide' | 'pinch', fingers: number): void {
    this.#state = type;
    this.#most = fingers;
    const { x, y } = this.#last;
    if (type === 'slide') this.#emit({ type, phase: 'start', fingers, x, y, dx: 0, dy: 0 });
    else this.#emit({ type, phase: 'start', x, y, dx: 0, dy: 0, factor: 1 });
    this.#go();
  }

  #go(): void {
    const { x, y, spread } = this.#middle();
    const last = this.#last;
    if (this.#state === 'slide' && Math.abs(spread - this.#first.spread) > LATE_PINCH) {
      this.#end();
      this.#begin('pinch', this.#most);
      return;
    }
    const moved = { x, y, dx: x - last.x, dy: y - last.y };
    this.#last = { x, y, spread };
    if (this.#state === 'slide') this.#emit({ type: 'slide', phase: 'move', fingers: this.#most, ...moved });
    else {
      const factor = last.spread > 0 && spread > 0 ? spread / last.spread : 1;
      this.#emit({ type: 'pinch', phase: 'move', ...moved, factor });
    }
  }

  #end(): void {
    const { x, y } = this.#last;
    if (this.#state === 'slide') {
      this.#emit({ type: 'slide', phase: 'end', fingers: this.#most, x, y, dx: 0, dy: 0 });
    } else this.#emit({ type: 'pinch', phase: 'end', x, y, dx: 0, dy: 0, factor: 1 });
  }

  /** The middle between the fingers, and how far they are from it. */
  #middle(): Point & { spread: number } {
    const all = [...this.#fingers.values()];
    const x = all.reduce((sum, one) => sum + one.x, 0) / all.length;
    const y = all.reduce((sum, one) => sum + one.y, 0) / all.length;
    const spread = (2 * all.reduce((sum, one) => sum + distance(one, { x, y }), 0)) / all.length;
    return { x, y, spread };
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function near(a: Point, b: Point): boolean {
  return distance(a, b) <= DOUBLE_REACH;
}
