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

/** `run` is called before whatever else a click on it does. */
export function menuItem({ label, checked, run }: MenuEntry): HTMLButtonElement {
  const item = button({ onClick: run }, ...(checked === undefined ? [] : [icon('check')]), label);
  item.setAttribute('role', checked === undefined ? 'menuitem' : 'menuitemradio');
  if (checked !== undefined) item.setAttribute('aria-checked', String(checked));
  return item;
}

/** A switch at the end of `list`; `removed` is called when it is there no more. */
export function settingIn(
  list: HTMLElement,
  label: string,
  on: boolean,
  onChange: (on: boolean) => void,
  removed: () => void,
): Setting {
  const item = button({}, icon('check'), label);
  item.setAttribute('role', 'menuitemcheckbox');
  const setting = {
    get on() {
      return item.getAttribute('aria-checked') === 'true';
    },
    set on(next: boolean) {
      item.setAttribute('aria-checked', String(next));
    },
    remove() {
      item.remove();
      removed();
    },
  };
  item.addEventListener('click', () => {
    setting.on = !setting.on;
    onChange(setting.on);
  });
  setting.on = on;
  list.append(item);
  return setting;
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
