/** What differs between two texts. Loaded when it is first shown. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { showDiff, type DiffLanguage } from './diff-view.ts';
import { usePhrases } from './use-phrases.ts';
import './code.css';

export interface DiffPaneProps {
  readonly before: string;
  readonly after: string;
  readonly language: DiffLanguage;
}

export function DiffPane({ before, after, language }: DiffPaneProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const phrases = usePhrases();
  const label = t('drafts.difference');
  useEffect(
    () => (place.current ? showDiff(place.current, { before, after, language, label, phrases }) : undefined),
    [before, after, language, label, phrases],
  );
  return before === after ? <p className="muted">{t('drafts.same')}</p> : <div className="code-diff" ref={place} />;
}
