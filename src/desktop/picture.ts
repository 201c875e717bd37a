/**
 * The picture on its element: which part of the framebuffer it is, how large it is shown, and which size is asked for so
 * that both agree. Owns the canvas and the sizes; paints nothing.
 */
import { areasShown, type Area } from '../screen/client.ts';
import { ElementSize } from './element-size.ts';
import { pictureSize, possibleRatio, wantedSize, type Scaling, type Size } from './geometry.ts';
import { Panning } from './panning.ts';
import { Resizer, type Wish } from './resizer.ts';
import type { SecondScreen } from './second-screen.ts';
import { Zoom } from './zoom.ts';

export interface PictureOptions {
  readonly scaling: Scaling;
  readonly sharp: boolean;
  readonly viewOnly: boolean;
  /** Asks the server for a size. */
  readonly ask: (wish: Wish) => void;
  /** It may be of another size, or in another place. */
  readonly onPlaced: () => void;
  /** Another part of it lies under a pointer that rests. */
  readonly onPanned: () => void;
  readonly onRatio: (ratio: number) => void;
}

/** CSS pixels around what was touched last that are kept in view. */
const REVEALED = 64;

export class Picture {
  readonly canvas: HTMLCanvasElement;
  readonly zoom: Zoom;
  readonly #element: HTMLElement;
  readonly #options: PictureOptions;
  readonly #resizer: Resizer;
  readonly #panning: Panning;
  readonly #size: ElementSize;
  #framebuffer: Size = { width: 0, height: 0 };
  #screens: readonly Area[] = [];
  #part: Area = { x: 0, y: 0, width: 0, height: 0 };
  #second: SecondScreen | undefined;
  #elementSize: Size = { width: 0, height: 0 };
  #ratio = 1;
  #scaling: Scaling;
  #sharp: boolean;
  #viewOnly: boolean;
  #fixedSize: Size | undefined;
  #lastWish = '';
  /** In CSS pixels. */
  #width = 0;

  /** `element` gets the canvas. Call `place` once what it tells can be heard. */
  constructor(element: HTMLElement, options: PictureOptions) {
    this.#element = element;
    this.#options = options;
    this.#scaling = options.scaling;
    this.#sharp = options.sharp;
    this.#viewOnly = options.viewOnly;
    element.style.display = 'grid';
    element.style.placeContent = 'safe center';
    this.canvas = element.ownerDocument.createElement('canvas');
    this.canvas.style.display = 'block';
    element.append(this.canvas);
    this.#resizer = new Resizer(options.ask);
    this.#panning = new Panning(element, options.onPanned);
    this.zoom = new Zoom(element, this.canvas, () => this.place());
    this.#size = new ElementSize(element, () => this.place());
  }

  /** The framebuffer's size. */
  get framebuffer(): Size {
    return this.#framebuffer;
  }

  /** What of the framebuffer it shows. */
  get part(): Area {
    return this.#part;
  }

  /** CSS pixels to a framebuffer pixel. */
  get scale(): number {
    return this.#part.width > 0 ? this.#width / this.#part.width : 1;
  }

  /** Framebuffer pixels to a CSS pixel, as they are asked for. */
  get ratio(): number {
    return this.#ratio;
  }

  /** Framebuffer pixels to a CSS pixel, as they are shown. */
  get shownRatio(): number {
    const { width } = this.canvas.getBoundingClientRect();
    return width > 0 && this.#part.width > 0 ? this.#part.width / width : this.#ratio;
  }

  get scaling(): Scaling {
    return this.#scaling;
  }

  set scaling(scaling: Scaling) {
    this.#scaling = scaling;
    this.#fixedSize = undefined;
    this.place();
  }

  get sharp(): boolean {
    return this.#sharp;
  }

  set sharp(sharp: boolean) {
    this.#sharp = sharp;
    this.place();
  }

  /** Asks for no size, and may make the picture larger than its pixels are. */
  set viewOnly(viewOnly: boolean) {
    this.#viewOnly = viewOnly;
    this.place();
  }

  /** The session's right half is there. */
  set second(second: SecondScreen | undefined) {
    this.#second = second;
    this.place();
  }

