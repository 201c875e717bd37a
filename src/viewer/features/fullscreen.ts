/** Full screen, by the bar or by the page around the viewer. */
import type { Feature, FeatureContext } from '../feature.ts';

export interface FullscreenFeature extends Feature {
  /** Rejects where the browser wants a click or a key first. Without `active`: the other way round. */
  toggle(active?: boolean): Promise<void>;
}

export function fullscreen(
  { toolbar, strings, window }: FeatureContext,
  onChange: (active: boolean) => void,
): FullscreenFeature {
  const { document } = window;
  const listening = new AbortController();
  const tool = toolbar.addButton('fullscreen', strings.text('fullscreen'), () => void toggle());

  async function toggle(active = document.fullscreenElement === null): Promise<void> {
    if (active) await document.documentElement.requestFullscreen();
    else if (document.fullscreenElement) await document.exitFullscreen();
  }
  document.addEventListener(
    'fullscreenchange',
    () => {
      const active = document.fullscreenElement !== null;
      tool.label = strings.text(active ? 'leaveFullscreen' : 'fullscreen');
      onChange(active);
    },
    { signal: listening.signal },
  );
  return { toggle, dispose: () => listening.abort() };
}
