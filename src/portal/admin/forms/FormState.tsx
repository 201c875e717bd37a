/** Draft, published, or published with something newer that is not. */
import { useTranslation } from 'react-i18next';

export function FormState({ published, draft }: { readonly published: number | null; readonly draft: boolean }) {
  const { t } = useTranslation();
  if (published === null) return <span className="form-badge">{t('forms.draft')}</span>;
  return (
    <>
      <span className="form-badge form-badge-good">{t('forms.version', { version: published })}</span>
      {draft ? <span className="form-badge">{t('forms.changed')}</span> : null}
    </>
  );
}
