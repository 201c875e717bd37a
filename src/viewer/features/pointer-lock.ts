/** The mouse held by the desktop, for 3D programs. Shown where there is a mouse, to whoever it moves something for. */
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';

const WORDS: Words<'lock' | 'locked' | 'refused'> = {
  en: {
    lock: 'Lock the pointer (3D)',
    locked: 'The pointer is locked to the session. Esc lets go of it.',
    refused: 'The browser does not let the pointer be locked.',
  },
  de: {
    lock: 'Zeiger festhalten (3D)',
    locked: 'Der Zeiger gehört jetzt der Sitzung. Esc gibt ihn frei.',
    refused: 'Der Browser lässt nicht zu, dass der Zeiger festgehalten wird.',
  },
};

export interface PointerLockFeature extends Feature {
  changed(locked: boolean): void;
}

export function pointerLock({ window, toolbar, strings, desktop, root }: FeatureContext): PointerLockFeature {
  const words = WORDS[strings.language];
  const possible =
    'requestPointerLock' in desktop.element && (window.matchMedia?.('(any-pointer: fine)').matches ?? true);
  const said = window.document.createElement('div');
  said.className = 'visually-hidden';
  said.setAttribute('role', 'status');
  root.append(said);
  const tool = toolbar.addButton('pointer', words.lock, () => void lock());
  tool.pressed = false;
  tool.hidden = !possible;

  async function lock(): Promise<void> {
    try {
      await desktop.lockPointer();
    } catch {
      said.textContent = words.refused;
    }
  }
  return {
    changed(locked) {
      tool.pressed = locked;
      said.textContent = locked ? words.locked : '';
    },
    onRole(_role, inControl) {
      tool.hidden = !possible || !inControl;
      if (!inControl) desktop.releasePointer();
    },
    onState({ state }) {
      if (state !== 'connected') desktop.releasePointer();
    },
    dispose: () => said.remove(),
  };
}
