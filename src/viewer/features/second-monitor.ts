/**
 * A second window as a second monitor: an empty window of this origin with a canvas in it, on which the same connection
 * paints the right half of the session. So nobody is counted twice, and no picture travels twice.
 */
import type { Feature, FeatureContext } from '../feature.ts';
import { button, h } from '../dom.ts';
import type { Words } from '../strings.ts';
import './second-monitor.css';

const WORDS: Words<
  | 'open'
  | 'close'
  | 'title'
  | 'gone'
  | 'goneText'
  | 'blocked'
  | 'blockedText'
  | 'tryAgain'
  | 'impossible'
  | 'dismiss'
  | 'waiting'
> = {
  en: {
    open: 'Open a second monitor',
    close: 'Close the second monitor',
    title: 'Second monitor',
    gone: 'The second monitor was closed',
    goneText: 'Its windows are at the edge of this one now. No program was ended.',
    blocked: 'The browser did not open the window',
    blockedText: 'Allow pop-up windows for this page, or try it from here.',
    tryAgain: 'Open the second monitor',
    impossible: 'This browser cannot show the session in a second window.',
    dismiss: 'Close',
    waiting: 'The session shows nothing here at the moment.',
  },
  de: {
    open: 'Zweiten Bildschirm öffnen',
    close: 'Zweiten Bildschirm schließen',
    title: 'Zweiter Bildschirm',
    gone: 'Der zweite Bildschirm wurde geschlossen',
    goneText: 'Seine Fenster sind jetzt am Rand von diesem. Kein Programm wurde beendet.',
    blocked: 'Der Browser hat das Fenster nicht geöffnet',
    blockedText: 'Erlauben Sie dieser Seite Pop-up-Fenster, oder versuchen Sie es von hier.',
    tryAgain: 'Zweiten Bildschirm öffnen',
    impossible: 'Dieser Browser kann die Sitzung nicht in einem zweiten Fenster zeigen.',
    dismiss: 'Schließen',
    waiting: 'Die Sitzung zeigt hier gerade nichts.',
  },
};

/** A browser tells neither of a window that is closed while it loads nor of one whose process is gone. */
const LOOK_MS = 1000;
const GONE_SHOWN_MS = 8000;

export function secondMonitor({ toolbar, notices, strings, desktop, window, root }: FeatureContext): Feature {
  const words = WORDS[strings.language];
  let inControl = false;
  let canResize = false;
  let opened: { readonly page: Window; readonly end: () => void } | undefined;
  let note: HTMLElement | undefined;
  const tool = toolbar.addButton('second', words.open, () => (opened ? close() : open()));

  function offer(): void {
    tool.hidden = !inControl || !canResize;
    tool.label = opened ? words.close : words.open;
    tool.pressed = opened !== undefined;
  }

  function open(): void {
    say(undefined);
    // Beside this one, where the second monitor usually is; the browser moves it to where it may be.
    const { availWidth, availHeight } = window.screen;
    const features = `popup,left=${window.screenX + availWidth},top=0,width=${availWidth},height=${availHeight}`;
    const page = window.open('', '', features);
    if (!page) {
      say(words.blocked, words.blockedText, true);
      return;
    }
    try {
      show(page);
    } catch {
      page.close();
      say(words.impossible, '', false);
    }
    offer();
  }

  function show(page: Window): void {
    const { document } = page;
    document.title = `${words.title} – ${window.document.title}`;
    document.documentElement.lang = strings.language;
    const ground = window.getComputedStyle(root).getPropertyValue('--ground');
    Object.assign(document.body.style, { margin: '0', height: '100vh', overflow: 'hidden', background: ground });
    const element = document.createElement('div');
    Object.assign(element.style, { position: 'fixed', inset: '0', userSelect: 'none' });
    const waiting = document.createElement('p');
    waiting.textContent = words.waiting;
    Object.assign(waiting.style, {
      position: 'fixed',
      inset: '0',
      display: 'grid',
      placeItems: 'center',
      margin: '0',
      font: '1rem system-ui, sans-serif',
      color: window.getComputedStyle(root).color,
    });
    document.body.replaceChildren(waiting, element);
    const remove = desktop.addScreen(element);
    // By hand: by us it has ended before.
    const gone = () => {
      if (opened?.page !== page) return;
      opened.end();
      notices.show({
        title: words.gone,
        message: words.goneText,
        icon: 'information',
        buttons: [],
        timeout: GONE_SHOWN_MS,
      });
    };
    page.addEventListener('pagehide', gone);
    // Ours goes, and so does the session's right half.
    window.addEventListener('pagehide', close);
    const look = setInterval(() => {
      if (page.closed) gone();
    }, LOOK_MS);
    opened = {
      page,
      end() {
        opened = undefined;
        clearInterval(look);
        page.removeEventListener('pagehide', gone);
        window.removeEventListener('pagehide', close);
        remove();
        offer();
      },
    };
  }

  function close(): void {
    const { page, end } = opened ?? {};
    end?.();
    page?.close();
  }

  /** `undefined`: nothing (any more). */
  function say(title: string | undefined, text = '', again = false): void {
    note?.remove();
    note = undefined;
    if (title === undefined) return;
    const dismiss = button({ class: 'button', text: words.dismiss, onClick: () => say(undefined) });
    const retry = button({ class: 'button primary', text: words.tryAgain, onClick: open });
    note = h(
      'div',
      { class: 'second-note', attributes: { role: 'alert' } },
      h('strong', { text: title }),
      ...(text === '' ? [] : [h('p', { text })]),
      h('div', { class: 'notice-buttons' }, ...(again ? [retry] : []), dismiss),
    );
    root.append(note);
    if (toolbar.element.contains(window.document.activeElement)) note.querySelector('button')?.focus();
  }

  offer();
  return {
    onRole(_role, may) {
      inControl = may;
      if (!may) close();
      offer();
    },
    onScreen(event) {
      if (event.type !== 'capabilities') return;
      canResize = event.setDesktopSize;
      offer();
    },
    onState({ state }) {
      // While a line is found again the window stays; a session that is over has no second half.
      if (state === 'ended' || state === 'disconnected') close();
    },
    dispose() {
      close();
      say(undefined);
    },
  };
}
