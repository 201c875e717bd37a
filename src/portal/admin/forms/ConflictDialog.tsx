/** Two saved at once: shows the second what the first did, and lets nothing get lost. */
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminForm } from '../../../contract/admin-forms.ts';
import { Dialog } from '../../parts/Dialog.tsx';

const DiffPane = lazy(async () => ({ default: (await import('./DiffPane.tsx')).DiffPane }));

export interface ConflictDialogProps {
  readonly theirs: AdminForm;
  readonly html: string;
  readonly onResolve: (choice: 'mine' | 'theirs') => void;
  readonly onKeepFile: () => void;
}

export function ConflictDialog({ theirs, html, onResolve, onKeepFile }: ConflictDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('forms.conflict')}
      size="large"
      // Closing decides for the text one has typed, which then still waits to be saved.
      onClose={() => onResolve('mine')}
      footer={
        <>
          <button type="button" className="btn btn-quiet me-auto" onClick={onKeepFile}>
            {t('forms.keepFile')}
          </button>
          <button type="button" className="btn btn-quiet" onClick={() => onResolve('theirs')}>
            {t('forms.takeTheirs')}
          </button>
          <button type="button" className="btn btn-primary" onClick={() => onResolve('mine')}>
            {t('forms.goOnWithMine')}
          </button>
        </>
      }
    >
      <p>{t('forms.conflictText', { who: theirs.by })}</p>
      <Suspense fallback={<p className="muted">{t('loading')}</p>}>
        <DiffPane before={theirs.html} after={html} />
      </Suspense>
    </Dialog>
  );
}
