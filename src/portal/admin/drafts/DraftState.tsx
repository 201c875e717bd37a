/** Draft, published, or published with something newer that is not. */
import { useTranslation } from 'react-i18next';
import './drafts.css';

export function DraftState({ published, draft }: { readonly published: number | null; readonly draft: boolean }) {
  const { t } = useTranslation();
  if (published === null) return <span className="draft-badge">{t('drafts.draft')}</span>;
  return (
    <>
      <span className="draft-badge draft-badge-good">{t('drafts.version', { version: published })}</span>
      {draft ? <span className="draft-badge">{t('drafts.changed')}</span> : null}
    </>
  );
}