  get canPan(): boolean {
    return this.#panning.possible;
  }

  /** In parts of what is seen. */
  pan(x: number, y: number): void {
    this.#panning.by(x, y);
  }

  /** Keeps this size whatever the element's is, until `scaling` is set. */
  keep(size: Size): void {
    this.#fixedSize = wantedSize(size, 1);
    this.place();
  }

  /** So many CSS pixels at the bottom are covered: `seen` stays in view, a point of the page. */
  cover(pixels: number, seen: { readonly x: number; readonly y: number } | undefined): void {
    const padding = pixels > 0 ? `${pixels}px` : '';
    if (this.#element.style.paddingBottom === padding) return;
    this.#element.style.paddingBottom = padding;
    if (pixels > 0 && seen) this.zoom.reveal(seen.x, seen.y, REVEALED);
  }

  /** The server can change the framebuffer's size. */
  set resizable(resizable: boolean) {
    this.#resizer.possible = resizable;
  }

  /** The framebuffer of a new connection. */
  begin(framebuffer: Size): void {
    this.changed(framebuffer, [], false, false);
  }

  /** The framebuffer is like this now; `answered`: because it was asked for; `refused`: it stayed as it was. */
  changed({ width, height }: Size, screens: readonly Area[], answered: boolean, refused: boolean): void {
    this.#framebuffer = { width, height };
    this.#screens = screens;
    this.#resizer.changed({ width, height, layout: screens }, answered, refused);
    this.place();
  }

  /** There is no connection (any more). What is shown stays. */
  end(): void {
    this.#resizer.reset();
  }

  /** Places the picture for the element's present size and says which size is wished for. */
  place(): void {
    const { width, height } = this.#size.css;
    const ratio = this.#sharp ? possibleRatio({ width, height }, this.#size.ratio) : 1;
    const ratioChanged = ratio !== this.#ratio;
    const elementChanged = width !== this.#elementSize.width || height !== this.#elementSize.height || ratioChanged;
    this.#elementSize = { width, height };
    this.#ratio = ratio;
    const [part, right] = areasShown(this.#framebuffer, this.#screens, this.#second !== undefined);
    this.#part = part;
    this.#second?.show(right);
    const scaling = this.#fixedSize ? 'fit' : this.#scaling;
    this.#element.style.overflow = scaling === 'none' ? 'auto' : 'hidden';
    this.#panning.enabled = scaling === 'none';
    const picture = pictureSize(part, this.#elementSize, scaling, ratio, this.#viewOnly ? Math.max(1, ratio) : 1);
    const { factor } = this.zoom;
    this.#width = picture.width * factor;
    this.canvas.style.width = `${picture.width * factor}px`;
    this.canvas.style.height = `${picture.height * factor}px`;
    // Sharp pixels where none has to be made up, smooth ones where the picture is scaled.
    const whole = Math.abs(picture.width * this.#size.ratio - part.width) < 0.5 || picture.width === part.width;
    this.canvas.style.imageRendering = whole && factor === 1 ? 'pixelated' : 'auto';
    this.#options.onPlaced();
    this.#wish(elementChanged);
    if (ratioChanged) this.#options.onRatio(ratio);
  }

  dispose(): void {
    this.#panning.dispose();
    this.#size.dispose();
    this.#resizer.dispose();
    this.canvas.remove();
  }

  #wish(elementChanged: boolean): void {
    const wish = this.#wished();
    const wished = JSON.stringify(wish ?? '');
    if (wished === this.#lastWish && !elementChanged) return;
    this.#lastWish = wished;
    this.#resizer.want(wish);
  }

  #wished(): Wish | undefined {
    const follows = this.#scaling === 'remote' || this.#fixedSize || this.#second;
    if (this.#viewOnly || !follows) return undefined;
    const exact = this.#sharp && this.#ratio === this.#size.ratio;
    const own =
      this.#fixedSize ?? (exact ? wantedSize(this.#size.device, 1) : wantedSize(this.#elementSize, this.#ratio));
    return own && this.#second ? this.#second.beside(own, this.#sharp) : own;
  }
}
