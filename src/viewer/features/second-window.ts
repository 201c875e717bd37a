/**
 * What the second monitor's window shows, and what is said of it beside the first one. Loaded when one is opened; by then
 * the window is there, since browsers open one only while a click or a key is being dealt with.
 */
import { SecondScreen } from '../../desktop/second-screen.ts';
import type { FeatureContext } from '../feature.ts';
import { button, h } from '../dom.ts';
import type { Words } from '../strings.ts';
import './second-monitor.css';

const WORDS: Words<
  'title' | 'gone' | 'goneText' | 'blocked' | 'blockedText' | 'tryAgain' | 'impossible' | 'dismiss' | 'waiting'
> = {
  en: {
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

export interface SecondWindowPorts {
  /** The window is not one of the session's any more, whoever closed it. */
  readonly ended: () => void;
  /** To be tried again, by a click. */
  readonly retry: () => void;
  /** This page goes, and so does the session's right half. */
  readonly close: () => void;
}

export interface SecondWindow {
  /** Fills an empty window of this origin. Throws where the browser does not let it. */
  show(page: Window): void;
  /** The browser opened none. */
  blocked(): void;
  /** It cannot be filled. */
  impossible(): void;
  /** Takes the session out of the window, which stays. */
  end(): void;
  /** Takes away what was said. */
  hush(): void;
}

type Context = Pick<FeatureContext, 'toolbar' | 'notices' | 'strings' | 'desktop' | 'window' | 'root'>;

export function secondWindow(
  { toolbar, notices, strings, desktop, window, root }: Context,
  ports: SecondWindowPorts,
): SecondWindow {
  const words = WORDS[strings.language];
  let opened: { readonly page: Window; readonly end: () => void } | undefined;
  let note: HTMLElement | undefined;

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
    const remove = desktop.addScreen((options) => new SecondScreen(element, options));
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
    window.addEventListener('pagehide', ports.close);
    const look = setInterval(() => {
      if (page.closed) gone();
    }, LOOK_MS);
    opened = {
      page,
      end() {
        opened = undefined;
        clearInterval(look);
        page.removeEventListener('pagehide', gone);
        window.removeEventListener('pagehide', ports.close);
        remove();
        ports.ended();
      },
    };
  }

  /** `undefined`: nothing (any more). */
  function say(title: string | undefined, text = '', again = false): void {
    note?.remove();
    note = undefined;
    if (title === undefined) return;
    const dismiss = button({ class: 'button', text: words.dismiss, onClick: () => say(undefined) });
    const retry = button({ class: 'button primary', text: words.tryAgain, onClick: ports.retry });
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

  return {
    show,
    blocked: () => say(words.blocked, words.blockedText, true),
    impossible: () => say(words.impossible, '', false),
    end: () => opened?.end(),
    hush: () => say(undefined),
  };
}
