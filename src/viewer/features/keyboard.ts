/**
 * Keys mean in the session what is printed on them: the session is told the layout of whoever types, and while it has it
 * keys go as they are pressed; else they go as what the browser says that they write.
 */
import { MAX_TYPED, type KeyboardLayout } from '../../contract/keyboard.ts';
import { layoutOfKeys, layoutOfLanguage } from '../../input/layouts.ts';
import type { Feature, FeatureContext } from '../feature.ts';

export interface KeyboardFeature extends Feature {
  /** A key wrote what it does not on the layout that was believed to be the person's. */
  otherLayout(code: string, key: string): void;
  /** True: the server types it. Only for what keys may not have. */
  type(text: string): boolean;
  /** The layout that the keys seem to have, as long as none is chosen. */
  readonly found: KeyboardLayout;
  /** What the person chose: a layout, `CHARACTERS`, or nothing. */
  readonly chosen: KeyboardLayout | undefined;
  choose(layout: KeyboardLayout | undefined): void;
  /** The session could not be given the layout. */
  readonly refused: boolean;
  /** Hears that the session has answered. */
  onAnswer: () => void;
  /** Whether Command does what Ctrl does; `undefined` where there is no such key. */
  readonly command: boolean | undefined;
  chooseCommand(on: boolean): void;
}

/** Chosen instead of a layout: keys go as what they write. */
export const CHARACTERS = 'characters';

/** Chromium's; others learn by what keys write. */
interface LayoutMap {
  getLayoutMap?(): Promise<Iterable<[string, string]>>;
}

const ON_EVERY_KEYBOARD = /^[\n\t\x20-\x7e]*$/;

export function keyboard({ window, desktop, preferences, send }: FeatureContext): KeyboardFeature {
  const { navigator } = window;
  const { keyboard: map } = navigator as Navigator & { keyboard?: LayoutMap };
  // A Mac's keys of the same country stand elsewhere, and Option makes what AltGr does not.
  const mac = /mac|iphone|ipad/i.test(navigator.platform);
  const listening = new AbortController();
  let own: KeyboardLayout = layoutOfLanguage(navigator.languages) ?? 'us';
  let looked = '';
  let seen = new Map<string, string>();
  /** What the session has; `undefined` until it said so. */
  let has: KeyboardLayout | null | undefined;
  let asked: KeyboardLayout | undefined;
  let inControl = false;
  let connected = false;

  const wished = (): KeyboardLayout | undefined => {
    const chosen = preferences.get('layout');
    return chosen === CHARACTERS ? undefined : (chosen ?? own);
  };

  function follow(): void {
    const wish = wished();
    const same = !mac && wish !== undefined && has === wish;
    desktop.keysAs(same ? 'keys' : 'characters', same ? wish : undefined);
    // Characters that are on some key of the session are typed best, whichever way keys go.
    const ask = wish ?? own;
    if (!connected || !inControl || ask === asked) return;
    asked = ask;
    send({ t: 'keyboard', layout: ask });
  }

  const command = () => (mac ? (preferences.get('commandIsControl') ?? true) : undefined);
  function found(layout: KeyboardLayout | undefined): void {
    if (layout === undefined || layout === own) return;
    own = layout;
    follow();
  }

  async function look(): Promise<void> {
    try {
      const keys = [...((await map?.getLayoutMap?.()) ?? [])].toSorted();
      // What was learned since is not forgotten for what was known before.
      if (String(keys) === looked || listening.signal.aborted) return;
      looked = String(keys);
      found(layoutOfKeys(keys, navigator.languages, own));
    } catch {
      // A frame without the permission: keys tell it as they are pressed.
    }
  }
  void look();
  desktop.commandIsControl = command() === true;
  // Where it can have been changed meanwhile.
  window.addEventListener('focus', () => void look(), { signal: listening.signal });
  follow();

  return {
    get found() {
      return own;
    },
    get chosen() {
      return preferences.get('layout');
    },
    choose(layout) {
      preferences.set({ layout });
      asked = undefined;
      follow();
    },
    get refused() {
      return has === null;
    },
    onAnswer: () => undefined,
    get command() {
      return command();
    },
    chooseCommand(on) {
      preferences.set({ commandIsControl: on });
      desktop.commandIsControl = on;
    },
    otherLayout(code, key) {
      if (preferences.get('layout') !== undefined) return;
      seen.set(code, key);
      let layout = layoutOfKeys(seen, navigator.languages);
      if (layout === undefined) {
        // Another keyboard than before.
        seen = new Map([[code, key]]);
        layout = layoutOfKeys(seen, navigator.languages);
      }
      found(layout);
    },
    type(text) {
      if (has === undefined || ON_EVERY_KEYBOARD.test(text)) return false;
      for (const part of parts(text)) send({ t: 'type', text: part });
      return true;
    },
    onWelcome() {
      connected = true;
      has = undefined;
      asked = undefined;
      follow();
    },
    onState({ state }) {
      if (state === 'connected') return;
      connected = false;
      has = undefined;
    },
    onRole(_role, control) {
      inControl = control;
      // Whoever comes into control later may find another's layout.
      if (!control) asked = undefined;
      follow();
    },
    onFrame(frame) {
      if (frame.t !== 'keyboard') return;
      has = frame.layout;
      follow();
      this.onAnswer();
    },
    dispose: () => listening.abort(),
  };
}

/** No longer than one frame may be, whole characters. */
function parts(text: string): string[] {
  const made: string[] = [];
  let part = '';
  for (const character of text) {
    if (part.length + character.length > MAX_TYPED) {
      made.push(part);
      part = '';
    }
    part += character;
  }
  return [...made, part];
}
