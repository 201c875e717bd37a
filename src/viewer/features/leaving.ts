/**
 * The way out of the desktop by keyboard alone (WCAG 2.1.2): which keys it is, and that whoever comes in by keyboard is
 * told. A mouse needs none of it.
 */
import type { LeaveKeyName } from '../../input/leave-key.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import { h } from '../dom.ts';
import type { Words } from '../strings.ts';
import './leaving.css';

export interface LeavingFeature extends Feature {
  readonly chosen: LeaveKeyName;
  choose(name: LeaveKeyName): void;
  /** "press and release Ctrl, Alt and Shift together" */
  how(): string;
}

const HOW: Words<LeaveKeyName> = {
  en: {
    'ctrl-alt-shift': 'press and release Ctrl, Alt and Shift together',
    'ctrl-alt': 'press and release Ctrl and Alt together',
    'ctrl-shift': 'press and release Ctrl and Shift together',
    pause: 'press Pause',
    'scroll-lock': 'press Scroll Lock',
    f12: 'press F12',
  },
  de: {
    'ctrl-alt-shift': 'Strg, Alt und Umschalt zusammen drücken und loslassen',
    'ctrl-alt': 'Strg und Alt zusammen drücken und loslassen',
    'ctrl-shift': 'Strg und Umschalt zusammen drücken und loslassen',
    pause: 'Pause drücken',
    'scroll-lock': 'Rollen drücken',
    f12: 'F12 drücken',
  },
};

/** Long enough to be read twice. */
const SHOWN_MS = 5000;

export function leaving({ window, root, desktop, strings, preferences }: FeatureContext): LeavingFeature {
  const field = desktop.textField.element;
  // A screen reader has it as the description of what has the focus.
  const hint = h('div', { class: 'leave-hint', attributes: { 'aria-hidden': 'true' } });
  hint.hidden = true;
  root.append(hint);
  const listening = new AbortController();
  const { signal } = listening;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownOnce = false;
  let byPointer = false;
  let inControl = false;

  const how = () => HOW[strings.language][desktop.leaveKey];
  function describe(): void {
    const text = strings.text('desktopHint', { how: how() });
    hint.textContent = text;
    for (const element of [desktop.element, field]) element.setAttribute('aria-description', text);
  }
  function hide(): void {
    clearTimeout(timer);
    hint.hidden = true;
  }
  function show(): void {
    clearTimeout(timer);
    hint.hidden = false;
    shownOnce = true;
    timer = setTimeout(hide, SHOWN_MS);
  }

  // The desktop takes the focus while a button goes down on it: by then it is known that it was one.
  root.addEventListener('pointerdown', () => (byPointer = true), { signal, capture: true });
  root.addEventListener('keydown', () => (byPointer = false), { signal, capture: true });
  field.addEventListener(
    'focus',
    (event) => {
      // From elsewhere on the page; a window that comes back to the front has been here before.
      const moved = event.relatedTarget !== null || !shownOnce;
      if (inControl && moved && !byPointer && desktop.connected) show();
    },
    { signal },
  );
  field.addEventListener('blur', hide, { signal });
  // A preference of before this session, or of another tab.
  const kept = preferences.get('leaveKey');
  if (kept !== undefined) desktop.leaveKey = kept;
  describe();

  return {
    get chosen() {
      return desktop.leaveKey;
    },
    choose(name) {
      desktop.leaveKey = name;
      preferences.set({ leaveKey: name });
      describe();
    },
    how,
    onState({ state }) {
      if (state !== 'connected') hide();
      else if (inControl && !shownOnce && window.document.activeElement === field) show();
    },
    onRole(_role, control) {
      inControl = control;
      if (!control) hide();
    },
    dispose() {
      hide();
      listening.abort();
      hint.remove();
    },
  };
}
