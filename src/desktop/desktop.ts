/**
 * One remote desktop on one element: a screen and the input for it. Speaks to any RFB server; knows nothing of portals,
 * tickets or messages beside the picture. Several may live on one page.
 */
import type { ArmedKey, KeyMode } from '../input/keyboard.ts';
import type { LeaveKeyName } from '../input/leave-key.ts';
import { COMBOS, type ComboName } from '../input/combos.ts';
import { Input } from '../input/input.ts';
import type { InputSink } from '../input/pressed.ts';
import type { TouchMode } from '../input/touch-pointer.ts';
import type { TextField } from '../input/text-field.ts';
import {
  ScreenClient,
  type OpenOptions,
  type ScreenEvent,
  type ServerKey,
  type Screenshot,
  type ScreenStats,
} from '../screen/client.ts';
import { CursorCache, type CursorShape } from './cursor.ts';
import { toFramebuffer, type Scaling, type Size } from './geometry.ts';
import { Inputs } from './inputs.ts';
import { Picture } from './picture.ts';
import type { PointerLock } from './pointer-lock.ts';
import type { SecondScreen, SecondScreenOptions } from './second-screen.ts';
import { TouchLoader, type TouchHost } from './touch-loader.ts';

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

export class Desktop {
  readonly element: HTMLElement;
  readonly #options: DesktopOptions;
  readonly #picture: Picture;
  readonly #screen: ScreenPort;
  readonly #input: Input;
  readonly #inputs: Inputs;
  readonly #cursors = new CursorCache();
  readonly #touch: TouchLoader;
  #lock: PointerLock | undefined;
  #second: SecondScreen | undefined;
  #viewOnly: boolean;
  #quality: Pick<OpenOptions, 'quality' | 'compression'> = {};
  #connected = false;
  #buttons = 0;
  #cursor: CursorShape | undefined;
  #disposed = false;

  /** Takes over `element`: its size is the desktop's, its content a canvas. The worker and the decoder load at once. */
  constructor(element: HTMLElement, options: DesktopOptions = {}) {
    this.element = element;
    this.#options = options;
    this.#viewOnly = options.viewOnly ?? false;

    // The field inside has the keyboard; it is the stop on the way of the Tab key.
    element.tabIndex = -1;
    element.setAttribute('role', 'application');
    element.setAttribute('aria-label', options.label ?? 'Remote desktop');
    element.style.outline = 'none';
    element.style.touchAction = 'none';
    this.#picture = new Picture(element, {
      scaling: options.scaling ?? 'remote',
      sharp: options.sharp ?? false,
      viewOnly: this.#viewOnly,
      ask: ({ width, height, layout }) => this.#screen.resize(width, height, layout),
      onPlaced: () => this.#showCursor(),
      onPanned: () => {
        if (this.#buttons === 0) this.#input.tellPointer();
      },
      onRatio: (ratio) => options.onRatio?.(ratio),
    });

