/** The windows of a session without a desktop: a list to choose from, since there is no taskbar. */
import type { SessionWindow } from '../../contract/socket.ts';
import { button, h, icon } from '../dom.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import { fill, type Words } from '../strings.ts';
import './windows.css';

const WORDS: Words<'windows' | 'none' | 'untitled' | 'close' | 'active'> = {
  en: {
    windows: 'Windows',
    none: 'No window is open.',
    untitled: 'Window without a title',
    close: 'Close “{title}”',
    active: 'in front',
  },
  de: {
    windows: 'Fenster',
    none: 'Kein Fenster ist offen.',
    untitled: 'Fenster ohne Titel',
    close: '„{title}“ schließen',
    active: 'vorn',
  },
};

export function windows({ toolbar, strings, send, desktop }: FeatureContext): Feature {
  const words = WORDS[strings.language];
  let list: readonly SessionWindow[] = [];
  let rootless = false;
  let inControl = false;
  let shown: HTMLElement | undefined;

  const tool = toolbar.addPanel(
    'windows',
    words.windows,
    () => {
      shown = h('ul', { class: 'window-list' });
      draw();
      return shown;
    },
    () => {
      shown = undefined;
    },
  );
  tool.hidden = true;

  function draw(): void {
    if (!shown) return;
    // The list changes while it is looked at; whoever is in it by keyboard stays at the same place.
    const focused = [...shown.querySelectorAll('button')].findIndex((one) => one === document.activeElement);
    const rows = list.map((one) => {
      const title = one.title.trim() === '' ? words.untitled : one.title;
      const raise = button({
        class: 'window-title',
        onClick: () => {
          send({ t: 'window', id: one.id, action: 'raise' });
          tool.close();
          desktop.focus();
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

  const offer = () => {
    tool.hidden = !(rootless && inControl);
    if (tool.hidden) tool.close();
  };
  return {
    onWelcome({ session }) {
      rootless = session.windowMode === 'rootless';
      offer();
    },
    onRole(_role, may) {
      inControl = may;
      offer();
    },
    onFrame(frame) {
      if (frame.t !== 'windows') return;
      list = frame.windows;
      draw();
    },
  };
}
