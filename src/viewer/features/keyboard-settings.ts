/** What a person may choose about their keyboard. Its panel is loaded when it is opened. */
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import type { KeyboardFeature } from './keyboard.ts';
import type { LeavingFeature } from './leaving.ts';

const WORDS: Words<'keyboard'> = { en: { keyboard: 'Keyboard' }, de: { keyboard: 'Tastatur' } };

export function keyboardSettings(context: FeatureContext, typing: KeyboardFeature, leaving: LeavingFeature): Feature {
  const { toolbar, strings } = context;
  const panel = toolbar.addPanel('language', WORDS[strings.language].keyboard, async () => {
    const { buildPanel } = await import('./keyboard-panel.ts');
    return buildPanel(context, typing, leaving);
  });
  return {
    onRole(_role, inControl) {
      panel.hidden = !inControl;
      if (panel.hidden) panel.close();
    },
  };
}
