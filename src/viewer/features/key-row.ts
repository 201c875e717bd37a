/** A row of the keys that a phone's keyboard has not, and that keyboard itself. Loaded where there is a touch screen. */
import { PhoneKeyboard } from '../../input/phone-keyboard.ts';
import { keysymOf, KEYSYM } from '../../input/keysyms.ts';
import { keysymOfText } from '../../contract/keysym.ts';
import { StickyKeys } from '../../input/sticky.ts';
import type { Desktop } from '../../desktop/desktop.ts';
import { button, h, icon } from '../dom.ts';
import { fill, type Words } from '../strings.ts';
import './key-row.css';

type Word =
  | 'row'
  | 'keyboard'
  | 'hideKeyboard'
  | 'functionKeys'
  | 'once'
  | 'locked'
  | 'escape'
  | 'left'
  | 'up'
  | 'down'
  | 'right'
  | 'home'
  | 'end'
  | 'pageUp'
  | 'pageDown'
  | 'insert'
  | 'delete'
  | 'shift'
  | 'control'
  | 'super';

const WORDS: Words<Word> = {
  en: {
    row: 'Keys',
    keyboard: 'Show the keyboard',
    hideKeyboard: 'Hide the keyboard',
    functionKeys: 'Function keys',
    once: '{key}, for the next key',
    locked: '{key}, held',
    escape: 'Esc',
    left: 'Left',
    up: 'Up',
    down: 'Down',
    right: 'Right',
    home: 'Home',
    end: 'End',
    pageUp: 'PgUp',
    pageDown: 'PgDn',
    insert: 'Ins',
    delete: 'Del',
    shift: 'Shift',
    control: 'Ctrl',
    super: 'Super',
  },
  de: {
    row: 'Tasten',
    keyboard: 'Tastatur zeigen',
    hideKeyboard: 'Tastatur ausblenden',
    functionKeys: 'Funktionstasten',
    once: '{key}, für die nächste Taste',
    locked: '{key}, gehalten',
    escape: 'Esc',
    left: 'Links',
    up: 'Auf',
    down: 'Ab',
    right: 'Rechts',
    home: 'Pos1',
    end: 'Ende',
    pageUp: 'Bild auf',
    pageDown: 'Bild ab',
    insert: 'Einfg',
    delete: 'Entf',
    shift: 'Umschalt',
    control: 'Strg',
    super: 'Super',
  },
};

type Modifier = 'control' | 'alt' | 'shift' | 'super';
const MODIFIERS: Readonly<Record<Modifier, number>> = {
  control: KEYSYM.Control_L,
  alt: KEYSYM.Alt_L,
  shift: KEYSYM.Shift_L,
  super: KEYSYM.Super_L,
};

/** What is written on a key where that is no word, and the name of its key. */
const KEYS: readonly (readonly [Word, string, string?])[] = [
  ['left', 'ArrowLeft', '←'],
  ['up', 'ArrowUp', '↑'],
  ['down', 'ArrowDown', '↓'],
  ['right', 'ArrowRight', '→'],
  ['home', 'Home'],
  ['end', 'End'],
  ['pageUp', 'PageUp'],
  ['pageDown', 'PageDown'],
  ['insert', 'Insert'],
  ['delete', 'Delete'],
];

/** A key that is kept down is pressed again and again after this. */
const HOLD_MS = 350;
const REPEAT_MS = 60;

export interface KeyRowOptions {
  readonly window: Window;
  readonly desktop: Desktop;
  readonly language: 'en' | 'de';
}

export class KeyRow {
  readonly element: HTMLElement;
  readonly #options: KeyRowOptions;
  readonly #words: Readonly<Record<Word, string>>;
  readonly #sticky: StickyKeys<Modifier>;
  readonly #modifiers = new Map<Modifier, HTMLButtonElement>();
  readonly #phone: PhoneKeyboard;
  readonly #listening = new AbortController();
  readonly #toggle: HTMLButtonElement;
  #covered = 0;

