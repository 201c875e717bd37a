/** The list of windows, as its panel shows it. Loaded when that is opened. */
import type { SessionWindow, ViewerFrame } from '../../contract/socket.ts';
import { button, h, icon } from '../dom.ts';
import { fill, type Words } from '../strings.ts';
import './windows.css';

const WORDS: Words<'none' | 'untitled' | 'close' | 'active'> = {
  en: {
    none: 'No window is open.',
    untitled: 'Window without a title',
    close: 'Close “{title}”',
    active: 'in front',
  },
  de: {
    none: 'Kein Fenster ist offen.',
    untitled: 'Fenster ohne Titel',
    close: '„{title}“ schließen',
    active: 'vorn',
  },
};

export interface WindowList {
  readonly element: HTMLElement;
  draw(list: readonly SessionWindow[]): void;
}

export interface WindowListPorts {
  readonly language: 'en' | 'de';
  send(frame: ViewerFrame): void;
  /** One was chosen. */
  chosen(): void;
}

export function windowList({ language, send, chosen }: WindowListPorts): WindowList {
  const words = WORDS[language];
  const shown = h('ul', { class: 'window-list' });

  function draw(list: readonly SessionWindow[]): void {
    // The list changes while it is looked at; whoever is in it by keyboard stays at the same place.
    const focused = [...shown.querySelectorAll('button')].findIndex((one) => one === document.activeElement);
    const rows = list.map((one) => {
      const title = one.title.trim() === '' ? words.untitled : one.title;
      const raise = button({
        class: 'window-title',
        onClick: () => {
          send({ t: 'window', id: one.id, action: 'raise' });
          chosen();
        },
      });
      raise.append(h('span', { text: title, attributes: { dir: 'auto' } }));
      if (one.active) raise.append(h('small', { text: words.active }));
      const close = button(
        { class: 'icon-button', onClick: () => send({ t: 'window', id: one.id, action: 'close' }) },
        icon('close'),
      );
      close.title = fill(words.close, { title });
      close.setAttribute('aria-label', close.title);
      return h('li', {}, raise, close);
    });
    shown.replaceChildren(...(rows.length > 0 ? rows : [h('li', { class: 'window-none', text: words.none })]));
    const buttons = shown.querySelectorAll('button');
    if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus();
  }
  return { element: shown, draw };
}
