/** What gestures mean to the session and to the view of it. Pure: who owns it does what it says. */
import { BUTTON } from './buttons.ts';
import type { Gesture } from './touch-gestures.ts';
import { acceleration, VirtualPointer, type Bounds } from './virtual-pointer.ts';
import { WheelClicks } from './wheel.ts';

/** The finger is the pointer, or it moves one as on a touchpad. */
export type TouchMode = 'direct' | 'trackpad';

export interface TouchPort {
  /** What of the framebuffer is shown, in its pixels. */
  readonly bounds: Bounds;
  /** Framebuffer pixels to a CSS pixel, as they are shown. */
  readonly ratio: number;
  /** The picture is larger than its place. */
  readonly larger: boolean;
  toDesktop(x: number, y: number): { x: number; y: number };
  /** Framebuffer coordinates and RFB's button mask. */
  point(x: number, y: number, buttons: number): void;
  click(x: number, y: number, button: number): void;
  /** `settled`: the fingers are gone. */
  zoom(factor: number, x: number, y: number, settled: boolean): void;
  pan(dx: number, dy: number): void;
  /** A finger is held, and will be a right click or a drag. */
  held(x: number, y: number): void;
  /** Where the trackpad's pointer is, to be drawn and kept in view; `undefined`: the finger is the pointer. */
  pointer(at: { x: number; y: number } | undefined): void;
}

type Of<Type extends Gesture['type']> = Extract<Gesture, { type: Type }>;

/** By the number of fingers that tapped. */
const TAPS: readonly (number | undefined)[] = [undefined, BUTTON.left, BUTTON.right, BUTTON.middle];

export class TouchPointer {
  readonly #port: TouchPort;
  readonly #pointer = new VirtualPointer();
  readonly #wheel = new WheelClicks();
  #mode: TouchMode = 'direct';
  /** Where the pointer is; it begins in the middle of what is shown. */
  #known: { x: number; y: number } | undefined;
  #last = { x: 0, y: 0 };
  #buttons = 0;

  constructor(port: TouchPort) {
    this.#port = port;
  }

  get mode(): TouchMode {
    return this.#mode;
  }

  set mode(mode: TouchMode) {
    this.release();
    this.#mode = mode;
    this.#pointer.put(this.#at.x, this.#at.y);
    this.#port.pointer(this.at);
  }

  get #at(): { x: number; y: number } {
    const { x, y, width, height } = this.#port.bounds;
    return this.#known ?? { x: x + Math.floor(width / 2), y: y + Math.floor(height / 2) };
  }

  /** The picture has another size. */
  changed(): void {
    if (this.#mode === 'trackpad' && this.#known === undefined) this.#pointer.put(this.#at.x, this.#at.y);
  }

  /** Where a trackpad's pointer is. */
  get at(): { x: number; y: number } | undefined {
    return this.#mode === 'trackpad' ? this.#at : undefined;
  }

  /** The pointer was moved by something else: a mouse, or the server. */
  put(x: number, y: number): void {
    this.#known = { x, y };
    if (this.#mode !== 'trackpad') return;
    this.#pointer.put(x, y);
    this.#port.pointer(this.#pointer.at);
  }

  release(): void {
    if (this.#buttons !== 0) this.#press(0);
    this.#wheel.reset();
  }

  handle(gesture: Gesture): void {
    switch (gesture.type) {
      case 'tap':
        this.#point(gesture);
        this.#click(TAPS[gesture.fingers]);
        return;
      case 'hold':
        this.#point(gesture);
        this.#port.held(gesture.x, gesture.y);
        return;
      case 'hold-tap':
        this.#click(BUTTON.right);
        return;
      case 'drag':
        if (this.#mode === 'direct') this.#drag(gesture);
        else this.#glide(gesture);
        return;
      case 'slide':
        this.#slide(gesture);
        return;
      case 'pinch':
        this.#port.pan(gesture.dx, gesture.dy);
        this.#port.zoom(gesture.factor, gesture.x, gesture.y, gesture.phase === 'end');
        return;
    }
  }

  #drag({ phase, x, y }: Of<'drag'>): void {
    if (phase === 'cancel') {
      this.release();
      return;
    }
    this.#known = this.#port.toDesktop(x, y);
    if (phase === 'start') this.#press(0);
    this.#press(phase === 'end' ? 0 : BUTTON.left);
  }

  /** A finger on the trackpad moves the pointer, and drags after a tap or after it rested. */
  #glide({ phase, x, y, held, again }: Of<'drag'>): void {
    if (phase === 'start') {
      this.#last = { x, y };
      if (held || again) this.#press(BUTTON.left);
    } else if (phase === 'move') {
      const [dx, dy] = [x - this.#last.x, y - this.#last.y];
      const by = acceleration(dx, dy) * this.#port.ratio;
      this.#last = { x, y };
      this.#moveBy(dx * by, dy * by);
      this.#press(this.#buttons);
    } else this.release();
  }

  /** Two fingers move a picture that is larger than its place, else the wheel; three always the wheel. */
  #slide({ phase, fingers, x, y, dx, dy }: Of<'slide'>): void {
    const moves = this.#mode === 'direct' && fingers === 2 && this.#port.larger;
    if (moves) {
      this.#port.pan(dx, dy);
      return;
    }
    if (phase === 'start') {
      this.#wheel.reset();
      this.#point({ x, y });
      return;
    }
    // The content goes with the fingers.
    const clicks = this.#wheel.add({ deltaX: -dx, deltaY: -dy, deltaMode: 0 });
    const turn = (count: number, button: number) => {
      for (let n = Math.abs(count); n > 0; n--) this.#click(button);
    };
    turn(clicks.y, clicks.y < 0 ? BUTTON.wheelUp : BUTTON.wheelDown);
    turn(clicks.x, clicks.x < 0 ? BUTTON.wheelLeft : BUTTON.wheelRight);
  }

  /** To where the finger is; the trackpad's pointer stays where it is. */
  #point({ x, y }: { x: number; y: number }): void {
    if (this.#mode === 'direct') this.#known = this.#port.toDesktop(x, y);
    this.#press(0);
  }

  #moveBy(dx: number, dy: number): void {
    if (this.#mode !== 'trackpad') return;
    this.#pointer.move(dx, dy, this.#port.bounds);
    this.#known = this.#pointer.at;
    this.#port.pointer(this.#known);
  }

  #press(buttons: number): void {
    this.#buttons = buttons;
    this.#port.point(this.#at.x, this.#at.y, buttons);
  }

  #click(button: number | undefined): void {
    if (button !== undefined) this.#port.click(this.#at.x, this.#at.y, button);
  }
}
