/**
 * The bar at the top edge: hides behind a handle, comes with the pointer, the keyboard or a touch, and never takes the
 * keyboard's focus from the desktop when it is clicked.
 */
import type { Role } from '../contract/session.ts';
import type { KeyCombo, Scaling, ViewerState } from '../embed/messages.ts';
import { button, h, icon } from './dom.ts';
import type { StringKey, Strings } from './strings.ts';

export interface ToolbarActions {
  readonly onScaling: (scaling: Scaling) => void;
  readonly onCombo: (combo: KeyCombo) => void;
  readonly onFullscreen: () => void;
  readonly onDisconnect: () => void;
  /** Escape: the keyboard goes back to the desktop. */
  readonly onLeave: () => void;
}

/** Long enough to be seen where it went. */
const FIRST_SHOWN_MS = 3500;
const HIDE_AFTER_MS = 900;

const SCALINGS: readonly (readonly [Scaling, StringKey])[] = [
  ['remote', 'scalingRemote'],
  ['fit', 'scalingFit'],
  ['none', 'scalingNone'],
];

const COMBOS: readonly (readonly [KeyCombo, string, StringKey?])[] = [
  ['ctrl-alt-delete', 'Ctrl + Alt + Del'],
  ['alt-f4', 'Alt + F4'],
  ['alt-tab', 'Alt + Tab'],
  ['ctrl-w', 'Ctrl + W'],
  ['super', 'Super', 'comboSuper'],
  ['print-screen', 'Print', 'comboPrint'],
  ['escape', 'Esc'],
];

const ROLES: Readonly<Record<Role, StringKey>> = {
  master: 'roleMaster',
  controller: 'roleController',
  viewer: 'roleViewer',
  inactive: 'roleInactive',
  'master-viewer': 'roleMasterViewer',
};

export class Toolbar {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #bar: HTMLElement;
  readonly #name = h('span', { class: 'bar-name', attributes: { dir: 'auto' } });
  readonly #status = h('span', { class: 'bar-status' });
  readonly #dot = h('span', { class: 'dot' });
  readonly #pin: HTMLButtonElement;
  readonly #fullscreen: HTMLButtonElement;
  readonly #keys: HTMLButtonElement;
  readonly #scalingItems = new Map<Scaling, HTMLButtonElement>();
  readonly #menus: { readonly button: HTMLButtonElement; readonly list: HTMLElement }[] = [];
  readonly #listening = new AbortController();
  #role: Role = 'master';
  #state: ViewerState['state'] = 'loading';
  #pinned = false;
  #hide: ReturnType<typeof setTimeout> | undefined;

