/**
 * The field that takes text which is no single key: what an input method composes, an emoji panel, the keyboard of a
 * phone. It lies unseen in the desktop's element and holds the keyboard's focus for it; while something is being
 * composed it is seen where the pointer was last pressed, so that the candidates open beside it.
 */

export interface TextFieldOptions {
  /** Text that was made, whole characters, to be typed in the session. */
  readonly onText: (text: string) => void;
  /** What a screen reader calls it. */
  readonly label: string;
}

/** Somebody else who reads the field, such as a phone's keyboard that has to see what was there before. */
export type FieldReader = (event: InputEvent | CompositionEvent, field: HTMLTextAreaElement) => void;

/** Room that is kept to the edges of the desktop while something is composed. */
const MARGIN = 8;
const LINE_HEIGHT = 24;
/** What would put something into the field that nobody typed; the clipboard has a way of its own. */
const NOT_TYPED = /^(insertFrom(Paste|Drop|Yank)|history|format|delete)/;

export class TextField {
  readonly element: HTMLTextAreaElement;
  readonly #host: HTMLElement;
  readonly #options: TextFieldOptions;
  readonly #listening = new AbortController();
  #reader: FieldReader | undefined;
  #composing = false;
  #at: { x: number; y: number } | undefined;

  constructor(host: HTMLElement, options: TextFieldOptions) {
    this.#host = host;
    this.#options = options;
    const field = host.ownerDocument.createElement('textarea');
    this.element = field;
    field.rows = 1;
    field.spellcheck = false;
    const attributes = {
      'aria-label': options.label,
      autocapitalize: 'off',
      autocomplete: 'off',
      autocorrect: 'off',
      // A phone shows its keyboard only when it is asked for.
      inputmode: 'none',
      'data-gramm': 'false',
    };
    for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
    Object.assign(field.style, {
      position: 'fixed',
      left: '0',
      top: '0',
      height: `${LINE_HEIGHT}px`,
      margin: '0',
      padding: '0 2px',
      border: '0',
      borderRadius: '3px',
      outline: 'none',
      resize: 'none',
      overflow: 'hidden',
      whiteSpace: 'nowrap',
      // Below 16 px a phone zooms in on it.
      font: `16px/${LINE_HEIGHT}px system-ui, sans-serif`,
      pointerEvents: 'none',
    } satisfies Partial<CSSStyleDeclaration>);
    this.#show(false);
    this.#listen();
    host.append(field);
  }

  /** Keys belong to the input method now. */
  get composing(): boolean {
    return this.#composing;
  }

  /** Whether focusing the field brings up a phone's keyboard. */
  get onScreenKeyboard(): boolean {
    return this.element.inputMode !== 'none';
  }

  set onScreenKeyboard(shown: boolean) {
    this.element.inputMode = shown ? 'text' : 'none';
  }

  /** While there is a reader the field's content is the reader's: nothing is typed or emptied here. */
  read(reader: FieldReader | undefined): void {
    this.#reader = reader;
    this.clear();
  }

  get focused(): boolean {
    return this.element.ownerDocument.activeElement === this.element;
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  clear(): void {
    this.element.value = '';
  }

  /** Where the session's text cursor can be expected, in client coordinates: where was clicked last. */
  place(clientX: number, clientY: number): void {
    this.#at = { x: clientX, y: clientY };
    if (!this.#composing) this.#move();
  }

  /** What is being composed is given up; a field that is left must not commit it to whatever comes next. */
  abandon(): void {
    this.#composing = false;
    this.clear();
    this.#show(false);
  }

  dispose(): void {
    this.#listening.abort();
    this.element.remove();
  }

  #listen(): void {
    const field = this.element;
    const { signal } = this.#listening;
    field.addEventListener('compositionstart', (event) => this.#onComposition(event), { signal });
    field.addEventListener('compositionupdate', (event) => this.#onComposition(event), { signal });
    field.addEventListener('compositionend', (event) => this.#onComposition(event), { signal });
    field.addEventListener(
      'beforeinput',
      (event) => {
        if (!this.#reader && NOT_TYPED.test(event.inputType)) event.preventDefault();
      },
      { signal },
    );
    field.addEventListener('input', (event) => this.#onInput(event), { signal });
    field.addEventListener('blur', () => this.abandon(), { signal });
  }

  #onComposition(event: CompositionEvent): void {
    this.#composing = event.type !== 'compositionend';
    if (this.#reader) {
      this.#reader(event, this.element);
      return;
    }
    this.#show(this.#composing, event.data);
    if (this.#composing) return;
    // Chromium tells the last input before this event, Firefox after it: by then the field is empty.
    this.clear();
    if (event.data) this.#options.onText(event.data);
  }

  #onInput(event: InputEvent): void {
    if (this.#reader) {
      this.#reader(event, this.element);
      return;
    }
    if (this.#composing) return;
    const text = this.element.value;
    this.clear();
    if (text) this.#options.onText(text);
  }

  #show(composing: boolean, text = ''): void {
    const { style } = this.element;
    style.opacity = composing ? '1' : '0';
    style.zIndex = composing ? '2' : '-1';
    style.background = 'Canvas';
    style.color = 'CanvasText';
    style.boxShadow = composing ? '0 1px 6px rgb(0 0 0 / 40%)' : 'none';
    // Ideographs are as wide as they are high.
    style.width = composing ? `${Math.max(2, text.length + 1)}em` : '1px';
    this.#move();
  }

  #move(): void {
    const bounds = this.#host.getBoundingClientRect();
    const { x, y } = this.#at ?? { x: bounds.left + bounds.width / 2, y: bounds.top + bounds.height / 2 };
    const width = this.#composing ? this.element.offsetWidth : 1;
    const within = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));
    this.element.style.left = `${within(x, bounds.left + MARGIN, bounds.right - width - MARGIN)}px`;
    this.element.style.top = `${within(y, bounds.top + MARGIN, bounds.bottom - LINE_HEIGHT - MARGIN)}px`;
  }
}
