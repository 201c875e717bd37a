/**
 * Full screen, by the bar or by the page around the viewer. There the session gets the keys that browser and system keep
 * else, where the browser has the Keyboard Lock API; holding Escape leaves all the same, and so does the bar.
 */
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
  const { keyboard } = window.navigator as Navigator & { keyboard?: { lock?(): Promise<void>; unlock?(): void } };
  const listening = new AbortController();
  const tool = toolbar.addButton('fullscreen', strings.text('fullscreen'), () => void toggle());
  // Phones that have it for films only, and frames whose page does not give it to them.
  tool.hidden = !document.fullscreenEnabled;

  async function toggle(active = document.fullscreenElement === null): Promise<void> {
    if (active) await document.documentElement.requestFullscreen();
    else if (document.fullscreenElement) await document.exitFullscreen();
  }
  document.addEventListener(
    'fullscreenchange',
    () => {
      const active = document.fullscreenElement !== null;
      tool.label = strings.text(active ? 'leaveFullscreen' : 'fullscreen');
      // Refused to frames: the keys stay the browser's there, and are in the menu.
      if (active) keyboard?.lock?.().catch(() => undefined);
      else keyboard?.unlock?.();
      onChange(active);
    },
    { signal: listening.signal },
  );
  return { toggle, dispose: () => listening.abort() };
}
