/** The catalogues: English comes with the page, any other file of `locales` when it is chosen. */
import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '../locales/en.json';
import { readSetting, writeSetting } from './settings.ts';

const files = import.meta.glob<Record<string, unknown>>('../locales/*.json', { import: 'default' });

/** A language is a file: its name is the language's tag. */
export const LOCALES: readonly string[] = Object.keys(files)
  .map((path) => path.replace(/^.*\/(.+)\.json$/, '$1'))
  .toSorted();

/** What a language calls itself. */
export function nameOfLocale(locale: string): string {
  return new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale;
}

function preferred(): string {
  const chosen = readSetting('locale');
  const wanted = [...(chosen === undefined ? [] : [chosen]), ...navigator.languages];
  for (const tag of wanted) {
    const found = LOCALES.find((locale) => locale === tag) ?? LOCALES.find((locale) => locale === tag.split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'en';
}

async function load(i18n: I18n, locale: string): Promise<void> {
  const file = files[`../locales/${locale}.json`];
  if (!file || i18n.hasResourceBundle(locale, 'translation')) return;
  i18n.addResourceBundle(locale, 'translation', await file());
}

function tellDocument(locale: string): void {
  document.documentElement.lang = locale;
}

/** Resolves once the texts of the visitor's language are there. */
export async function createI18n(locale = preferred()): Promise<I18n> {
  const i18n = createInstance();
  await i18n.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes; twice would show entities.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  if (locale !== 'en') {
    await load(i18n, locale);
    await i18n.changeLanguage(locale);
  }
  tellDocument(i18n.language);
  return i18n;
}

export async function chooseLocale(i18n: I18n, locale: string): Promise<void> {
  await load(i18n, locale);
  await i18n.changeLanguage(locale);
  writeSetting('locale', locale);
  tellDocument(locale);
}
