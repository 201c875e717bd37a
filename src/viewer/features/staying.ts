/** Closing the tab of a running session asks first, for those who want that. The browser has its own words for it. */
import type { InstallFeature } from '../feature.ts';
import type { Words } from '../strings.ts';

const WORDS: Words<'askBeforeClosing'> = {
  en: { askBeforeClosing: 'Ask before this tab is closed' },
  de: { askBeforeClosing: 'Fragen, bevor dieser Tab geschlossen wird' },
};

export const staying: InstallFeature = ({ window, toolbar, strings, preferences }) => {
  let running = false;
  let asks = preferences.get('askBeforeClosing') === true;
  const onUnload = (event: BeforeUnloadEvent) => {
    event.preventDefault();
    // What older browsers go by.
    event.returnValue = true;
  };
  // Listened to only while it is to ask: a page with such a listener cannot be kept for the way back.
  const follow = () => {
    if (asks && running) window.addEventListener('beforeunload', onUnload);
    else window.removeEventListener('beforeunload', onUnload);
  };
  const setting = toolbar.addSetting(WORDS[strings.language].askBeforeClosing, asks, (on) => {
    asks = on;
    preferences.set({ askBeforeClosing: on });
    follow();
  });
  return {
    onState(state) {
      running = state.state === 'connected' || state.state === 'reconnecting';
      follow();
    },
    dispose() {
      window.removeEventListener('beforeunload', onUnload);
      setting.remove();
    },
  };
};
