/**
 * The bar at an edge of the page: hides behind a handle, comes with the pointer, the keyboard or a touch, and never takes the
 * keyboard's focus from the desktop when it is clicked. What it holds is added by the features.
 */
import type { Role } from '../contract/session.ts';
import type { ViewerState } from '../embed/messages.ts';
import { BarDrawers, type Drawer } from './bar-drawers.ts';
import { controlsIn, goAlong } from './bar-keys.ts';
import { BarPlace } from './bar-place.ts';
import { button, h, icon, type IconName } from './dom.ts';
import { Overflow } from './bar-room.ts';
import {
  iconButton,
  type MenuEntry,
  type MenuTool,
  type PanelTool,
  relabel,
  type Setting,
  type Tool,
  toolOf,
} from './bar-tools.ts';
import type { Preferences } from './preferences.ts';
import type { StringKey, Strings } from './strings.ts';

export interface ToolbarActions {
  readonly onDisconnect: () => void;
  /** Escape: the keyboard goes back to the desktop. */
  readonly onLeave: () => void;
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
  readonly #place: BarPlace;
  readonly #overflow: Overflow;
  readonly #preferences: Preferences;
  #settings: { list: HTMLElement; holder: HTMLElement } | undefined;
  readonly #drawers: BarDrawers;
  readonly #listening = new AbortController();
  #role: Role = 'master';
  #state: ViewerState['state'] = 'loading';
  #pinned: boolean;
  #hide: ReturnType<typeof setTimeout> | undefined;

  constructor(strings: Strings, preferences: Preferences, actions: ToolbarActions) {
    this.#strings = strings;
    this.#preferences = preferences;
    this.#pinned = preferences.get('pinned') === true;
    this.element = h('div', { class: 'toolbar' });
    this.#place = new BarPlace(this.element, strings, preferences, () => this.#moved());
    this.#pin = iconButton('pin', strings.text('pin'), () => this.#togglePin());
    const disconnect = iconButton('disconnect', strings.text('disconnect'), actions.onDisconnect);
    disconnect.classList.add('danger');
    this.#bar = h(
      'div',
      { class: 'bar', attributes: { role: 'toolbar', 'aria-label': strings.text('toolbar') } },
      this.#place.grip,
      h('span', { class: 'bar-title' }, this.#dot, h('span', { class: 'bar-words' }, this.#name, this.#status)),
      h('span', { class: 'bar-line' }),
      this.#tools,
    );
    this.#drawers = new BarDrawers(this.#bar, this.#place);
    const more = this.#addMore();
    this.#bar.append(this.#pin, h('span', { class: 'bar-line' }), disconnect);
    this.#overflow = new Overflow(this.#bar, this.#tools, more);
    const handle = button({ class: 'handle', title: strings.text('showToolbar'), onClick: () => this.show() });
    handle.setAttribute('aria-label', strings.text('showToolbar'));
    // The bar's own buttons are reached by keyboard anyway, and show it.
    handle.tabIndex = -1;
    this.element.append(handle, this.#bar, this.#place.status);
    this.#listen(actions);
    this.#showPin();
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
    this.#fit();
  }

  set name(name: string) {
    this.#name.textContent = name;
    this.#fit();
  }

  addButton(name: IconName, label: string, onClick: () => void): Tool {
    const made = iconButton(name, label, onClick);
    this.#add(made);
    return this.#tool(made, made);
  }

  addMenu(name: IconName, label: string, entries: readonly MenuEntry[]): MenuTool {
    const opener = iconButton(name, label);
    const list = h('div', { class: 'menu', attributes: { role: 'menu', 'aria-label': label } });
    const drawer: Drawer = { button: opener, body: list, kind: 'menu', onOpen: () => focusFirst(list) };
    const replace = (next: readonly MenuEntry[]) => {
      list.replaceChildren(...next.map((entry) => this.#entry(drawer, entry)));
    };
    replace(entries);
    const holder = this.#addDrawer(drawer);
    const check = (index: number) => {
      const items = [...list.children];
      for (const [at, item] of items.entries()) item.setAttribute('aria-checked', String(at === index));
    };
    return Object.assign(this.#tool(opener, holder), { check, replace });
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
      onOpen: (focus) => void fill(focus),
      onClose: () => {
        onClose?.();
        body.replaceChildren();
      },
    };
    const fill = async (focus: boolean) => {
      const content = await build();
      if (body.hidden) return;
      body.replaceChildren(content);
      this.#drawers.beside(drawer);
      if (focus) body.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    };
    const holder = this.#addDrawer(drawer);
    return Object.defineProperties(this.#tool(opener, holder), {
      open: { get: () => !body.hidden },
      show: {
        value: (focus: boolean) => {
          if (body.hidden) this.#drawers.open(drawer, focus);
          this.show();
        },
      },
      close: { value: () => this.#drawers.close(drawer) },
    }) as PanelTool;
  }

  /** A switch in the menu of settings, which is there once there is one. */
  addSetting(label: string, on: boolean, onChange: (on: boolean) => void): Setting {
    this.#settings ??= this.#addSettings();
    const { list, holder } = this.#settings;
    const item = button({}, icon('check'), label);
    item.setAttribute('role', 'menuitemcheckbox');
    const show = (next: boolean) => item.setAttribute('aria-checked', String(next));
    show(on);
    item.addEventListener('click', () => {
      const next = item.getAttribute('aria-checked') !== 'true';
      show(next);
      onChange(next);
    });
    list.append(item);
    holder.hidden = false;
    this.#fit();
    return {
      get on() {
        return item.getAttribute('aria-checked') === 'true';
      },
      set on(next: boolean) {
        show(next);
      },
      remove: () => {
        item.remove();
        holder.hidden = list.children.length === 0;
      },
    };
  }

  /** Shows the bar; it hides again after `ms`, unless it is in use. */
  show(ms = HIDE_AFTER_MS * 3): void {
    this.element.classList.add('shown');
    this.#hideLater(ms);
  }

  /** The keyboard to the first button. */
  focus(): void {
    const [first] = controlsIn(this.#bar).filter((one) => one !== this.#place.grip);
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

  #addDrawer(drawer: Drawer): HTMLElement {
    const holder = this.#drawers.add(drawer);
    this.#add(holder);
    return holder;
  }

  #tool(opener: HTMLButtonElement, holder: HTMLElement): Tool {
    return toolOf(opener, holder, () => this.#fit());
  }

  #add(holder: HTMLElement): void {
    this.#overflow.restore();
    // The settings stay the last of the tools.
    this.#tools.insertBefore(holder, this.#settings?.holder ?? null);
    this.#fit();
  }

  #addMore(): { holder: HTMLElement; list: HTMLElement } {
    const label = this.#strings.text('moreTools');
    const opener = iconButton('more', label);
    const list = h('div', { class: 'menu bar-more', attributes: { role: 'group', 'aria-label': label } });
    const onOpen = () => controlsIn(list)[0]?.focus();
    const holder = this.#drawers.add({ button: opener, body: list, kind: 'more', onOpen });
    holder.hidden = true;
    this.#bar.append(holder);
    return { holder, list };
  }

  #addSettings(): { list: HTMLElement; holder: HTMLElement } {
    const label = this.#strings.text('settings');
    const opener = iconButton('settings', label);
    const list = h('div', { class: 'menu', attributes: { role: 'menu', 'aria-label': label } });
    const holder = this.#addDrawer({ button: opener, body: list, kind: 'menu', onOpen: () => focusFirst(list) });
    return { list, holder };
  }

  /** Tools that do not fit go into the drawer for more. Not under the hand that has one open. */
  #fit(): void {
    // A menu goes with its button: left open, it would keep the bar from hiding.
    for (const drawer of this.#drawers.opened) {
      if (drawer.button.closest('[hidden]') !== null) this.#drawers.close(drawer);
    }
    if (this.#drawers.opened.length === 0) this.#overflow.fit();
  }

  #moved(): void {
    this.#closeDrawers();
    this.show();
    this.#fit();
  }

