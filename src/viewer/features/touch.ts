/** Fingers: how they point, and keys for a phone. Shown where there is a touch screen, to who may type. */
import type { TouchMode } from '../../input/touch-pointer.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import type { KeyRow } from './key-row.ts';

type Word = 'touch' | 'direct' | 'trackpad' | 'keys';

const WORDS: Words<Word> = {
  en: {
    touch: 'Touch',
    direct: 'The finger is the pointer',
    trackpad: 'The screen is a trackpad',
    keys: 'Keys on the screen',
  },
  de: {
    touch: 'Berührung',
    direct: 'Der Finger ist der Zeiger',
    trackpad: 'Der Bildschirm ist ein Touchpad',
    keys: 'Tasten auf dem Bildschirm',
  },
};

const MODES: readonly TouchMode[] = ['direct', 'trackpad'];

export interface TouchFeature extends Feature {
  /** A click was made in the session. */
  clicked(): void;
}

export function touch({ window, toolbar, strings, desktop, preferences, root }: FeatureContext): TouchFeature {
  const words = WORDS[strings.language];
  let present = window.matchMedia?.('(any-pointer: coarse)').matches ?? false;
  let inControl = true;
  let Row: typeof KeyRow | undefined;
  let row: KeyRow | undefined;
  const keys = toolbar.addButton('keyboard', words.keys, () => showKeys(row === undefined));
  keys.pressed = false;
  const menu = toolbar.addMenu(
    'touch',
    words.touch,
    MODES.map((mode) => ({ label: words[mode], checked: false, run: () => choose(mode) })),
  );

  function choose(mode: TouchMode): void {
    preferences.set({ touch: mode });
    follow();
  }

  /** Who only watches moves the picture, not a pointer, and has no keys. */
  function follow(): void {
    const shown = present && inControl;
    const wanted = preferences.get('touch') ?? 'direct';
    menu.check(MODES.indexOf(wanted));
    const mode = shown ? wanted : 'direct';
    if (desktop.touchMode !== mode) desktop.touchMode = mode;
    menu.hidden = !shown;
    keys.hidden = !shown;
    if (!shown) showKeys(false);
    // A phone brings up its keyboard for a tap that is being dealt with, and not for one that waits for code.
    else if (!Row) void load();
  }

  async function load(): Promise<void> {
    ({ KeyRow: Row } = await import('./key-row.ts'));
  }

  function showKeys(shown: boolean): void {
    if (!shown) {
      row?.dispose();
      row = undefined;
    } else if (Row && !row) {
      row = new Row({ window, desktop, language: strings.language });
      root.append(row.element);
      row.showKeyboard(true);
    }
    root.classList.toggle('with-keys', row !== undefined);
    keys.pressed = row !== undefined;
  }

  const onPointer = (event: PointerEvent) => {
    if (event.pointerType !== 'touch' || present) return;
    present = true;
    follow();
  };
  root.addEventListener('pointerdown', onPointer, { capture: true });
  follow();
  return {
    clicked: () => row?.clicked(),
    onRole(_role, control) {
      inControl = control;
      follow();
    },
    onState({ state }) {
      if (state !== 'connected') row?.release();
    },
    dispose() {
      root.removeEventListener('pointerdown', onPointer, { capture: true });
      showKeys(false);
    },
  };
}
