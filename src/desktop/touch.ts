/** Fingers on one desktop: gestures, what they mean, and what is drawn for them. Loaded with the first finger. */
import type { Input } from '../input/input.ts';
import { TouchGestures, type Finger } from '../input/touch-gestures.ts';
import { TouchPointer, type TouchMode } from '../input/touch-pointer.ts';
import type { CursorShape } from './cursor.ts';
import type { Picture } from './picture.ts';
import { PointerImage } from './pointer-image.ts';

/** What it is given of the desktop. */
export interface TouchHost {
  readonly element: HTMLElement;
  readonly input: Input;
  readonly picture: Pick<Picture, 'canvas' | 'part' | 'zoom'>;
  readonly cursor: CursorShape | undefined;
}

/** CSS pixels around the trackpad's pointer that are kept in view. */
const ROOM = 48;
const HELD_MS = 12;
const RING = 56;

export class Touch {
  readonly #host: TouchHost;
  readonly #gestures: TouchGestures;
  readonly #pointer: TouchPointer;
  readonly #image: PointerImage;
  readonly #ring: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: TouchHost) {
    this.#host = host;
    const { element, input, picture } = host;
    const { canvas, zoom } = picture;
    this.#image = new PointerImage(element.ownerDocument);
    this.#ring = element.ownerDocument.createElement('div');
    Object.assign(this.#ring.style, {
      position: 'fixed',
      boxSizing: 'border-box',
      width: `${RING}px`,
      height: `${RING}px`,
      border: '3px solid #4f9cf9',
      borderRadius: '50%',
      boxShadow: '0 0 0 1px rgb(0 0 0 / 40%)',
      pointerEvents: 'none',
      zIndex: '1',
    } satisfies Partial<CSSStyleDeclaration>);
    this.#ring.hidden = true;
    canvas.style.gridArea = '1 / 1';
    element.append(this.#image.element, this.#ring);

    this.#pointer = new TouchPointer({
      get bounds() {
        return picture.part;
      },
      get ratio() {
        const { width } = canvas.getBoundingClientRect();
        return width > 0 ? picture.part.width / width : 1;
      },
      get larger() {
        return zoom.larger;
      },
      toDesktop: (x, y) => input.toDesktop(x, y),
      point: (x, y, buttons) => input.point(x, y, buttons),
      click: (x, y, button) => input.click(x, y, button),
      zoom: (factor, x, y, settled) => zoom.by(factor, x, y, settled),
      pan: (dx, dy) => zoom.pan(dx, dy),
      held: (x, y) => this.#held(x, y),
      pointer: (at) => this.#show(at),
    });
    this.#gestures = new TouchGestures((gesture) => {
      this.#ring.hidden = true;
      this.#pointer.handle(gesture);
    });
    this.changed();
  }

  set mode(mode: TouchMode) {
    this.#gestures.tapThenDrag = mode === 'trackpad';
    this.#pointer.mode = mode;
  }

  handle(finger: Finger): void {
    this.#gestures.handle(finger);
    this.#wait();
  }

  put(x: number, y: number): void {
    this.#pointer.put(x, y);
  }

  changed(): void {
    const { cursor, picture } = this.#host;
    this.#image.shape = cursor;
    this.#pointer.changed();
    this.#image.move(this.#pointer.at, picture.part);
  }

  reset(): void {
    this.#gestures.reset();
    this.#pointer.release();
    this.#ring.hidden = true;
    this.#wait();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#image.element.remove();
    this.#ring.remove();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const { deadline } = this.#gestures;
    if (deadline === undefined) return;
    // Events carry the time since the page began, and so does this clock.
    this.#timer = setTimeout(
      () => {
        this.#gestures.tick(Math.max(deadline, performance.now()));
        this.#wait();
      },
      Math.max(0, deadline - performance.now()),
    );
  }

  #held(x: number, y: number): void {
    if (!this.#host.input.enabled) return;
    this.#ring.style.left = `${x - RING / 2}px`;
    this.#ring.style.top = `${y - RING / 2}px`;
    this.#ring.hidden = false;
    // Safari has no such thing.
    navigator.vibrate?.(HELD_MS);
  }

  #show(at: { x: number; y: number } | undefined): void {
    const { part, canvas, zoom } = this.#host.picture;
    this.#image.move(at, part);
    if (!at || !zoom.larger) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const x = left + ((at.x - part.x) / part.width) * width;
    const y = top + ((at.y - part.y) / part.height) * height;
    zoom.reveal(x, y, ROOM);
  }
}