  constructor(strings: Strings, actions: ToolbarActions) {
    this.#strings = strings;
    this.#keys = this.#iconButton('keys', 'keys');
    const keys = this.#menu(
      this.#keys,
      COMBOS.map(([combo, label, key]) => {
        const item = button({ text: key ? strings.text(key) : label, onClick: () => actions.onCombo(combo) });
        item.setAttribute('role', 'menuitem');
        return item;
      }),
    );
    const scaling = this.#menu(
      this.#iconButton('scaling', 'scaling'),
      SCALINGS.map(([mode, key]) => {
        const item = button({ onClick: () => actions.onScaling(mode) }, icon('check'), strings.text(key));
        item.setAttribute('role', 'menuitemradio');
        this.#scalingItems.set(mode, item);
        return item;
      }),
    );
    this.#fullscreen = this.#iconButton('fullscreen', 'fullscreen', actions.onFullscreen);
    this.#pin = this.#iconButton('pin', 'pin', () => this.#togglePin());
    this.#pin.setAttribute('aria-pressed', 'false');
    const disconnect = this.#iconButton('disconnect', 'disconnect', actions.onDisconnect);
    disconnect.classList.add('danger');
    this.#bar = h(
      'div',
      { class: 'bar', attributes: { role: 'toolbar', 'aria-label': strings.text('toolbar') } },
      h('span', { class: 'bar-title' }, this.#dot, h('span', { class: 'bar-words' }, this.#name, this.#status)),
      h('span', { class: 'bar-line' }),
      keys,
      scaling,
      this.#fullscreen,
      this.#pin,
      h('span', { class: 'bar-line' }),
      disconnect,
    );
    const handle = button({ class: 'handle', title: strings.text('showToolbar'), onClick: () => this.show() });
    handle.setAttribute('aria-label', strings.text('showToolbar'));
    // The bar's own buttons are reached by keyboard anyway, and show it.
    handle.tabIndex = -1;
    this.element = h('div', { class: 'toolbar' }, handle, this.#bar);
    this.#listen(actions);
    this.#words();
  }

  set role(role: Role) {
    this.#role = role;
    this.#keys.hidden = role !== 'master' && role !== 'controller';
    this.#words();
  }

  set state(state: ViewerState['state']) {
    if (state === 'connected' && this.#state !== 'connected') this.show(FIRST_SHOWN_MS);
    this.#state = state;
    this.element.hidden = state !== 'connected' && state !== 'reconnecting';
    if (this.element.hidden) this.#closeMenus();
    this.#words();
  }

  set name(name: string) {
    this.#name.textContent = name;
  }

  set scaling(scaling: Scaling) {
    for (const [mode, item] of this.#scalingItems) item.setAttribute('aria-checked', String(mode === scaling));
  }

  set fullscreen(active: boolean) {
    this.#label(this.#fullscreen, active ? 'leaveFullscreen' : 'fullscreen');
  }

  /** Shows the bar; it hides again after `ms`, unless it is in use. */
  show(ms = HIDE_AFTER_MS * 3): void {
    this.element.classList.add('shown');
    this.#hideLater(ms);
  }

  /** The keyboard to the first button. */
  focus(): void {
    const [first] = this.#buttons();
    first?.focus();
  }

  dispose(): void {
    clearTimeout(this.#hide);
    this.#listening.abort();
    this.element.remove();
  }

  #iconButton(name: Parameters<typeof icon>[0], key: StringKey, onClick?: () => void): HTMLButtonElement {
    const made = button({ class: 'icon-button', ...(onClick ? { onClick } : {}) }, icon(name));
    this.#label(made, key);
    return made;
  }

  #label(target: HTMLElement, key: StringKey): void {
    target.title = this.#strings.text(key);
    target.setAttribute('aria-label', this.#strings.text(key));
  }

  #menu(opener: HTMLButtonElement, items: readonly HTMLButtonElement[]): HTMLElement {
    const list = h('div', { class: 'menu', attributes: { role: 'menu' } }, ...items);
    list.hidden = true;
    opener.setAttribute('aria-haspopup', 'menu');
    opener.setAttribute('aria-expanded', 'false');
    this.#menus.push({ button: opener, list });
    opener.addEventListener('click', (event) => {
      const open = list.hidden;
      this.#closeMenus();
      list.hidden = !open;
      opener.setAttribute('aria-expanded', String(open));
      // Opened by keyboard (a click without a pointer): the keyboard goes into the menu.
      if (open && event.detail === 0) items[0]?.focus();
    });
    for (const item of items) {
      item.addEventListener('click', () => {
        const inside = list.contains(document.activeElement);
        this.#closeMenus();
        if (inside) opener.focus();
      });
    }
    return h('span', { class: 'menu-holder' }, opener, list);
  }

  #closeMenus(): boolean {
    const open = this.#menus.filter((menu) => !menu.list.hidden);
    for (const menu of open) {
      menu.list.hidden = true;
      menu.button.setAttribute('aria-expanded', 'false');
    }
    return open.length > 0;
  }

  #togglePin(): void {
    this.#pinned = !this.#pinned;
    this.#pin.setAttribute('aria-pressed', String(this.#pinned));
    this.#label(this.#pin, this.#pinned ? 'unpin' : 'pin');
    this.show();
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#bar.querySelectorAll<HTMLButtonElement>('.icon-button')].filter((one) => !one.hidden);
  }

  #listen(actions: ToolbarActions): void {
    const { element } = this;
    element.addEventListener('pointerenter', () => this.show());
    element.addEventListener('pointerleave', () => this.#hideLater(HIDE_AFTER_MS));
    element.addEventListener('focusin', () => this.show());
    element.addEventListener('focusout', () => this.#hideLater(HIDE_AFTER_MS));
    element.addEventListener('keydown', (event) => this.#onKey(event, actions));
    const outside = (event: Event) => {
      if (event.target instanceof Node && !element.contains(event.target) && this.#closeMenus()) this.#hideLater(0);
    };
    document.addEventListener('pointerdown', outside, { signal: this.#listening.signal, capture: true });
  }

  #onKey(event: KeyboardEvent, actions: ToolbarActions): void {
    const menu = this.#menus.find((one) => !one.list.hidden);
    if (event.key === 'Escape') {
      if (menu) menu.button.focus();
      if (!this.#closeMenus()) actions.onLeave();
      return;
    }
    const inMenu = menu?.list.contains(document.activeElement) === true;
    const controls = inMenu ? [...menu.list.querySelectorAll<HTMLElement>('button')] : this.#buttons();
    const [back, forward] = inMenu ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
    const step = event.key === forward ? 1 : event.key === back ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = controls.findIndex((control) => control === document.activeElement);
    controls[(at + step + controls.length) % controls.length]?.focus();
  }

  #hideLater(ms: number): void {
    clearTimeout(this.#hide);
    this.#hide = setTimeout(() => {
      const used =
        this.#pinned ||
        this.element.matches(':hover') ||
        this.element.contains(document.activeElement) ||
        this.#menus.some((menu) => !menu.list.hidden);
      if (!used) this.element.classList.remove('shown');
    }, ms);
  }

  #words(): void {
    const lost = this.#state === 'reconnecting';
    this.#dot.dataset['state'] = lost ? 'lost' : this.#state;
    this.#status.textContent = this.#strings.text(lost ? 'reconnecting' : ROLES[this.#role]);
  }
}
