/**
 * One remote desktop on one element: a screen and the input for it. Speaks to any RFB server; knows nothing of portals,
 * tickets or messages beside the picture. Several may live on one page.
 */
import type { ArmedKey, KeyMode } from '../input/keyboard.ts';
import type { LeaveKeyName } from '../input/leave-key.ts';
import { COMBOS, type ComboName } from '../input/combos.ts';
import { Input } from '../input/input.ts';
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
import { pictureSize, toFramebuffer, wantedSize, type Scaling, type Size } from './geometry.ts';
import { Resizer } from './resizer.ts';
import { TouchLoader, type TouchHost } from './touch-loader.ts';
import { Zoom } from './zoom.ts';

export type { Scaling } from './geometry.ts';

/** What a desktop needs of its screen. */
export type ScreenPort = Pick<
  ScreenClient,
  | 'open'
  | 'close'
  | 'key'
  | 'pointer'
  | 'resize'
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
  /** A better way than keys for text that no key has; false: not now. */
  readonly typeText?: (text: string) => boolean;
  /** Whether a foreign server with this key is the right one; absent: none is that `open` did not name. */
  readonly verifyServer?: (key: ServerKey) => boolean | Promise<boolean>;
  readonly createScreen?: (canvas: HTMLCanvasElement, onEvent: (event: ScreenEvent) => void) => ScreenPort;
}

/**
 * Framebuffer pixels to a CSS pixel. One on every display: the browser scales the picture up on a dense one, because
 * programs in the session draw for 96 dpi and would come out tiny otherwise.
 */
const PIXEL_RATIO = 1;

export class Desktop {
  readonly element: HTMLElement;
  readonly #options: DesktopOptions;
  readonly #canvas: HTMLCanvasElement;
  readonly #screen: ScreenPort;
  readonly #input: Input;
  readonly #resizer: Resizer;
  readonly #observer: ResizeObserver;
  readonly #cursors = new CursorCache();
  readonly #zoom: Zoom;
  readonly #touch: TouchLoader;
  #framebuffer: Size = { width: 0, height: 0 };
  #elementSize: Size = { width: 0, height: 0 };
  #fixedSize: Size | undefined;
  #wished = '';
  #scaling: Scaling;
  #viewOnly: boolean;
  #quality: Pick<OpenOptions, 'quality' | 'compression'> = {};
  #connected = false;
  #cursor: CursorShape | undefined;
  /** In CSS pixels. */
  #pictureWidth = 0;
  #disposed = false;

  /** Takes over `element`: its size is the desktop's, its content a canvas. The worker and the decoder load at once. */
  constructor(element: HTMLElement, options: DesktopOptions = {}) {
    this.element = element;
    this.#options = options;
    this.#scaling = options.scaling ?? 'remote';
    this.#viewOnly = options.viewOnly ?? false;

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
    this.#resizer = new Resizer((size) => this.#screen.resize(size.width, size.height));
    this.#input = new Input(element, {
      sink: {
        key: (down, keysym, xtCode) => this.#screen.key(down, keysym, xtCode),
        pointer: (x, y, buttons) => this.#screen.pointer(x, y, buttons),
        text: (text) => options.typeText?.(text) ?? false,
      },
      toDesktop: (x, y) => toFramebuffer({ x, y }, this.#canvas.getBoundingClientRect(), this.#framebuffer),
      onLeave: () => options.onLeave?.(),
      onArmed: () => options.onArmed?.(),
      onOtherLayout: (code, key) => options.onOtherLayout?.(code, key),
      onTouch: (event) => this.#touch.handle(event),
      ...(options.label === undefined ? {} : { label: options.label }),
    });
    this.#input.enabled = false;
    this.#zoom = new Zoom(element, this.#canvas, () => this.#layout());
    this.#touch = new TouchLoader(this.#touchHost());
    this.#observer = new ResizeObserver(() => this.#layout());
    this.#observer.observe(element);
    this.#layout();
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
    this.#input.enabled = this.#connected && !viewOnly;
    this.#showCursor();
    this.#layout();
  }

  /** Connects, ending what was connected before. The last picture stays until the new one comes. */
  open(options: OpenOptions): void {
    if (this.#disposed) return;
    this.#input.forget();
    this.#resizer.reset();
    const asking = this.#options.verifyServer ? { askServerKey: true } : {};
    this.#screen.open({ viewOnly: this.#viewOnly, ...asking, ...this.#quality, ...options });
  }

  /** Releases what is held and disconnects. */
  close(): void {
    this.#input.releaseAll();
    this.#screen.close();
  }

  focus(): void {
    this.#input.focus();
  }

  blur(): void {
    this.#input.releaseAll();
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
    this.#input.releaseAll();
    for (const keysym of keysyms) this.#screen.key(true, keysym);
    for (const keysym of keysyms.toReversed()) this.#screen.key(false, keysym);
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
    this.#input.keysAs(mode, layout);
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
    this.#input.leaveKey = name;
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
    this.#input.dispose();
    this.#observer.disconnect();
    this.#resizer.dispose();
    this.#screen.dispose();
    this.#canvas.remove();
  }

  #touchHost(): TouchHost {
    const part = () => ({ x: 0, y: 0, ...this.#framebuffer });
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
        this.#input.enabled = !this.#viewOnly;
        this.#framebuffer = { width: event.width, height: event.height };
        this.#resizer.changed(this.#framebuffer, false, false);
        this.#layout();
        this.#input.tellPointer();
        break;
      case 'cursor-position':
        this.#touch.put(event.x, event.y);
        break;
      case 'resize':
        this.#framebuffer = { width: event.width, height: event.height };
        this.#resizer.changed(this.#framebuffer, event.reason === 'client', event.status !== 0);
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
        this.#input.forget();
        this.#input.enabled = false;
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
        break;
      case 'leds':
        this.#input.leds(event);
        break;
    }
    this.#options.onEvent?.(event);
  }

  /** Scaled with the picture. Who only watches sees the one that the server paints, and no second one of ours. */
  #showCursor(): void {
    const scale = this.#framebuffer.width > 0 ? this.#pictureWidth / this.#framebuffer.width : 1;
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
    const { clientWidth: width, clientHeight: height } = this.element;
    const elementChanged = width !== this.#elementSize.width || height !== this.#elementSize.height;
    this.#elementSize = { width, height };
    const scaling = this.#fixedSize ? 'fit' : this.#scaling;
    this.element.style.overflow = scaling === 'none' ? 'auto' : 'hidden';
    const picture = pictureSize(this.#framebuffer, this.#elementSize, scaling, PIXEL_RATIO);
    const { factor } = this.#zoom;
    this.#pictureWidth = picture.width * factor;
    this.#canvas.style.width = `${picture.width * factor}px`;
    this.#canvas.style.height = `${picture.height * factor}px`;
    // Sharp pixels where none has to be made up, smooth ones where the picture is scaled.
    const own = picture.width === this.#framebuffer.width && factor === 1;
    this.#canvas.style.imageRendering = own ? 'pixelated' : 'auto';
    this.#showCursor();
    this.#wish(elementChanged);
  }

  #wish(elementChanged: boolean): void {
    const follows = this.#scaling === 'remote' || this.#fixedSize;
    const size =
      this.#viewOnly || !follows ? undefined : (this.#fixedSize ?? wantedSize(this.#elementSize, PIXEL_RATIO));
    const wished = size ? `${size.width}x${size.height}` : '';
    if (wished === this.#wished && !elementChanged) return;
    this.#wished = wished;
    this.#resizer.want(size);
  }
}
