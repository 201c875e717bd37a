/** The tools in the bar, as the features that put them there hold them, and the buttons they are. */
import { button, icon, type IconName } from './dom.ts';

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

/** Something to be switched on and off, in the bar's menu of settings. */
export interface Setting {
  on: boolean;
  remove(): void;
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

/** `holder` is what of it is in the bar: the button, or that with what it opens. `fit`: the bar has another length. */
export function toolOf(opener: HTMLButtonElement, holder: HTMLElement, fit: () => void): Tool {
  return {
    get hidden() {
      return holder.hidden === true;
    },
    set hidden(hidden: boolean) {
      holder.hidden = hidden;
      fit();
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
    remove() {
      holder.remove();
      fit();
    },
  };
}

export function iconButton(name: IconName, label: string, onClick?: () => void): HTMLButtonElement {
  const made = button({ class: 'icon-button', ...(onClick ? { onClick } : {}) }, icon(name));
  relabel(made, label);
  return made;
}

export function relabel(target: HTMLElement, label: string): void {
  target.title = label;
  target.setAttribute('aria-label', label);
}
