/** Wheel events to clicks of the RFB wheel buttons, with the rest of a click carried to the next event. */

/** Pixels of a touchpad that make one click; programs scroll about as far by one. */
const PIXELS_PER_CLICK = 50;
/** What browsers report for one notch of a wheel, in lines. */
const LINES_PER_CLICK = 3;
/** `wheelDelta` of one notch, on every system. */
const NOTCH = 120;
/** `wheelDelta` of one pixel, where it was made up from pixels. */
const PER_PIXEL = 3;
/** One event of a spinning wheel must not flood the session. */
const MAX_CLICKS = 12;

const LINE_MODE = 1;
const PAGE_MODE = 2;

export interface WheelInfo {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  /** What the wheel turned by, 120 to a notch; of touchpads three times the pixels, as Chromium and Safari have it. */
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
}

export class WheelClicks {
  #restX = 0;
  #restY = 0;

  /** Whole clicks: positive is right and down. */
  add(event: WheelInfo): { x: number; y: number } {
    const x = carry(this.#restX, clicks(event.deltaX, event.deltaMode, event.wheelDeltaX));
    const y = carry(this.#restY, clicks(event.deltaY, event.deltaMode, event.wheelDeltaY));
    this.#restX = x.rest;
    this.#restY = y.rest;
    return { x: x.whole, y: y.whole };
  }

  reset(): void {
    this.#restX = 0;
    this.#restY = 0;
  }
}

function clicks(delta: number, mode: number, wheelDelta: number | undefined): number {
  if (mode === PAGE_MODE) return delta * MAX_CLICKS;
  if (mode === LINE_MODE) return delta / LINES_PER_CLICK;
  // A wheel that turns in small steps tells parts of a notch, whatever pixels the system makes of them.
  if (wheelDelta && Math.abs(wheelDelta + PER_PIXEL * delta) > 1) return -wheelDelta / NOTCH;
  return delta / PIXELS_PER_CLICK;
}

/** A turn into the other direction does not first have to undo what was left of the old one. */
function carry(rest: number, add: number): { whole: number; rest: number } {
  const sum = rest !== 0 && add !== 0 && Math.sign(rest) !== Math.sign(add) ? add : rest + add;
  // Ten tenths are a whole, though not to the last bit.
  const whole = Math.trunc(sum + Math.sign(sum) * 1e-9);
  return { whole: Math.max(-MAX_CLICKS, Math.min(MAX_CLICKS, whole)), rest: sum - whole };
}
