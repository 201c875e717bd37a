/** Asks before a text begins to decide about everybody's starts. */
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/Dialog.tsx';

export interface PublishDialogProps {
  readonly name: string;
  readonly onPublish: () => void;
  readonly onClose: () => void;
}

export function PublishDialog({ name, onPublish, onClose }: PublishDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('functions.publishTitle', { name })}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="button"
            className="btn btn-primary"
            onClick={() => {
              onClose();
              onPublish();
            }}
          >
            {t('drafts.publish')}
          </button>
        </>
      }
    >
      <p>{t('functions.publishText')}</p>
    </Dialog>
  );
}
