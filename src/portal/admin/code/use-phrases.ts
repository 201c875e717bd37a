/** CodeMirror's own words in the person's language; what has none stays English. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

const WORDS = {
  Find: 'find',
  Replace: 'replaceWith',
  next: 'next',
  previous: 'previous',
  all: 'all',
  'match case': 'matchCase',
  regexp: 'regexp',
  'by word': 'byWord',
  replace: 'replace',
  'replace all': 'replaceAll',
  close: 'close',
  Completions: 'completions',
  Diagnostics: 'findings',
  'No diagnostics': 'noFindings',
  '$ unchanged lines': 'unchanged',
} as const;

export function usePhrases(): Readonly<Record<string, string>> {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(
    () =>
      Object.fromEntries(Object.entries(WORDS).map(([word, key]) => [word, t(`codeEditor.${key}`, { lng: language })])),
    [t, language],
  );
}
