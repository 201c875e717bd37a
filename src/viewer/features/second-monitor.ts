/**
 * A second window as a second monitor: an empty window of this origin with a canvas in it, on which the same connection
 * paints the right half of the session. So nobody is counted twice, and no picture travels twice.
 */
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import type { SecondWindow } from './second-window.ts';

const WORDS: Words<'open' | 'close' | 'impossible'> = {
  en: {
    open: 'Open a second monitor',
    close: 'Close the second monitor',
    impossible: 'This browser cannot show the session in a second window.',
  },
  de: {
    open: 'Zweiten Bildschirm öffnen',
    close: 'Zweiten Bildschirm schließen',
    impossible: 'Dieser Browser kann die Sitzung nicht in einem zweiten Fenster zeigen.',
  },
};

const FAILED_SHOWN_MS = 8000;

export function secondMonitor(context: FeatureContext): Feature {
  const { toolbar, notices, strings, window } = context;
  const words = WORDS[strings.language];
  let inControl = false;
  let canResize = false;
  /** Open, whether or not the session is in it yet. */
  let page: Window | undefined;
  let work: SecondWindow | undefined;
  const tool = toolbar.addButton('second', words.open, () => (page ? close() : open()));

  function offer(): void {
    tool.hidden = !inControl || !canResize;
    tool.label = page ? words.close : words.open;
    tool.pressed = page !== undefined;
  }

  function ended(): void {
    page = undefined;
    offer();
  }

  async function load(): Promise<SecondWindow> {
    const { secondWindow } = await import('./second-window.ts');
    work ??= secondWindow(context, { ended, retry: open, close });
    return work;
  }

  function open(): void {
    work?.hush();
    // Beside this one, where the second monitor usually is; the browser moves it to where it may be.
    const { availWidth, availHeight } = window.screen;
    const features = `popup,left=${window.screenX + availWidth},top=0,width=${availWidth},height=${availHeight}`;
    // Before anything is loaded: a browser opens it for the click that is being dealt with, and for no later one.
    page = window.open('', '', features) ?? undefined;
    offer();
    void fill(page);
  }

  async function fill(opened: Window | undefined): Promise<void> {
    try {
      const loaded = await load();
      if (!opened) loaded.blocked();
      // Not closed meanwhile.
      else if (page === opened) loaded.show(opened);
    } catch {
      opened?.close();
      if (page === opened) ended();
      if (work) work.impossible();
      else {
        const { impossible } = words;
        notices.show({
          title: words.open,
          message: impossible,
          icon: 'warning',
          buttons: [],
          timeout: FAILED_SHOWN_MS,
        });
      }
    }
  }

  function close(): void {
    const closing = page;
    work?.end();
    if (page) ended();
    closing?.close();
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
      work?.hush();
    },
  };
}
