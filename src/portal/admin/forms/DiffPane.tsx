/** What differs between two texts of a form. Loaded when it is first shown. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { showDiff } from './code/diff-view.ts';
import { usePhrases } from './use-phrases.ts';

export function DiffPane({ before, after }: { readonly before: string; readonly after: string }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const phrases = usePhrases();
  const label = t('forms.difference');
  useEffect(
    () => (place.current ? showDiff(place.current, { before, after, label, phrases }) : undefined),
    [before, after, label, phrases],
  );
  return before === after ? <p className="muted">{t('forms.same')}</p> : <div className="form-diff" ref={place} />;
}
