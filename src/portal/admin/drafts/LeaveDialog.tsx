/** Asks before what is not saved is left behind. The focus is on staying. */
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/Dialog.tsx';

export interface LeaveDialogProps {
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

export function LeaveDialog({ onLeave, onStay }: LeaveDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('drafts.leaveTitle')}
      onClose={onStay}
      footer={
        <>
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- Enter must not throw anything away */}
          <button type="button" className="btn btn-quiet" onClick={onStay} autoFocus>
            {t('cancel')}
          </button>
          <button type="button" className="btn btn-danger" onClick={onLeave}>
            {t('drafts.leave')}
          </button>
        </>
      }
    >
      <p>{t('drafts.leaveText')}</p>
    </Dialog>
  );
}
