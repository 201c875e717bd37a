/**
 * Choices that a person makes once in this browser and finds in portal and viewer alike: names of entries in the
 * origin's storage. Nothing secret, nothing that is believed without a look.
 */
export const PREFERENCES = { locale: 'casement.locale', theme: 'casement.theme' } as const;

const THEMES = ['light', 'dark', 'auto'] as const;
export type ThemePreference = (typeof THEMES)[number];

/** `storage` throws where the browser refuses it, as it does to frames of other sites. */
export function readPreferences(storage: () => { getItem(name: string): string | null }): {
  readonly locale?: string;
  readonly theme?: ThemePreference;
} {
  try {
    const kept = storage();
    const locale = kept.getItem(PREFERENCES.locale);
    const theme = THEMES.find((one) => one === kept.getItem(PREFERENCES.theme));
    return { ...(locale === null ? {} : { locale }), ...(theme === undefined ? {} : { theme }) };
  } catch {
    return {};
  }
}
