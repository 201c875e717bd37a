/**
 * The bar at the top edge: hides behind a handle, comes with the pointer, the keyboard or a touch, and never takes the
 * keyboard's focus from the desktop when it is clicked. What it holds is added by the features.
 */
import type { Role } from '../contract/session.ts';
import type { ViewerState } from '../embed/messages.ts';
import { button, h, icon, type IconName } from './dom.ts';
import type { StringKey, Strings } from './strings.ts';

export interface ToolbarActions {
  readonly onDisconnect: () => void;
  /** Escape: the keyboard goes back to the desktop. */
  readonly onLeave: () => void;
}

/** A tool in the bar, as its feature holds it. */
export interface Tool {
  hidden: boolean;
  /** What it is called, and its tooltip. */
  label: string;
  /** Drawn as switched on; told to screen readers. */
  pressed: boolean;
  remove(): void;
}

export interface MenuEntry {
  readonly label: string;
  /** Present: one of several to choose from, or to switch on. */
  readonly checked?: boolean;
  readonly run: () => void;
}

export interface MenuTool extends Tool {
  /** Marks the entry at `index` as the chosen one, and no other. */
  check(index: number): void;
  replace(entries: readonly MenuEntry[]): void;
}

export interface PanelTool extends Tool {
  readonly open: boolean;
  /** Opens the panel, with the keyboard in it if `focus`. */
  show(focus: boolean): void;
  close(): void;
}

/** Something that opens below its button. */
interface Drawer {
  readonly button: HTMLButtonElement;
  readonly body: HTMLElement;
  readonly kind: 'menu' | 'panel';
  readonly onClose?: () => void;
}

/** Long enough to be seen where it went. */
const FIRST_SHOWN_MS = 3500;
const HIDE_AFTER_MS = 900;

const ROLES: Readonly<Record<Role, StringKey>> = {
  master: 'roleMaster',
  controller: 'roleController',
  viewer: 'roleViewer',
  inactive: 'roleInactive',
  'master-viewer': 'roleMasterViewer',
};

const FOCUSABLE = 'button, a[href], input, select, textarea, [tabindex="0"]';

export class Toolbar {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #bar: HTMLElement;
  readonly #tools = h('span', { class: 'bar-tools' });
  readonly #name = h('span', { class: 'bar-name', attributes: { dir: 'auto' } });
  readonly #status = h('span', { class: 'bar-status' });
  readonly #dot = h('span', { class: 'dot' });
  readonly #pin: HTMLButtonElement;
  readonly #drawers = new Set<Drawer>();
  readonly #listening = new AbortController();
  #role: Role = 'master';
  #state: ViewerState['state'] = 'loading';
  #pinned = false;
  #hide: ReturnType<typeof setTimeout> | undefined;

  constructor(strings: Strings, actions: ToolbarActions) {
    this.#strings = strings;
    this.#pin = iconButton('pin', strings.text('pin'), () => this.#togglePin());
    this.#pin.setAttribute('aria-pressed', 'false');
    const disconnect = iconButton('disconnect', strings.text('disconnect'), actions.onDisconnect);
    disconnect.classList.add('danger');
    this.#bar = h(
      'div',
      { class: 'bar', attributes: { role: 'toolbar', 'aria-label': strings.text('toolbar') } },
      h('span', { class: 'bar-title' }, this.#dot, h('span', { class: 'bar-words' }, this.#name, this.#status)),
      h('span', { class: 'bar-line' }),
      this.#tools,
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
    this.#words();
  }

  set state(state: ViewerState['state']) {
    if (state === 'connected' && this.#state !== 'connected') this.show(FIRST_SHOWN_MS);
    this.#state = state;
    this.element.hidden = state !== 'connected' && state !== 'reconnecting';
    if (this.element.hidden) this.#closeDrawers();
    this.#words();
  }

  set name(name: string) {
    this.#name.textContent = name;
  }

  addButton(name: IconName, label: string, onClick: () => void): Tool {
    const made = iconButton(name, label, onClick);
    this.#tools.append(made);
    return tool(made, made);
  }

  addMenu(name: IconName, label: string, entries: readonly MenuEntry[]): MenuTool {
    const opener = iconButton(name, label);
    const list = h('div', { class: 'menu', attributes: { role: 'menu', 'aria-label': label } });
    const drawer: Drawer = { button: opener, body: list, kind: 'menu' };
    const replace = (next: readonly MenuEntry[]) => {
      list.replaceChildren(...next.map((entry) => this.#entry(drawer, entry)));
    };
    replace(entries);
    const holder = this.#addDrawer(drawer, () => {
      list.querySelector<HTMLElement>('button')?.focus();
    });
    const check = (index: number) => {
      const items = [...list.children];
      for (const [at, item] of items.entries()) item.setAttribute('aria-checked', String(at === index));
    };
    return Object.assign(tool(opener, holder), { check, replace });
  }

  /**
   * `build` is called at each opening, so that a panel that is never opened costs nothing; what it gives is taken out
   * again when the panel closes, after `onClose`.
   */
  addPanel(
    name: IconName,
    label: string,
    build: () => HTMLElement | Promise<HTMLElement>,
    onClose?: () => void,
  ): PanelTool {
    const opener = iconButton(name, label);
    const body = h('div', { class: 'panel', attributes: { role: 'dialog', 'aria-label': label } });
    const drawer: Drawer = {
      button: opener,
      body,
      kind: 'panel',
      onClose: () => {
        onClose?.();
        body.replaceChildren();
      },
    };
    const fill = async (focus: boolean) => {
      const content = await build();
      if (body.hidden) return;
      body.replaceChildren(content);
      if (focus) body.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    };
    const holder = this.#addDrawer(drawer, (focus) => void fill(focus));
    return Object.defineProperties(tool(opener, holder), {
      open: { get: () => !body.hidden },
      show: {
        value: (focus: boolean) => {
          if (body.hidden) this.#open(drawer, (inside) => void fill(inside), focus);
          this.show();
        },
      },
      close: { value: () => this.#close(drawer) },
    }) as PanelTool;
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
    this.#closeDrawers();
    this.#listening.abort();
    this.element.remove();
  }

  #entry(drawer: Drawer, { label, checked, run }: MenuEntry): HTMLElement {
    const item = button({ onClick: run }, ...(checked === undefined ? [] : [icon('check')]), label);
    item.setAttribute('role', checked === undefined ? 'menuitem' : 'menuitemradio');
    if (checked !== undefined) item.setAttribute('aria-checked', String(checked));
    item.addEventListener('click', () => {
      const inside = drawer.body.contains(document.activeElement);
      this.#closeDrawers();
      if (inside) drawer.button.focus();
    });
    return item;
  }

  #addDrawer(drawer: Drawer, opened: (focus: boolean) => void): HTMLElement {
    const { button: opener, body, kind } = drawer;
    body.hidden = true;
    opener.setAttribute('aria-haspopup', kind === 'menu' ? 'menu' : 'dialog');
    opener.setAttribute('aria-expanded', 'false');
    this.#drawers.add(drawer);
    opener.addEventListener('click', (event) => {
      const open = body.hidden;
      this.#closeDrawers();
      // Opened by keyboard (a click without a pointer): the keyboard goes into it.
      if (open) this.#open(drawer, opened, event.detail === 0);
    });
    const holder = h('span', { class: 'menu-holder' }, opener, body);
    this.#tools.append(holder);
    return holder;
  }

  #open(drawer: Drawer, opened: (focus: boolean) => void, focus: boolean): void {
    this.#closeDrawers();
    drawer.body.hidden = false;
    drawer.button.setAttribute('aria-expanded', 'true');
    if (drawer.kind === 'panel' || focus) opened(focus);
  }

