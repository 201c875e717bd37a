/**
 * Keyboard and pointer of one element, as events for a remote desktop. Owns its listeners and nothing else; what is
 * pressed is kept in `Pressed` and let go of when the page can no longer see it being released.
 */
import { keysymOfText } from '../contract/keysym.ts';
import { BUTTON, buttonMask } from './buttons.ts';
import { Gate } from './gate.ts';
import { Keyboard, type ArmedKey, type KeyMode, type Platform } from './keyboard.ts';
import type { LeaveKeyName } from './leave-key.ts';
import type { Leds } from './locks.ts';
import { copyOfKey, isPasteKey } from './paste-key.ts';
import { Pressed, type InputSink } from './pressed.ts';
import { TextField } from './text-field.ts';
import { WheelClicks } from './wheel.ts';

export interface InputOptions {
  readonly sink: InputSink;
  /** Client coordinates of the page to coordinates of the framebuffer, inside its bounds. */
  readonly toDesktop: (clientX: number, clientY: number) => { x: number; y: number };
  /** The keyboard's way out was taken. */
  readonly onLeave?: () => void;
  /** Modifiers that wait for the next key have changed. */
  readonly onArmed?: () => void;
  /** A key writes what it does not on the layout that the session is believed to have. */
  readonly onOtherLayout?: (code: string, key: string) => void;
  /**
   * The browser's key for it was pressed and this is on its clipboard. The key is sent once that settles. Absent: it is
   * a key like others.
   */
  readonly onPaste?: (data: DataTransfer) => Promise<unknown>;
  readonly platform?: string;
  /** Fingers, also while nothing is sent; what they do then is the owner's. Absent: a finger is a mouse. */
  readonly onTouch?: (event: PointerEvent) => void;
  /** What a screen reader calls the field that takes composed text. */
  readonly label?: string;
}

export class Input {
  /** Has the keyboard's focus for the element, so that input methods work. */
  readonly field: TextField;
  readonly #element: HTMLElement;
  readonly #options: InputOptions;
  readonly #gate: Gate;
  readonly #pressed: Pressed;
  readonly #keyboard: Keyboard;
  readonly #wheel = new WheelClicks();
  readonly #listening = new AbortController();
  #enabled = true;
  /** Where the pointer was last on the page, in client coordinates; also while nothing is sent. */
  #last: { x: number; y: number } | undefined;

