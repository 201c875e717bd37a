/** Two saved at once: shows the second what the first did, and lets nothing get lost. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog.tsx';

export interface ConflictDialogProps {
  readonly title: string;
  readonly text: string;
  /** How the two differ. */
  readonly children: ReactNode;
  readonly onResolve: (choice: 'mine' | 'theirs') => void;
  /** A further way to keep what was typed, before the choice. */
  readonly keep?: { readonly label: string; readonly run: () => void };
}

export function ConflictDialog({ title, text, children, onResolve, keep }: ConflictDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      size="large"
      // Closing decides for what one has typed, which then still waits to be saved.
      onClose={() => onResolve('mine')}
      footer={
        <>
          {keep ? (
            <button type="button" className="btn btn-quiet me-auto" onClick={keep.run}>
              {keep.label}
            </button>
          ) : null}
          <button type="button" className="btn btn-quiet" onClick={() => onResolve('theirs')}>
            {t('drafts.takeTheirs')}
          </button>
          <button type="button" className="btn btn-primary" onClick={() => onResolve('mine')}>
            {t('drafts.goOnWithMine')}
          </button>
        </>
      }
    >
      <p>{text}</p>
      {children}
    </Dialog>
  );
}
