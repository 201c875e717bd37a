import { useTranslation } from 'react-i18next';

/** Done, or the code of the error, which the list of errors explains. */
export function Outcome({ outcome }: { readonly outcome: string }) {
  const { t } = useTranslation();
  return outcome === 'ok' ? (
    <span className="chip chip-good">{t('audit.ok')}</span>
  ) : (
    <span className="chip chip-bad">{outcome}</span>
  );
}
