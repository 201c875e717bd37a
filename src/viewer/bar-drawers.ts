/** What opens beside buttons of the bar: menus, panels, and the tools for which the bar has no room. One at a time. */
import type { BarPlace } from './bar-place.ts';
import { besideBar } from './bar-room.ts';
import { h } from './dom.ts';

/** Something that opens beside its button; `more` holds the tools for which the bar has no room. */
export interface Drawer {
  readonly button: HTMLButtonElement;
  readonly body: HTMLElement;
  readonly kind: 'menu' | 'panel' | 'more';
  /** Of a menu: only when the keyboard is to go into it. Of a panel always. */
  readonly onOpen: (focus: boolean) => void;
  readonly onClose?: () => void;
}

export class BarDrawers {
  readonly #bar: HTMLElement;
  readonly #place: BarPlace;
  readonly #drawers = new Set<Drawer>();

  constructor(bar: HTMLElement, place: BarPlace) {
    this.#bar = bar;
    this.#place = place;
  }

  /** Those that are open, the outer one first. */
  get opened(): Drawer[] {
    return [...this.#drawers].filter((drawer) => !drawer.body.hidden);
  }

  /** Gives what goes into the bar: the button with what it opens. */
  add(drawer: Drawer): HTMLElement {
    const { button: opener, body, kind } = drawer;
    body.hidden = true;
    if (kind !== 'more') opener.setAttribute('aria-haspopup', kind === 'menu' ? 'menu' : 'dialog');
    opener.setAttribute('aria-expanded', 'false');
    this.#drawers.add(drawer);
    opener.addEventListener('click', (event) => {
      // Opened by keyboard (a click without a pointer): the keyboard goes into it.
      if (body.hidden) this.open(drawer, event.detail === 0);
      else this.close(drawer);
    });
    return h('span', { class: 'menu-holder' }, opener, body);
  }

  open(drawer: Drawer, focus: boolean): void {
    // One at a time, but for the drawer in which this one's button is: closed, it would hide what opens by itself.
    for (const other of this.#drawers) {
      if (!other.body.contains(drawer.button)) this.close(other);
      else if (other.body.hidden) this.open(other, false);
    }
    drawer.body.hidden = false;
    drawer.button.setAttribute('aria-expanded', 'true');
    this.beside(drawer);
    if (drawer.kind === 'panel' || focus) drawer.onOpen(focus);
  }

  close(drawer: Drawer): void {
    if (drawer.body.hidden) return;
    drawer.body.hidden = true;
    drawer.button.setAttribute('aria-expanded', 'false');
    drawer.onClose?.();
  }

  /** To where it belongs, after it has changed its size. */
  beside(drawer: Drawer): void {
    if (!drawer.body.hidden) besideBar(drawer.body, drawer.button, this.#bar, this.#place.edge);
  }
}
