import { useTranslation } from 'react-i18next';
import type { SessionStatus } from '../../contract/session.ts';

/** The state in a word, a colour and a shape, so that no one has to tell colours apart. */
export function StatusBadge({ status }: { readonly status: SessionStatus }) {
  const { t } = useTranslation();
  return (
    <span className={`status status-${status}`}>
      <span className="status-dot" aria-hidden="true" />
      {t(`status.${status}`)}
    </span>
  );
}