    const create = options.createScreen ?? ((canvas, onEvent) => new ScreenClient(canvas, onEvent));
    this.#screen = create(this.#picture.canvas, (event) => this.#onEvent(event));
    this.#input = new Input(element, {
      ...this.#inputOptions(),
      toDesktop: (x, y) => {
        const { canvas, part } = this.#picture;
        return this.#lock?.at ?? toFramebuffer({ x, y }, canvas.getBoundingClientRect(), part);
      },
      onTouch: (event) => this.#touch.handle(event),
    });
    this.#inputs = new Inputs(this.#input);
    this.#touch = new TouchLoader(this.#touchHost());
    this.#picture.place();
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
    return this.#picture.framebuffer;
  }

  get scaling(): Scaling {
    return this.#picture.scaling;
  }

  set scaling(scaling: Scaling) {
    this.#picture.scaling = scaling;
  }

  get viewOnly(): boolean {
    return this.#viewOnly;
  }

  set viewOnly(viewOnly: boolean) {
    if (viewOnly !== this.#viewOnly) this.#screen.setViewOnly(viewOnly);
    this.#viewOnly = viewOnly;
    this.#enableInput();
    this.#picture.viewOnly = viewOnly;
  }

  get sharp(): boolean {
    return this.#picture.sharp;
  }

  set sharp(sharp: boolean) {
    this.#picture.sharp = sharp;
  }

  /** Framebuffer pixels to a CSS pixel, as they are asked for. */
  get ratio(): number {
    return this.#picture.ratio;
  }

  /** Framebuffer pixels to a CSS pixel, as they are shown: also where the picture is scaled to the element. */
  get shownRatio(): number {
    return this.#picture.shownRatio;
  }

  /** The picture is larger than the element. */
  get canPan(): boolean {
    return this.#picture.canPan;
  }

  /** In parts of what is seen: 0.5 is half a view to the right or down. */
  pan(x: number, y: number): void {
    this.#picture.pan(x, y);
  }

  /**
   * A second screen to the right of this one, until the function that is returned is called. Throws where the browser
   * cannot do it. There is one at most.
   *
   * @param make Makes it of what it is given, on an element also of another window of this origin.
   */
  addScreen(make: (options: SecondScreenOptions) => SecondScreen): () => void {
    if (this.#second) throw new TypeError('there is a second screen already');
    const second = make({ ...this.#inputOptions(), onChange: () => this.#picture.place() });
    try {
      this.#screen.second(second.canvas);
    } catch (error) {
      second.dispose();
      throw error;
    }
    this.#second = second;
    this.#inputs.second = second.input;
    this.#picture.second = second;
    return () => {
      if (this.#second !== second) return;
      this.#second = undefined;
      this.#inputs.second = undefined;
      second.dispose();
      if (this.#disposed) return;
      this.#screen.second(null);
      this.#picture.second = undefined;
    };
  }

  /** Connects, ending what was connected before. The last picture stays until the new one comes. */
  open(options: OpenOptions): void {
    if (this.#disposed) return;
    this.#inputs.forget();
    this.#picture.end();
    const asking = this.#options.verifyServer ? { askServerKey: true } : {};
    this.#screen.open({ viewOnly: this.#viewOnly, ...asking, ...this.#quality, ...options });
  }

  /** Releases what is held and disconnects. */
  close(): void {
    this.#inputs.releaseAll();
    this.#screen.close();
  }

  focus(): void {
    this.#input.focus();
  }

  blur(): void {
    this.#inputs.releaseAll();
    this.#input.field.element.blur();
    this.element.blur();
  }

  /** Keeps this size whatever the element's is, until `scaling` is set. */
  requestSize(size: Size): void {
    this.#picture.keep(size);
  }

  sendCombo(name: ComboName): void {
    this.sendKeysyms(COMBOS[name]);
  }

  /** Presses in this order, releases in the opposite one. */
  sendKeysyms(keysyms: readonly number[]): void {
    if (!this.#connected || this.#viewOnly) return;
    this.#inputs.releaseAll();
    for (const keysym of keysyms) this.#screen.key(true, keysym);
    for (const keysym of keysyms.toReversed()) this.#screen.key(false, keysym);
  }

  /** A key of a row on the screen; `name` is for its release. */
  holdKey(name: string, keysym: number, down: boolean): void {
    this.#input.hold(name, keysym, down);
  }

  /** So many CSS pixels at the bottom are covered, as by a phone's keyboard: what was touched last stays in view. */
  cover(pixels: number): void {
    this.#picture.cover(pixels, this.#touch.last);
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
    this.#inputs.keysAs(mode, layout);
  }

  /** Command does what Ctrl does elsewhere. */
  set commandIsControl(on: boolean) {
    this.#inputs.commandIsControl = on;
  }

  /** The keys that lead out of the desktop. */
  get leaveKey(): LeaveKeyName {
    return this.#input.leaveKey;
  }

  set leaveKey(name: LeaveKeyName) {
    this.#inputs.leaveKey = name;
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
    this.#screen.dispose();
    this.#picture.dispose();
  }

  #touchHost(): TouchHost {
    const cursor = () => this.#cursor;
    return {
      element: this.element,
      input: this.#input,
      picture: this.#picture,
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
        this.#picture.begin(event);
        this.#input.tellPointer();
        break;
      case 'cursor-position':
        this.#touch.put(event.x, event.y);
        this.#lock?.put(event.x, event.y);
        break;
      case 'resize':
        this.#picture.changed(event, event.screens, event.reason === 'client', event.status !== 0);
        break;
      case 'capabilities':
        this.#picture.resizable = event.setDesktopSize;
        break;
      case 'cursor':
        this.#cursor = event;
        this.#showCursor();
        break;
      case 'closed':
        this.#connected = false;
        this.#touch.reset();
        this.#inputs.forget();
        this.#enableInput();
        this.#picture.end();
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
        this.#inputs.leds(event);
        break;
    }
    this.#options.onEvent?.(event);
  }

  /** Scaled with the picture. Who only watches sees the one that the server paints, and no second one of ours. */
  #showCursor(): void {
    const { cursor } = this.element.style;
    const shown = !this.#connected
      ? ''
      : this.#viewOnly
        ? 'none'
        : this.#cursor
          ? this.#cursors.css(this.#cursor, this.#picture.scale)
          : '';
    if (shown !== cursor) this.element.style.cursor = shown;
    this.#touch.changed();
    this.#lock?.changed();
    if (this.#second) this.#second.cursor = shown;
  }

  #enableInput(): void {
    this.#inputs.enabled = this.#connected && !this.#viewOnly;
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
}
