/** Light, dark, or as the system has it. Bootstrap's stylesheet reads the one attribute on the root element. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { readSetting, writeSetting } from './settings.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ThemeControl {
  readonly store: StoreApi<{ readonly theme: Theme }>;
  choose(theme: Theme): void;
}

function isTheme(text: string | undefined): text is Theme {
  return THEMES.some((theme) => theme === text);
}

function createTheme(): ThemeControl {
  const saved = readSetting('theme');
  const store = createStore<{ readonly theme: Theme }>(() => ({ theme: isTheme(saved) ? saved : 'auto' }));
  const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : undefined;

  function apply(): void {
    const { theme } = store.getState();
    const shown = theme === 'auto' ? (dark?.matches ? 'dark' : 'light') : theme;
    document.documentElement.setAttribute('data-bs-theme', shown);
  }

  dark?.addEventListener('change', apply);
  apply();
  return {
    store,
    choose(theme) {
      store.setState({ theme });
      writeSetting('theme', theme);
      apply();
    },
  };
}

let control: ThemeControl | undefined;

/** One a document: it writes to the root element. */
export function themeControl(): ThemeControl {
  control ??= createTheme();
  return control;
}