  constructor(element: HTMLElement, options: InputOptions) {
    this.#element = element;
    this.#options = options;
    this.#gate = new Gate(options.sink);
    this.#pressed = new Pressed(this.#gate);
    this.field = new TextField(element, {
      label: options.label ?? 'Remote desktop',
      onText: (text) => this.type(text),
    });
    this.#keyboard = new Keyboard(this.#pressed, {
      platform: platformOf(options.platform ?? navigator.platform),
      onLeave: () => options.onLeave?.(),
      onArmed: () => options.onArmed?.(),
      onOtherLayout: (code, key) => options.onOtherLayout?.(code, key),
    });
    this.#listen();
  }

  /** Off: nothing is sent, and what is held is released. The browser gets its keys back. */
  get enabled(): boolean {
    return this.#enabled;
  }

  set enabled(enabled: boolean) {
    if (!enabled) this.releaseAll();
    this.#enabled = enabled;
  }

  /** What keys are sent as, and the session's layout where physical keys go by it. */
  keysAs(mode: KeyMode, layout?: string): void {
    this.#keyboard.mode = mode;
    this.#keyboard.layout = layout;
  }

  set commandIsControl(on: boolean) {
    this.#keyboard.commandIsControl = on;
  }

  get leaveKey(): LeaveKeyName {
    return this.#keyboard.leaveKey;
  }

  set leaveKey(name: LeaveKeyName) {
    this.#keyboard.leaveKey = name;
  }

  get armed(): ReadonlySet<ArmedKey> {
    return this.#keyboard.armed;
  }

  /** Holds a modifier with the next key. */
  arm(key: ArmedKey, on: boolean): void {
    this.#keyboard.arm(key, on);
  }

  leds(leds: Leds): void {
    this.#keyboard.leds(leds);
  }

  /** Client coordinates to those of the framebuffer. */
  toDesktop(clientX: number, clientY: number): { x: number; y: number } {
    return this.#options.toDesktop(clientX, clientY);
  }

  /** A key that is no key of the keyboard, by a name of its own, until it is released or everything is. */
  hold(name: string, keysym: number, down: boolean): void {
    if (!this.#enabled) return;
    if (down) this.#pressed.keyDown(`held ${name}`, keysym);
    else this.#pressed.keyUp(`held ${name}`);
  }

  /** The pointer by something else than a mouse: framebuffer coordinates and RFB's button mask. */
  point(x: number, y: number, buttons: number): void {
    if (!this.#enabled) return;
    if (buttons !== 0) this.#keyboard.beforeButton();
    this.#pressed.pointer(x, y, buttons);
  }

  /** One click of a button, or of the wheel. */
  click(x: number, y: number, button: number): void {
    if (!this.#enabled) return;
    this.#keyboard.beforeButton();
    this.#pressed.click(x, y, button);
  }

  /** Text that is no key. With a modifier waiting for the next key its characters are keys all the same. */
  type(text: string): void {
    if (!this.#enabled) return;
    this.#pressed.releaseKeys();
    if (this.#keyboard.armed.size === 0) {
      this.#gate.inTurn(() => {
        if (this.#options.sink.text?.(text) !== true) this.#typeKeys(text);
      });
      return;
    }
    this.#keyboard.pressArmed();
    this.#typeKeys(text);
    this.#keyboard.releaseArmed();
  }

  #typeKeys(text: string): void {
    for (const character of text) {
      const keysym = keysymOfText(character);
      if (keysym === undefined) continue;
      this.#gate.key(true, keysym);
      this.#gate.key(false, keysym);
    }
  }

  focus(): void {
    this.field.focus();
  }

  releaseAll(): void {
    this.#pressed.releaseAll();
    this.#keyboard.reset();
    this.#wheel.reset();
  }

  /** For a new connection, whose server knows of nothing that is held. */
  forget(): void {
    this.#gate.forget();
    this.#pressed.forget();
    this.#keyboard.forget();
    this.#wheel.reset();
  }

  /**
   * Says where the pointer is, if it has been seen on the page. A new connection's server takes the pointer for
   * somebody else's otherwise, and paints one into the picture.
   */
  tellPointer(): void {
    if (!this.#enabled || !this.#last) return;
    const { x, y } = this.#options.toDesktop(this.#last.x, this.#last.y);
    this.#pressed.pointer(x, y, 0);
  }

  dispose(): void {
    this.releaseAll();
    this.#gate.open();
    this.#listening.abort();
    this.field.dispose();
  }

  #listen(): void {
    const element = this.#element;
    const { signal } = this.#listening;
    const on = <Type extends keyof HTMLElementEventMap>(
      type: Type,
      handle: (event: HTMLElementEventMap[Type]) => void,
    ) =>
      element.addEventListener(
        type,
        (event) => {
          if (this.#enabled) handle(event);
        },
        { signal, passive: false },
      );
    on('keydown', (event) => this.#keyboard.down(this.#pastes(event) ? this.#beforePaste(event) : event));
    on('paste', (event) => this.#paste(event));
    on('keyup', (event) => this.#keyboard.up(event));
    for (const type of ['blur', 'focusout'] as const) {
      on(type, ({ relatedTarget }) => {
        // From the element to its own field the keyboard does not leave.
        if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) this.releaseAll();
      });
    }
    element.addEventListener(
      'focus',
      () => {
        if (this.#enabled) this.field.focus();
      },
      { signal },
    );
    this.#listenToPointer();
    on('wheel', (event) => this.#scroll(event));
    // Back and forward are the session's, and a middle click does not scroll: the browser acts on them after these.
    for (const type of ['mousedown', 'mouseup', 'auxclick'] as const) on(type, (event) => event.preventDefault());
    on('contextmenu', (event) => event.preventDefault());
    on('dragstart', (event) => event.preventDefault());
    const note = ({ clientX, clientY }: PointerEvent) => {
      this.#last = { x: clientX, y: clientY };
    };
    element.ownerDocument.addEventListener('pointermove', note, { signal, passive: true, capture: true });
    const release = () => this.releaseAll();
    const { ownerDocument } = element;
    ownerDocument.defaultView?.addEventListener('blur', release, { signal });
    ownerDocument.defaultView?.addEventListener('pagehide', release, { signal });
    ownerDocument.addEventListener('visibilitychange', release, { signal });
  }

  #listenToPointer(): void {
    const { onTouch } = this.#options;
    const { signal } = this.#listening;
    type Type = 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel' | 'lostpointercapture' | 'pointerleave';
    const on = (type: Type, handle: (event: PointerEvent) => void) =>
      this.#element.addEventListener(
        type,
        (event) => {
          if (event.pointerType === 'touch' && onTouch) this.#touch(event, onTouch);
          else if (this.#enabled) handle(event);
        },
        { signal, passive: false },
      );
    on('pointerdown', (event) => this.#pointerDown(event));
    on('pointermove', (event) => this.#pointerMove(event));
    on('pointerup', (event) => this.#pointer(event));
    on('pointercancel', () => this.#pressed.releaseButtons());
    for (const type of ['lostpointercapture', 'pointerleave'] as const) {
      on(type, (event) => {
        if (event.buttons === 0) this.#pressed.releaseButtons();
      });
    }
    if (!onTouch) return;
    // What browsers do with a finger that rests or taps twice: magnifiers, selections, clicks of their own.
    this.#element.addEventListener('touchstart', (event) => event.preventDefault(), { signal, passive: false });
  }

  #touch(event: PointerEvent, onTouch: (event: PointerEvent) => void): void {
    if (event.type === 'pointerdown') {
      event.preventDefault();
      if (this.#enabled) {
        this.field.place(event.clientX, event.clientY);
        this.field.focus();
      }
    }
    onTouch(event);
  }

  #pastes(event: KeyboardEvent): boolean {
    if (!this.#options.onPaste || !this.field.focused || this.field.composing) return false;
    return isPasteKey(event, /mac/i.test(this.#options.platform ?? navigator.platform));
  }

  /** The browser goes on with the key itself; the session gets it when its clipboard is as the browser's. */
  #beforePaste(event: KeyboardEvent): KeyboardEvent {
    event.stopPropagation();
    this.#gate.close();
    return copyOfKey(event);
  }

  #paste(event: ClipboardEvent): void {
    event.preventDefault();
    const { onPaste } = this.#options;
    if (onPaste && event.clipboardData) this.#gate.until(onPaste(event.clipboardData));
  }

  #pointerDown(event: PointerEvent): void {
    this.field.place(event.clientX, event.clientY);
    this.field.focus();
    // A mouse's own events have to come, to be kept from the browser there.
    if (event.pointerType !== 'mouse') event.preventDefault();
    try {
      this.#element.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone again already; its release comes as a cancel.
    }
    this.#pointer(event);
  }

  #pointerMove(event: PointerEvent): void {
    // While something is drawn or dragged every point counts, else only where the pointer is now.
    const points = event.buttons === 0 ? [] : (event.getCoalescedEvents?.() ?? []);
    for (const point of points.slice(0, -1)) this.#pointer(point);
    this.#pointer(event);
  }

  #pointer(event: PointerEvent): void {
    this.#keyboard.healModifiers(event);
    if (event.buttons !== 0) this.#keyboard.beforeButton();
    const { x, y } = this.#options.toDesktop(event.clientX, event.clientY);
    this.#pressed.pointer(x, y, buttonMask(event.buttons));
  }

  #scroll(event: WheelEvent): void {
    event.preventDefault();
    const clicks = this.#wheel.add(event);
    const { x, y } = this.#options.toDesktop(event.clientX, event.clientY);
    const vertical = clicks.y < 0 ? BUTTON.wheelUp : BUTTON.wheelDown;
    for (let n = Math.abs(clicks.y); n > 0; n--) this.#pressed.click(x, y, vertical);
    const horizontal = clicks.x < 0 ? BUTTON.wheelLeft : BUTTON.wheelRight;
    for (let n = Math.abs(clicks.x); n > 0; n--) this.#pressed.click(x, y, horizontal);
  }
}

function platformOf(name: string): Platform {
  if (/mac|iphone|ipad/i.test(name)) return 'mac';
  return /^win/i.test(name) ? 'windows' : 'other';
}
