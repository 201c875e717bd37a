/** Figures of the connection and the picture, shown over the desktop on demand. */
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import type { StatisticsOverlay } from './statistics-overlay.ts';

const WORDS: Words<'statistics'> = { en: { statistics: 'Statistics' }, de: { statistics: 'Statistik' } };

export function statistics(context: FeatureContext): Feature {
  const { toolbar, strings } = context;
  let overlay: StatisticsOverlay | undefined;
  let wanted = false;
  const tool = toolbar.addButton('statistics', WORDS[strings.language].statistics, () => void toggle());
  tool.pressed = false;

  async function toggle(): Promise<void> {
    wanted = !wanted;
    tool.pressed = wanted;
    if (!wanted) {
      overlay?.dispose();
      overlay = undefined;
      return;
    }
    const { StatisticsOverlay } = await import('./statistics-overlay.ts');
    if (wanted) overlay ??= new StatisticsOverlay(context, () => void toggle());
  }
  return {
    onState({ state }) {
      if (state !== 'connected') overlay?.lost();
    },
    onFrame(frame) {
      if (frame.t === 'pong') overlay?.pong(frame.at);
    },
    dispose: () => overlay?.dispose(),
  };
}
