/** What a finding says, in the person's language. */
import { useTranslation } from 'react-i18next';
import type { FormFinding } from '../../../contract/admin-forms.ts';

export function useFindingText(): (finding: FormFinding) => string {
  const { t, i18n } = useTranslation();
  return ({ code, subject }) =>
    i18n.exists(`finding.${code}`) ? t(`finding.${code}`, { subject }) : `${code}: ${subject}`;
}
