/** What decides now: the built-in way, a version, and whether something waits or runs beside it. */
import { useTranslation } from 'react-i18next';
import type { AdminFunctionSummary } from '../../../contract/functions.ts';
import '../drafts/drafts.css';

export function FunctionState({
  published,
  draft,
  shadow,
}: Pick<AdminFunctionSummary, 'published' | 'draft' | 'shadow'>) {
  const { t } = useTranslation();
  return (
    <>
      {published === null ? (
        <span className="draft-badge">{t('functions.kinds.built-in')}</span>
      ) : (
        <span className="draft-badge draft-badge-good">{t('drafts.version', { version: published })}</span>
      )}
      {draft ? <span className="draft-badge">{t('drafts.draft')}</span> : null}
      {shadow === null ? null : <span className="draft-badge draft-badge-warn">{t('functions.shadowing')}</span>}
    </>
  );
}
