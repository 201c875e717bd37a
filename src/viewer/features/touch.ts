/** Fingers: how they point, and a phone's keyboard and keys. Shown where there is a touch screen. */
import type { TouchMode } from '../../input/touch-pointer.ts';
import type { InstallFeature } from '../feature.ts';
import type { Words } from '../strings.ts';

type Word = 'touch' | 'direct' | 'trackpad';

const WORDS: Words<Word> = {
  en: { touch: 'Touch', direct: 'The finger is the pointer', trackpad: 'The screen is a trackpad' },
  de: { touch: 'Berührung', direct: 'Der Finger ist der Zeiger', trackpad: 'Der Bildschirm ist ein Touchpad' },
};

const MODES: readonly TouchMode[] = ['direct', 'trackpad'];

export const touch: InstallFeature = ({ window, toolbar, strings, desktop, preferences, root }) => {
  const words = WORDS[strings.language];
  let present = window.matchMedia?.('(any-pointer: coarse)').matches ?? false;
  let inControl = true;
  const menu = toolbar.addMenu(
    'touch',
    words.touch,
    MODES.map((mode) => ({ label: words[mode], checked: false, run: () => choose(mode) })),
  );
  const show = () => {
    menu.hidden = !present || !inControl;
  };
  function choose(mode: TouchMode): void {
    preferences.set({ touch: mode });
    point();
  }
  /** Who only watches moves the picture, not a pointer. */
  function point(): void {
    const wanted = preferences.get('touch') ?? 'direct';
    menu.check(MODES.indexOf(wanted));
    const mode = present && inControl ? wanted : 'direct';
    if (desktop.touchMode !== mode) desktop.touchMode = mode;
    show();
  }
  const onPointer = (event: PointerEvent) => {
    if (event.pointerType !== 'touch' || present) return;
    present = true;
    point();
  };
  root.addEventListener('pointerdown', onPointer, { capture: true });
  point();
  return {
    onRole(_role, control) {
      inControl = control;
      point();
    },
    dispose() {
      root.removeEventListener('pointerdown', onPointer, { capture: true });
    },
  };
};
