/**
 * The bar at an edge of the page: hides behind a handle, comes with the pointer, the keyboard or a touch, and never takes the
 * keyboard's focus from the desktop when it is clicked. What it holds is added by the features.
 */
import type { Role } from '../contract/session.ts';
import type { ViewerState } from '../embed/messages.ts';
import { BarDrawers, type Drawer } from './bar-drawers.ts';
import { controlsIn, goAlong } from './bar-keys.ts';
import { BarPlace } from './bar-place.ts';
import { barShown, type BarShown } from './bar-shown.ts';
import { button, h, type IconName } from './dom.ts';
import { Overflow } from './bar-room.ts';
import {
  iconButton,
  menuItem,
  type MenuEntry,
  type MenuTool,
  type PanelTool,
  type Setting,
  settingIn,
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
  readonly #shown: BarShown;
  readonly #place: BarPlace;
  readonly #overflow: Overflow;
  #settings: { drawer: Drawer; holder: HTMLElement } | undefined;
  readonly #drawers: BarDrawers;
  readonly #listening = new AbortController();
  #role: Role = 'master';
  #state: ViewerState['state'] = 'loading';

  constructor(strings: Strings, preferences: Preferences, actions: ToolbarActions) {
    this.#strings = strings;
    this.element = h('div', { class: 'toolbar' });
    this.#place = new BarPlace(this.element, strings, preferences, () => this.#moved());
    this.#shown = barShown(this.element, strings, preferences, () => this.#drawers.opened.length > 0);
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
    this.#bar.append(this.#shown.pin, h('span', { class: 'bar-line' }), disconnect);
    this.#overflow = new Overflow(this.#bar, this.#tools, more);
    const handle = button({ class: 'handle', title: strings.text('showToolbar'), onClick: () => this.show() });
    handle.setAttribute('aria-label', strings.text('showToolbar'));
    // The bar's own buttons are reached by keyboard anyway, and show it.
    handle.tabIndex = -1;
    this.element.append(handle, this.#bar, this.#place.status);
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
    const { drawer, holder } = this.#addList(name, label);
    const { button: opener, body: list } = drawer;
    const replace = (next: readonly MenuEntry[]) => {
      list.replaceChildren(...next.map((entry) => this.#entry(drawer, entry)));
    };
    replace(entries);
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
    this.#settings ??= this.#addList('settings', this.#strings.text('settings'));
    const { drawer, holder } = this.#settings;
    const list = drawer.body;
    const changed = () => {
      holder.hidden = list.children.length === 0;
      this.#fit();
    };
    const setting = settingIn(list, label, on, onChange, changed);
    changed();
    return setting;
  }

  /** Shows the bar; it hides again after `ms`, unless it is in use. */
  show(ms?: number): void {
    this.#shown.show(ms);
  }

  /** The keyboard to the first button. */
  focus(): void {
    const [first] = controlsIn(this.#bar).filter((one) => one !== this.#place.grip);
    first?.focus();
  }

  dispose(): void {
    this.#shown.dispose();
    this.#closeDrawers();
    this.#listening.abort();
    this.element.remove();
  }

  #entry(drawer: Drawer, entry: MenuEntry): HTMLElement {
    const item = menuItem(entry);
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

  /** A menu that has nothing in it yet, and its button. */
  #addList(name: IconName, label: string): { drawer: Drawer; holder: HTMLElement } {
    const list = h('div', { class: 'menu', attributes: { role: 'menu', 'aria-label': label } });
    const onOpen = () => list.querySelector('button')?.focus();
    const drawer: Drawer = { button: iconButton(name, label), body: list, kind: 'menu', onOpen };
    return { drawer, holder: this.#addDrawer(drawer) };
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

  #listen(actions: ToolbarActions): void {
    const { element } = this;
    element.addEventListener('keydown', (event) => this.#onKey(event, actions));
    const outside = (event: Event) => {
      if (event.target instanceof Node && !element.contains(event.target) && this.#closeDrawers())
        this.#shown.hideLater(0);
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

  #words(): void {
    const lost = this.#state === 'reconnecting';
    this.#dot.dataset['state'] = lost ? 'lost' : this.#state;
    this.#status.textContent = this.#strings.text(lost ? 'reconnecting' : ROLES[this.#role]);
  }
}

function holds(body: HTMLElement): boolean {
  return body.contains(document.activeElement);
}
