/** What is remarkable about the text, by line; a click leads there. */
import { useTranslation } from 'react-i18next';
import type { FormFinding } from '../../../contract/admin-forms.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useFindingText } from './use-finding-text.ts';

/** More lines than anybody reads before putting the first ones right. */
const MOST_SHOWN = 100;

export interface FindingsProps {
  readonly findings: readonly FormFinding[];
  readonly onGoTo: (finding: FormFinding) => void;
}

export function Findings({ findings, onGoTo }: FindingsProps) {
  const { t } = useTranslation();
  const text = useFindingText();
  return (
    <section className="form-findings" aria-label={t('forms.findings')}>
      <output className={findings.length === 0 ? 'form-fine' : 'form-remarks'}>
        <Icon name={findings.length === 0 ? 'check' : 'alert'} size={16} />
        {findings.length === 0 ? t('forms.noFindings') : t('forms.findingCount', { count: findings.length })}
      </output>
      {findings.length === 0 ? null : (
        <ul>
          {findings.slice(0, MOST_SHOWN).map((finding) => (
            <li key={`${finding.line}:${finding.column}:${finding.code}:${finding.subject}`}>
              <button
                type="button"
                className={`form-finding form-finding-${finding.severity}`}
                onClick={() => onGoTo(finding)}
              >
                <span className="form-finding-line">{t('forms.line', { line: finding.line })}</span>
                <span>{text(finding)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