  #closeDrawers(): boolean {
    const open = this.#drawers.opened;
    for (const drawer of open) this.#drawers.close(drawer);
    if (open.length > 0) this.#fit();
    return open.length > 0;
  }

  #togglePin(): void {
    this.#pinned = !this.#pinned;
    this.#preferences.set({ pinned: this.#pinned });
    this.#showPin();
    this.show();
  }

  #showPin(): void {
    this.#pin.setAttribute('aria-pressed', String(this.#pinned));
    relabel(this.#pin, this.#strings.text(this.#pinned ? 'unpin' : 'pin'));
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
    const { signal } = this.#listening;
    document.addEventListener('pointerdown', outside, { signal, capture: true });
    document.defaultView?.addEventListener('resize', () => this.#moved(), { signal });
  }

  #onKey(event: KeyboardEvent, actions: ToolbarActions): void {
    const open = this.#drawers.opened;
    const inner = open.findLast((one) => one.kind !== 'more') ?? open[0];
    if (event.key === 'Escape') {
      if (inner) {
        inner.button.focus();
        this.#drawers.close(inner);
        this.#fit();
      } else actions.onLeave();
      return;
    }
    const holder = inner?.body.contains(document.activeElement) ? inner : open.find(({ body }) => holds(body));
    // Arrows belong to the fields of a panel.
    if (holder?.kind === 'panel') return;
    const controls = !holder
      ? controlsIn(this.#bar)
      : holder.kind === 'more'
        ? controlsIn(holder.body)
        : [...holder.body.querySelectorAll<HTMLElement>('button')];
    const upright = holder !== undefined || this.#place.edge === 'left' || this.#place.edge === 'right';
    goAlong(controls, upright, event);
  }

  #hideLater(ms: number): void {
    clearTimeout(this.#hide);
    this.#hide = setTimeout(() => {
      const used =
        this.#pinned ||
        this.element.matches(':hover') ||
        this.element.contains(document.activeElement) ||
        this.#drawers.opened.length > 0;
      if (!used) this.element.classList.remove('shown');
    }, ms);
  }

  #words(): void {
    const lost = this.#state === 'reconnecting';
    this.#dot.dataset['state'] = lost ? 'lost' : this.#state;
    this.#status.textContent = this.#strings.text(lost ? 'reconnecting' : ROLES[this.#role]);
  }
}

function focusFirst(menu: HTMLElement): void {
  menu.querySelector('button')?.focus();
}

function holds(body: HTMLElement): boolean {
  return body.contains(document.activeElement);
}