  constructor(options: KeyRowOptions) {
    const { desktop, window } = options;
    this.#options = options;
    this.#words = WORDS[options.language];
    this.#sticky = new StickyKeys(
      (name, down) => desktop.holdKey(name, MODIFIERS[name], down),
      () => this.#show(),
    );
    this.#phone = new PhoneKeyboard(desktop.textField, ({ deleted, inserted }) => this.#edit(deleted, inserted));
    this.#toggle = button(
      { class: 'key key-keyboard', onClick: () => this.showKeyboard(!this.#phone.shown) },
      icon('keyboard'),
    );
    const functions = h('span', { class: 'key-functions', attributes: { id: 'key-functions' } });
    for (let n = 1; n <= 12; n++) functions.append(this.#key(`F${n}`, `F${n}`));
    functions.hidden = true;
    const more = this.#made(
      'Fn',
      () => {
        functions.hidden = !functions.hidden;
        more.setAttribute('aria-expanded', String(!functions.hidden));
      },
      this.#words.functionKeys,
    );
    more.setAttribute('aria-expanded', 'false');
    more.setAttribute('aria-controls', 'key-functions');
    this.element = h(
      'div',
      { class: 'key-row', attributes: { role: 'group', 'aria-label': this.#words.row } },
      this.#toggle,
      this.#key(this.#words.escape, 'Escape'),
      this.#key('Tab', 'Tab'),
      ...(Object.keys(MODIFIERS) as Modifier[]).map((name) => this.#modifier(name)),
      ...KEYS.map(([word, key, sign]) => {
        const name = this.#words[word];
        return this.#key(sign ?? name, key, sign ? name : undefined);
      }),
      more,
      functions,
    );
    const { signal } = this.#listening;
    // A finger that rests on a key keeps it down; it asks for no menu.
    this.element.addEventListener('contextmenu', (event) => event.preventDefault());
    window.visualViewport?.addEventListener('resize', () => this.#place(), { signal });
    window.visualViewport?.addEventListener('scroll', () => this.#place(), { signal });
    // Everything was let go of; nothing is to look held.
    window.addEventListener('blur', () => this.#sticky.clear(), { signal });
    window.document.addEventListener('visibilitychange', () => this.#sticky.clear(), { signal });
    this.#show();
    this.#place();
  }

  /** Has to be called while a tap is being dealt with. */
  showKeyboard(shown: boolean): void {
    this.#phone.shown = shown;
    this.#show();
  }

  /** A click was made in the session. */
  clicked(): void {
    this.#sticky.used();
    this.#phone.restart();
  }

  /** The session hears nothing now. */
  release(): void {
    this.#sticky.clear();
  }

  dispose(): void {
    this.#sticky.clear();
    this.#phone.dispose();
    this.#listening.abort();
    this.element.remove();
    this.#options.desktop.cover(0);
  }

  #edit(deleted: number, inserted: string): void {
    const { desktop } = this.#options;
    const sticky = this.#sticky.any;
    for (let n = 0; n < deleted; n++) this.#stroke(KEYSYM.BackSpace);
    if (!sticky) {
      if (inserted !== '') desktop.typeText(inserted);
      return;
    }
    for (const character of inserted) {
      // A phone begins with a capital by itself; with Ctrl that would be another shortcut.
      const plain = this.#sticky.state('shift') === 'off' ? character.toLowerCase() : character;
      const keysym = keysymOfText(plain);
      if (keysym !== undefined) this.#stroke(keysym);
    }
    // It was a key, and is no text that can be corrected.
    this.#phone.restart();
  }

  #stroke(keysym: number): void {
    const { desktop } = this.#options;
    desktop.holdKey('key', keysym, true);
    desktop.holdKey('key', keysym, false);
    this.#sticky.used();
  }

  #made(text: string, onClick: () => void, label?: string): HTMLButtonElement {
    const made = button({ class: 'key', text, onClick });
    if (label) made.setAttribute('aria-label', label);
    return made;
  }

  #key(text: string, key: string, label?: string): HTMLButtonElement {
    const keysym = keysymOf({ key, code: key, location: 0 }) ?? 0;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let repeating: ReturnType<typeof setInterval> | undefined;
    let held = false;
    const press = () => {
      this.#phone.restart();
      if (!held) this.#stroke(keysym);
      held = false;
    };
    const made = this.#made(text, press, label);
    const release = () => {
      clearTimeout(waiting);
      clearInterval(repeating);
    };
    made.addEventListener('pointerdown', () => {
      // By another finger, perhaps.
      release();
      held = false;
      waiting = setTimeout(() => {
        held = true;
        this.#stroke(keysym);
        repeating = setInterval(() => this.#stroke(keysym), REPEAT_MS);
      }, HOLD_MS);
    });
    this.#listening.signal.addEventListener('abort', release);
    for (const type of ['pointerup', 'pointercancel', 'pointerleave'] as const) made.addEventListener(type, release);
    return made;
  }

  #modifier(name: Modifier): HTMLButtonElement {
    const made = this.#made(name === 'alt' ? 'Alt' : this.#words[name], () => this.#sticky.tap(name));
    this.#modifiers.set(name, made);
    return made;
  }

  #show(): void {
    const { shown } = this.#phone;
    this.#toggle.setAttribute('aria-label', shown ? this.#words.hideKeyboard : this.#words.keyboard);
    this.#toggle.dataset['on'] = String(shown);
    for (const [name, made] of this.#modifiers) {
      const state = this.#sticky.state(name);
      const key = made.textContent;
      made.setAttribute('aria-pressed', String(state !== 'off'));
      made.dataset['state'] = state;
      made.setAttribute('aria-label', state === 'off' ? key : fill(this.#words[state], { key }));
    }
  }

  /** Above the phone's keyboard, which lies over the page. */
  #place(): void {
    const { window, desktop } = this.#options;
    const view = window.visualViewport;
    // Zoomed by the browser, the view is a part of the page for another reason.
    const seen = view && view.scale < 1.01 ? view.offsetTop + view.height : window.innerHeight;
    const covered = Math.max(0, Math.round(window.innerHeight - seen));
    // Put away by the phone's own means.
    if (covered === 0 && this.#covered > 0 && this.#phone.shown) this.showKeyboard(false);
    this.#covered = covered;
    this.element.style.bottom = `${covered}px`;
    desktop.cover(covered);
  }
}
