/** The windows of a session without a desktop: a list to choose from, since there is no taskbar. */
import type { SessionWindow } from '../../contract/socket.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import type { WindowList } from './windows-list.ts';

const WORDS: Words<'windows'> = { en: { windows: 'Windows' }, de: { windows: 'Fenster' } };

export function windows({ toolbar, strings, send, desktop }: FeatureContext): Feature {
  const { language } = strings;
  let list: readonly SessionWindow[] = [];
  let rootless = false;
  let inControl = false;
  let shown: WindowList | undefined;

  const tool = toolbar.addPanel(
    'windows',
    WORDS[language].windows,
    async () => {
      const { windowList } = await import('./windows-list.ts');
      shown = windowList({ language, send, chosen });
      shown.draw(list);
      return shown.element;
    },
    () => {
      shown = undefined;
    },
  );
  tool.hidden = true;

  function chosen(): void {
    tool.close();
    desktop.focus();
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
      shown?.draw(list);
    },
  };
}
