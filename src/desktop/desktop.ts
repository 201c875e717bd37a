/**
 * One remote desktop on one element: a screen and the input for it. Speaks to any RFB server; knows nothing of portals,
 * tickets or messages beside the picture. Several may live on one page.
 */
import type { ArmedKey, KeyMode } from '../input/keyboard.ts';
import type { LeaveKeyName } from '../input/leave-key.ts';
import { COMBOS, type ComboName } from '../input/combos.ts';
import { Input } from '../input/input.ts';
import type { Leds } from '../input/locks.ts';
import type { InputSink } from '../input/pressed.ts';
import type { TouchMode } from '../input/touch-pointer.ts';
import type { TextField } from '../input/text-field.ts';
import {
  areasShown,
  ScreenClient,
  type Area,
  type OpenOptions,
  type ScreenEvent,
  type ServerKey,
  type Screenshot,
  type ScreenStats,
} from '../screen/client.ts';
import { CursorCache, type CursorShape } from './cursor.ts';
import { ElementSize } from './element-size.ts';
import {
  pictureSize,
  possibleRatio,
  sideBySide,
  toFramebuffer,
  wantedSize,
  type Scaling,
  type Size,
} from './geometry.ts';
import { Panning } from './panning.ts';
import { Resizer, type Wish } from './resizer.ts';
import { SecondScreen } from './second-screen.ts';
import { TouchLoader, type TouchHost } from './touch-loader.ts';
import { Zoom } from './zoom.ts';
import type { PointerLock } from './pointer-lock.ts';

export type { Scaling } from './geometry.ts';

/** What a desktop needs of its screen. */
export type ScreenPort = Pick<
  ScreenClient,
  | 'open'
  | 'close'
  | 'key'
  | 'pointer'
  | 'resize'
  | 'second'
  | 'sendText'
  | 'clipboard'
  | 'answerServerKey'
  | 'refresh'
  | 'setViewOnly'
  | 'setQuality'
  | 'screenshot'
  | 'stats'
  | 'dispose'
>;

export interface DesktopOptions {
  readonly onEvent?: (event: ScreenEvent) => void;
  /** Default `remote`: the session follows the element's size. */
  readonly scaling?: Scaling;
  /** Framebuffer pixels are the device's own, not the page's; default false. Programs in the session draw smaller then. */
  readonly sharp?: boolean;
  /** There are more or fewer framebuffer pixels to a CSS pixel than before: browser zoom, another monitor, `sharp`. */
  readonly onRatio?: (ratio: number) => void;
  /** Sends no input and asks for no size. */
  readonly viewOnly?: boolean;
  /** What a screen reader calls the desktop. */
  readonly label?: string;
  /** The keys that lead out of it were let go of: the keyboard is to leave the desktop. */
  readonly onLeave?: () => void;
  /** Modifiers that wait for the next key have changed. */
  readonly onArmed?: () => void;
  /** A key writes what it does not on the layout that `keysAs` named. */
  readonly onOtherLayout?: (code: string, key: string) => void;
  /** The mouse is held by the desktop now, or no longer. */
  readonly onPointerLock?: (locked: boolean) => void;
  /** A button was pressed and let go of. */
  readonly onClicked?: () => void;
  /** A better way than keys for text that no key has; false: not now. */
  readonly typeText?: (text: string) => boolean;
  /** Whether a foreign server with this key is the right one; absent: none is that `open` did not name. */
  readonly verifyServer?: (key: ServerKey) => boolean | Promise<boolean>;
  /** What the browser has on its clipboard as its key for pasting is pressed; the key is sent once that settles. */
  readonly onPaste?: (data: DataTransfer) => Promise<unknown>;
  readonly createScreen?: (canvas: HTMLCanvasElement, onEvent: (event: ScreenEvent) => void) => ScreenPort;
}

/** The buttons of a mouse, without its wheel. */
const CLICKS = 7;
/** CSS pixels around what was touched last that are kept in view. */
const REVEALED = 64;

