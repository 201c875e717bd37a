/** When the bar is shown: while it is in use, for a moment when it is called for, or always, if it is pinned. */
import { iconButton, relabel } from './bar-tools.ts';
import type { Preferences } from './preferences.ts';
import type { Strings } from './strings.ts';

const HIDE_AFTER_MS = 900;

export interface BarShown {
  /** Pins the bar, and says whether it is. */
  readonly pin: HTMLButtonElement;
  /** It hides again after `ms`, unless it is in use. */
  show(ms?: number): void;
  hideLater(ms?: number): void;
  dispose(): void;
}

/** `inUse`: beside the pointer over it and the keyboard in it. */
export function barShown(
  element: HTMLElement,
  strings: Strings,
  preferences: Preferences,
  inUse: () => boolean,
): BarShown {
  let pinned = preferences.get('pinned') === true;
  let hide: ReturnType<typeof setTimeout> | undefined;
  const pin = iconButton('pin', '', () => {
    pinned = !pinned;
    preferences.set({ pinned });
    say();
    show();
  });

  function say(): void {
    pin.setAttribute('aria-pressed', String(pinned));
    relabel(pin, strings.text(pinned ? 'unpin' : 'pin'));
  }

  function show(ms = HIDE_AFTER_MS * 3): void {
    element.classList.add('shown');
    hideLater(ms);
  }

  function hideLater(ms = HIDE_AFTER_MS): void {
    clearTimeout(hide);
    hide = setTimeout(() => {
      const used = pinned || element.matches(':hover') || element.contains(document.activeElement) || inUse();
      if (!used) element.classList.remove('shown');
    }, ms);
  }

  say();
  for (const type of ['pointerenter', 'focusin']) element.addEventListener(type, () => show());
  for (const type of ['pointerleave', 'focusout']) element.addEventListener(type, () => hideLater());
  return { pin, show, hideLater, dispose: () => clearTimeout(hide) };
}
