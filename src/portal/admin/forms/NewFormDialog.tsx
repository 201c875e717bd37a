/** Asks what a new form is called, since its first name makes its id. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_FORM_NAME } from '../../../contract/admin-forms.ts';
import { Dialog } from '../../parts/Dialog.tsx';

export interface NewFormDialogProps {
  readonly onCreate: (name: string) => void;
  readonly onClose: () => void;
}

export function NewFormDialog({ onCreate, onClose }: NewFormDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [name, setName] = useState('');
  return (
    <Dialog
      title={t('forms.new')}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form={id} className="btn btn-primary" disabled={name.trim() === ''}>
            {t('forms.create')}
          </button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') onCreate(name.trim());
        }}
      >
        <label className="field">
          <span>{t('forms.name')}</span>
          <input
            className="form-control"
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that the dialog asks
            autoFocus
            maxLength={MAX_FORM_NAME}
            aria-describedby={`${id}-help`}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p id={`${id}-help`} className="field-help">
          {t('forms.newHelp')}
        </p>
      </form>
    </Dialog>
  );
}