export class Desktop {
  readonly element: HTMLElement;
  readonly #options: DesktopOptions;
  readonly #canvas: HTMLCanvasElement;
  readonly #screen: ScreenPort;
  readonly #input: Input;
  readonly #resizer: Resizer;
  readonly #size: ElementSize;
  readonly #panning: Panning;
  readonly #cursors = new CursorCache();
  readonly #zoom: Zoom;
  readonly #touch: TouchLoader;
  #lock: PointerLock | undefined;
  #framebuffer: Size = { width: 0, height: 0 };
  #screens: readonly Area[] = [];
  /** What of the framebuffer is on this element. */
  #part: Area = { x: 0, y: 0, width: 0, height: 0 };
  #second: SecondScreen | undefined;
  #elementSize: Size = { width: 0, height: 0 };
  #ratio = 1;
  #sharp: boolean;
  #fixedSize: Size | undefined;
  #lastWish = '';
  #scaling: Scaling;
  #viewOnly: boolean;
  #quality: Pick<OpenOptions, 'quality' | 'compression'> = {};
  #connected = false;
  #buttons = 0;
  #cursor: CursorShape | undefined;
  /** In CSS pixels. */
  #pictureWidth = 0;
  #keysAs: Parameters<Input['keysAs']> = ['both'];
  #leds: Leds | undefined;
  #disposed = false;