  #close(drawer: Drawer): void {
    if (drawer.body.hidden) return;
    drawer.body.hidden = true;
    drawer.button.setAttribute('aria-expanded', 'false');
    drawer.onClose?.();
  }

  #closeDrawers(): boolean {
    const open = [...this.#drawers].filter((drawer) => !drawer.body.hidden);
    for (const drawer of open) this.#close(drawer);
    return open.length > 0;
  }

  #togglePin(): void {
    this.#pinned = !this.#pinned;
    this.#pin.setAttribute('aria-pressed', String(this.#pinned));
    relabel(this.#pin, this.#strings.text(this.#pinned ? 'unpin' : 'pin'));
    this.show();
  }

  /** Those of the bar itself, not of what is open below it. */
  #buttons(): HTMLButtonElement[] {
    return [...this.#bar.querySelectorAll<HTMLButtonElement>('.icon-button')].filter(
      (one) => one.closest('[hidden], .panel, .menu') === null,
    );
  }

  #listen(actions: ToolbarActions): void {
    const { element } = this;
    element.addEventListener('pointerenter', () => this.show());
    element.addEventListener('pointerleave', () => this.#hideLater(HIDE_AFTER_MS));
    element.addEventListener('focusin', () => this.show());
    element.addEventListener('focusout', () => this.#hideLater(HIDE_AFTER_MS));
    element.addEventListener('keydown', (event) => this.#onKey(event, actions));
    const outside = (event: Event) => {
      if (event.target instanceof Node && !element.contains(event.target) && this.#closeDrawers()) this.#hideLater(0);
    };
    document.addEventListener('pointerdown', outside, { signal: this.#listening.signal, capture: true });
  }

  #onKey(event: KeyboardEvent, actions: ToolbarActions): void {
    const open = [...this.#drawers].find((one) => !one.body.hidden);
    if (event.key === 'Escape') {
      if (open) open.button.focus();
      if (!this.#closeDrawers()) actions.onLeave();
      return;
    }
    const inside = open?.body.contains(document.activeElement) === true;
    // Arrows belong to the fields of a panel.
    if (inside && open.kind === 'panel') return;
    const controls = inside ? [...open.body.querySelectorAll<HTMLElement>('button')] : this.#buttons();
    const [back, forward] = inside ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
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
        [...this.#drawers].some((drawer) => !drawer.body.hidden);
      if (!used) this.element.classList.remove('shown');
    }, ms);
  }

  #words(): void {
    const lost = this.#state === 'reconnecting';
    this.#dot.dataset['state'] = lost ? 'lost' : this.#state;
    this.#status.textContent = this.#strings.text(lost ? 'reconnecting' : ROLES[this.#role]);
  }
}

function relabel(target: HTMLElement, label: string): void {
  target.title = label;
  target.setAttribute('aria-label', label);
}

function iconButton(name: IconName, label: string, onClick?: () => void): HTMLButtonElement {
  const made = button({ class: 'icon-button', ...(onClick ? { onClick } : {}) }, icon(name));
  relabel(made, label);
  return made;
}

function tool(opener: HTMLButtonElement, holder: HTMLElement): Tool {
  return {
    get hidden() {
      return holder.hidden === true;
    },
    set hidden(hidden: boolean) {
      holder.hidden = hidden;
    },
    get label() {
      return opener.getAttribute('aria-label') ?? '';
    },
    set label(label) {
      relabel(opener, label);
    },
    get pressed() {
      return opener.getAttribute('aria-pressed') === 'true';
    },
    set pressed(pressed) {
      opener.setAttribute('aria-pressed', String(pressed));
    },
    remove: () => holder.remove(),
  };
}
