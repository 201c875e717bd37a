/** Two saved one text at once: how the texts differ. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiffLanguage } from '../code/diff-view.ts';
import { ConflictDialog as Conflict } from '../../parts/ConflictDialog.tsx';

const DiffPane = lazy(async () => ({ default: (await import('../code/DiffPane.tsx')).DiffPane }));

export interface ConflictDialogProps {
  readonly title: string;
  readonly who: string;
  readonly theirs: string;
  readonly mine: string;
  readonly language: DiffLanguage;
  readonly onResolve: (choice: 'mine' | 'theirs') => void;
  readonly onKeepFile: () => void;
}

export function ConflictDialog({ title, who, theirs, mine, language, onResolve, onKeepFile }: ConflictDialogProps) {
  const { t } = useTranslation();
  return (
    <Conflict
      title={title}
      text={t('drafts.conflictText', { who })}
      onResolve={onResolve}
      keep={{ label: t('drafts.keepFile'), run: onKeepFile }}
    >
      <Suspense fallback={<p className="muted">{t('loading')}</p>}>
        <DiffPane before={theirs} after={mine} language={language} />
      </Suspense>
    </Conflict>
  );
}