  /** Takes over `element`: its size is the desktop's, its content a canvas. The worker and the decoder load at once. */
  constructor(element: HTMLElement, options: DesktopOptions = {}) {
    this.element = element;
    this.#options = options;
    this.#scaling = options.scaling ?? 'remote';
    this.#viewOnly = options.viewOnly ?? false;
    this.#sharp = options.sharp ?? false;

    // The field inside has the keyboard; it is the stop on the way of the Tab key.
    element.tabIndex = -1;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-label', options.label ?? 'Remote desktop');
    element.style.outline = 'none';
    element.style.touchAction = 'none';
    element.style.display = 'grid';
    element.style.placeContent = 'safe center';
    this.#canvas = element.ownerDocument.createElement('canvas');
    this.#canvas.style.display = 'block';
    element.append(this.#canvas);

    const create = options.createScreen ?? ((canvas, onEvent) => new ScreenClient(canvas, onEvent));
    this.#screen = create(this.#canvas, (event) => this.#onEvent(event));
    this.#resizer = new Resizer(({ width, height, layout }) => this.#screen.resize(width, height, layout));
    this.#panning = new Panning(element, () => {
      if (this.#buttons === 0) this.#input.tellPointer();
    });
    this.#input = new Input(element, {
      ...this.#inputOptions(),
      toDesktop: (x, y) => this.#lock?.at ?? toFramebuffer({ x, y }, this.#canvas.getBoundingClientRect(), this.#part),
      onTouch: (event) => this.#touch.handle(event),
    });
    this.#input.enabled = false;
    this.#zoom = new Zoom(element, this.#canvas, () => this.#layout());
    this.#touch = new TouchLoader(this.#touchHost());
    this.#size = new ElementSize(element, () => this.#layout());
    this.#layout();
  }

  readonly #sink: InputSink = {
    key: (down, keysym, xtCode) => this.#screen.key(down, keysym, xtCode),
    pointer: (x, y, buttons) => {
      const before = this.#buttons;
      this.#buttons = buttons;
      this.#screen.pointer(x, y, buttons);
      if ((before & ~buttons & CLICKS) !== 0) this.#options.onClicked?.();
    },
    text: (text) => this.#options.typeText?.(text) ?? false,
  };

  #inputOptions() {
    const { label, onLeave, onArmed, onOtherLayout, onPaste } = this.#options;
    return {
      sink: this.#sink,
      onLeave: () => onLeave?.(),
      onArmed: () => onArmed?.(),
      onOtherLayout: (code: string, key: string) => onOtherLayout?.(code, key),
      ...(onPaste ? { onPaste } : {}),
      ...(label === undefined ? {} : { label }),
    };
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The framebuffer's size; 0 × 0 before the first connection. */
  get size(): Size {
    return this.#framebuffer;
  }

  get scaling(): Scaling {
    return this.#scaling;
  }

  set scaling(scaling: Scaling) {
    this.#scaling = scaling;
    this.#fixedSize = undefined;
    this.#layout();
  }

  get viewOnly(): boolean {
    return this.#viewOnly;
  }

  set viewOnly(viewOnly: boolean) {
    if (viewOnly !== this.#viewOnly) this.#screen.setViewOnly(viewOnly);
    this.#viewOnly = viewOnly;
    this.#enableInput();
    this.#showCursor();
    this.#layout();
  }

  get sharp(): boolean {
    return this.#sharp;
  }

  set sharp(sharp: boolean) {
    this.#sharp = sharp;
    this.#layout();
  }

  /** Framebuffer pixels to a CSS pixel, as they are asked for. */
  get ratio(): number {
    return this.#ratio;
  }

  /** Framebuffer pixels to a CSS pixel, as they are shown: also where the picture is scaled to the element. */
  get shownRatio(): number {
    const width = this.#canvas.getBoundingClientRect().width;
    return width > 0 && this.#part.width > 0 ? this.#part.width / width : this.#ratio;
  }

  /** The picture is larger than the element. */
  get canPan(): boolean {
    return this.#panning.possible;
  }

  /** In parts of what is seen: 0.5 is half a view to the right or down. */
  pan(x: number, y: number): void {
    this.#panning.by(x, y);
  }

  /**
   * Makes `element`, also of another window of this origin, a second screen to the right of this one, until the function
   * that is returned is called. Throws where the browser cannot do it. There is one at most.
   */
  addScreen(element: HTMLElement): () => void {
    if (this.#second) throw new TypeError('there is a second screen already');
    const second = new SecondScreen(element, { ...this.#inputOptions(), onChange: () => this.#layout() });
    second.input.keysAs(...this.#keysAs);
    second.input.leaveKey = this.#input.leaveKey;
    if (this.#leds) second.input.leds(this.#leds);
    try {
      this.#screen.second(second.canvas);
    } catch (error) {
      second.dispose();
      throw error;
    }
    this.#second = second;
    this.#enableInput();
    this.#layout();
    return () => {
      if (this.#second !== second) return;
      this.#second = undefined;
      second.dispose();
      if (this.#disposed) return;
      this.#screen.second(null);
      this.#layout();
    };
  }

  /** Connects, ending what was connected before. The last picture stays until the new one comes. */
  open(options: OpenOptions): void {
    if (this.#disposed) return;
    for (const input of this.#inputs()) input.forget();
    this.#resizer.reset();
    const asking = this.#options.verifyServer ? { askServerKey: true } : {};
    this.#screen.open({ viewOnly: this.#viewOnly, ...asking, ...this.#quality, ...options });
  }

  /** Releases what is held and disconnects. */
  close(): void {
    for (const input of this.#inputs()) input.releaseAll();
    this.#screen.close();
  }

  focus(): void {
    this.#input.focus();
  }

  blur(): void {
    for (const input of this.#inputs()) input.releaseAll();
    this.#input.field.element.blur();
    this.element.blur();
  }

  /** Keeps this size whatever the element's is, until `scaling` is set. */
  requestSize(size: Size): void {
    this.#fixedSize = wantedSize(size, 1);
    this.#layout();
  }

  sendCombo(name: ComboName): void {
    this.sendKeysyms(COMBOS[name]);
  }

  /** Presses in this order, releases in the opposite one. */
  sendKeysyms(keysyms: readonly number[]): void {
    if (!this.#connected || this.#viewOnly) return;
    for (const input of this.#inputs()) input.releaseAll();
    for (const keysym of keysyms) this.#screen.key(true, keysym);
    for (const keysym of keysyms.toReversed()) this.#screen.key(false, keysym);
  }

  /** A key of a row on the screen; `name` is for its release. */
  holdKey(name: string, keysym: number, down: boolean): void {
    this.#input.hold(name, keysym, down);
  }

  /** So many CSS pixels at the bottom are covered, as by a phone's keyboard: what was touched last stays in view. */
  cover(pixels: number): void {
    const padding = pixels > 0 ? `${pixels}px` : '';
    if (this.element.style.paddingBottom === padding) return;
    this.element.style.paddingBottom = padding;
    const at = this.#touch.last;
    if (pixels > 0 && at) this.#zoom.reveal(at.x, at.y, REVEALED);
  }

  /** Holds the mouse, which then moves the session's pointer by steps. Rejects where the browser does not let it. */
  async lockPointer(): Promise<void> {
    const { PointerLock } = await import('./pointer-lock.ts');
    if (this.#disposed || !this.#connected || this.#viewOnly) return;
    this.#lock ??= new PointerLock(this.#touchHost(), (locked) => this.#options.onPointerLock?.(locked));
    await this.#lock.lock();
  }

  releasePointer(): void {
    this.#lock?.release();
  }

  /** How fingers point. */
  get touchMode(): TouchMode {
    return this.#touch.mode;
  }

  set touchMode(mode: TouchMode) {
    this.#touch.mode = mode;
  }

  /** Takes composed text and a phone's keyboard. */
  get textField(): TextField {
    return this.#input.field;
  }

  /** What keys are sent as: see `KeyMode`. `layout`: the session's, where it is known. */
  keysAs(mode: KeyMode, layout?: string): void {
    this.#keysAs = [mode, layout];
    for (const input of this.#inputs()) input.keysAs(mode, layout);
  }

  /** Command does what Ctrl does elsewhere. */
  set commandIsControl(on: boolean) {
    this.#input.commandIsControl = on;
  }

  /** The keys that lead out of the desktop. */
  get leaveKey(): LeaveKeyName {
    return this.#input.leaveKey;
  }

  set leaveKey(name: LeaveKeyName) {
    for (const input of this.#inputs()) input.leaveKey = name;
  }

  get armed(): ReadonlySet<ArmedKey> {
    return this.#input.armed;
  }

  /** Holds a modifier with the next key, and lets go of it after. */
  arm(key: ArmedKey, on: boolean): void {
    this.#input.arm(key, on);
  }

  /** Types text as characters, whatever the keyboard's layout. */
  typeText(text: string): void {
    if (this.#connected && !this.#viewOnly) this.#input.type(text);
  }

  sendText(json: string): void {
    this.#screen.sendText(json);
  }

  clipboard(text: string): void {
    if (!this.#viewOnly) this.#screen.clipboard(text);
  }

  get quality(): number | null {
    return this.#quality.quality ?? null;
  }

  /** JPEG quality 0 (small) to 9 (good), `null` for lossless; compression 0 (fast) to 9 (small). Kept for later connections. */
  setQuality(quality: number | null, compression: number): void {
    this.#quality = { quality, compression };
    this.#screen.setQuality(quality, compression);
  }

  refresh(): void {
    this.#screen.refresh();
  }

  screenshot(): Promise<Screenshot> {
    return this.#screen.screenshot();
  }

  stats(): Promise<ScreenStats> {
    return this.#screen.stats();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#touch.dispose();
    this.#lock?.dispose();
    this.#input.dispose();
    this.#second?.dispose();
    this.#panning.dispose();
    this.#size.dispose();
    this.#resizer.dispose();
    this.#screen.dispose();
    this.#canvas.remove();
  }

  #touchHost(): TouchHost {
    const part = () => this.#part;
    const cursor = () => this.#cursor;
    return {
      element: this.element,
      canvas: this.#canvas,
      input: this.#input,
      zoom: this.#zoom,
      get part() {
        return part();
      },
      get cursor() {
        return cursor();
      },
    };
  }

  #onEvent(event: ScreenEvent): void {
    if (this.#disposed) return;
    switch (event.type) {
      case 'connected':
        this.#connected = true;
        this.#enableInput();
        this.#framebuffer = { width: event.width, height: event.height };
        this.#screens = [];
        this.#resizer.changed(this.#framebuffer, false, false);
        this.#layout();
        this.#input.tellPointer();
        break;
      case 'cursor-position':
        this.#touch.put(event.x, event.y);
        this.#lock?.put(event.x, event.y);
        break;
      case 'resize':
        this.#framebuffer = { width: event.width, height: event.height };
        this.#screens = event.screens;
        this.#resizer.changed(
          { ...this.#framebuffer, layout: event.screens },
          event.reason === 'client',
          event.status !== 0,
        );
        this.#layout();
        break;
      case 'capabilities':
        this.#resizer.possible = event.setDesktopSize;
        break;
      case 'cursor':
        this.#cursor = event;
        this.#showCursor();
        break;
      case 'closed':
        this.#connected = false;
        this.#touch.reset();
        for (const input of this.#inputs()) input.forget();
        this.#enableInput();
        this.#resizer.reset();
        this.#cursor = undefined;
        this.#showCursor();
        break;
      case 'server-key':
        void this.#verify(event.key);
        break;
      case 'text':
      case 'painted-first':
      case 'name':
      case 'bell':
      case 'clipboard':
      case 'clipboard-refused':
        break;
      case 'leds':
        this.#leds = event;
        for (const input of this.#inputs()) input.leds(event);
        break;
    }
    this.#options.onEvent?.(event);
  }

  /** Scaled with the picture. Who only watches sees the one that the server paints, and no second one of ours. */
  #showCursor(): void {
    const scale = this.#part.width > 0 ? this.#pictureWidth / this.#part.width : 1;
    const { cursor } = this.element.style;
    const shown = !this.#connected
      ? ''
      : this.#viewOnly
        ? 'none'
        : this.#cursor
          ? this.#cursors.css(this.#cursor, scale)
          : '';
    if (shown !== cursor) this.element.style.cursor = shown;
    this.#touch.changed();
    this.#lock?.changed();
    if (this.#second) this.#second.cursor = shown;
  }

  /** Of each screen. */
  #inputs(): Input[] {
    return this.#second ? [this.#input, this.#second.input] : [this.#input];
  }

  #enableInput(): void {
    const enabled = this.#connected && !this.#viewOnly;
    for (const input of this.#inputs()) input.enabled = enabled;
  }

  async #verify(key: ServerKey): Promise<void> {
    let accepted = false;
    try {
      accepted = (await this.#options.verifyServer?.(key)) === true;
    } catch (error) {
      reportError(error);
    }
    if (!this.#disposed) this.#screen.answerServerKey(key.fingerprint, accepted);
  }

  /** Places the picture for the element's present size and says which size is wished for. */
  #layout(): void {
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
    this.element.style.overflow = scaling === 'none' ? 'auto' : 'hidden';
    this.#panning.enabled = scaling === 'none';
    const picture = pictureSize(part, this.#elementSize, scaling, ratio, this.#viewOnly ? Math.max(1, ratio) : 1);
    const { factor } = this.#zoom;
    this.#pictureWidth = picture.width * factor;
    this.#canvas.style.width = `${picture.width * factor}px`;
    this.#canvas.style.height = `${picture.height * factor}px`;
    // Sharp pixels where none has to be made up, smooth ones where the picture is scaled.
    const whole = Math.abs(picture.width * this.#size.ratio - part.width) < 0.5 || picture.width === part.width;
    this.#canvas.style.imageRendering = whole && factor === 1 ? 'pixelated' : 'auto';
    this.#showCursor();
    this.#wish(elementChanged);
    if (ratioChanged) this.#options.onRatio?.(ratio);
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
    const right = this.#second?.wanted(this.#sharp);
    return own && right ? sideBySide(own, right) : own;
  }
}
