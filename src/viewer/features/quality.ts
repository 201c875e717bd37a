/** How the picture is made: its quality, by itself or by choice, how large things are drawn, and its pixels. */
import { decide, LEVELS, START } from '../../desktop/auto-quality.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import type { PictureChoices } from '../preferences.ts';
import type { Words } from '../strings.ts';

const DEFAULTS: PictureChoices = { quality: 'auto', compression: 2, scale: 'auto', sharp: true };

const MEASURE_MS = 1000;
/** Scale changes in steps while a browser zooms; programs redraw at each. */
const SETTLE_MS = 150;

const WORDS: Words<'picture'> = { en: { picture: 'Picture' }, de: { picture: 'Bild' } };

export interface QualityFeature extends Feature {
  /** Of the page around the viewer, for this session: a JPEG quality that is kept to. */
  choose(quality: number): void;
  /** The device's pixels to a CSS pixel have changed. */
  ratioChanged(): void;
}

/** What the panel may see and change. */
export interface PictureControl {
  readonly choices: PictureChoices;
  /** How large things are drawn now. */
  readonly scale: number;
  readonly inControl: boolean;
  change(change: Partial<PictureChoices>): void;
}

export function quality(context: FeatureContext): QualityFeature {
  const { desktop, toolbar, strings, preferences, send, ui, window } = context;
  let choices = preferences.get('picture') ?? DEFAULTS;
  const given = ui().quality;
  if (given !== undefined) choices = { ...choices, quality: Math.max(0, Math.min(9, Math.round(given))) };
  let auto = START;
  let connected = false;
  let inControl = false;
  let latencyMs: number | undefined;
  let asked: number | undefined;
  let applied = JSON.stringify(LEVELS[0]);
  let settling: ReturnType<typeof setTimeout> | undefined;
  let before: { at: number; bytes: number; decodeMs: number } | undefined;

  const scale = () => (choices.scale === 'auto' ? desktop.ratio : choices.scale);

  function apply(): void {
    desktop.sharp = choices.sharp;
    const level = choices.quality === 'auto' ? LEVELS[auto.level] : undefined;
    const wanted = level ?? {
      quality: choices.quality === 'auto' ? null : choices.quality,
      compression: choices.compression,
    };
    if (JSON.stringify(wanted) === applied) return;
    applied = JSON.stringify(wanted);
    desktop.setQuality(wanted.quality, wanted.compression);
  }

  function tellScale(): void {
    clearTimeout(settling);
    settling = setTimeout(() => {
      if (!connected || !inControl) return;
      const ground = groundOf(context);
      send({ t: 'screen', scale: scale(), ...(ground === undefined ? {} : { ground }) });
    }, SETTLE_MS);
  }

  async function measure(): Promise<void> {
    if (!connected || choices.quality !== 'auto' || window.document.hidden) {
      before = undefined;
      return;
    }
    const { bytesIn, decodeMs } = await desktop.stats();
    const at = performance.now();
    const last = before;
    before = { at, bytes: bytesIn, decodeMs };
    if (!last || bytesIn < last.bytes) return;
    const waited = asked === undefined ? undefined : at - asked;
    // A question that is still on its way has waited at least as long.
    const latency = waited !== undefined && waited > (latencyMs ?? 0) ? waited : latencyMs;
    const sample = { ms: at - last.at, bytes: bytesIn - last.bytes, decodeMs: decodeMs - last.decodeMs };
    const next = decide(auto, latency === undefined ? sample : { ...sample, latencyMs: latency });
    const changed = next.level !== auto.level;
    auto = next;
    if (changed) apply();
    latencyMs = undefined;
    if (asked === undefined) {
      asked = at;
      send({ t: 'ping', at });
    }
  }

  const control: PictureControl = {
    get choices() {
      return choices;
    },
    get scale() {
      return scale();
    },
    get inControl() {
      return inControl;
    },
    change(change) {
      choices = { ...choices, ...change };
      preferences.set({ picture: choices });
      if (change.quality === 'auto') auto = START;
      apply();
      tellScale();
    },
  };

  const words = WORDS[strings.language];
  const panel = toolbar.addPanel('picture', words.picture, async () => {
    const { picturePanel } = await import('./quality-panel.ts');
    return picturePanel(strings.language, control);
  });
  apply();
  // A worker that is gone has nothing to tell.
  const timer = setInterval(() => {
    measure().catch(() => undefined);
  }, MEASURE_MS);
  return {
    choose(chosen) {
      choices = { ...choices, quality: chosen };
      apply();
    },
    ratioChanged: tellScale,
    onState(state) {
      connected = state.state === 'connected';
      if (!connected) asked = latencyMs = before = undefined;
    },
    onWelcome() {
      connected = true;
      tellScale();
    },
    onFrame(frame) {
      if (frame.t !== 'pong' || frame.at !== asked) return;
      latencyMs = performance.now() - asked;
      asked = undefined;
    },
    onRole(role, may) {
      // A panel that is open has what was allowed when it was built.
      if (may !== inControl || role === 'inactive') panel.close();
      inControl = may;
      panel.hidden = role === 'inactive';
      if (may) tellScale();
    },
    dispose() {
      clearInterval(timer);
      clearTimeout(settling);
    },
  };
}

/** The page's own, so that windows of a session without a desktop lie on it. */
function groundOf({ window, root }: FeatureContext): string | undefined {
  const ground = window.getComputedStyle(root).getPropertyValue('--ground').trim().toLowerCase();
  return /^#[0-9a-f]{6}$/.test(ground) ? ground : undefined;
}
