/** Two saved at once: shows the second what the first did, and lets nothing get lost. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiffLanguage } from '../code/diff-view.ts';
import { Dialog } from '../../parts/Dialog.tsx';

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
    <Dialog
      title={title}
      size="large"
      // Closing decides for the text one has typed, which then still waits to be saved.
      onClose={() => onResolve('mine')}
      footer={
        <>
          <button type="button" className="btn btn-quiet me-auto" onClick={onKeepFile}>
            {t('drafts.keepFile')}
          </button>
          <button type="button" className="btn btn-quiet" onClick={() => onResolve('theirs')}>
            {t('drafts.takeTheirs')}
          </button>
          <button type="button" className="btn btn-primary" onClick={() => onResolve('mine')}>
            {t('drafts.goOnWithMine')}
          </button>
        </>
      }
    >
      <p>{t('drafts.conflictText', { who })}</p>
      <Suspense fallback={<p className="muted">{t('loading')}</p>}>
        <DiffPane before={theirs} after={mine} language={language} />
      </Suspense>
    </Dialog>
  );
}
