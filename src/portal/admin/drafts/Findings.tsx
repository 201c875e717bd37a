/** What is remarkable about the text, by line; a click leads there. */
import { useTranslation } from 'react-i18next';
import type { Remark } from '../code/code-editor.ts';
import { Icon } from '../../parts/Icon.tsx';
import './drafts.css';

/** More lines than anybody reads before putting the first ones right. */
const MOST_SHOWN = 100;

export interface FindingsProps {
  readonly findings: readonly Remark[];
  readonly onGoTo: (finding: Remark) => void;
}

export function Findings({ findings, onGoTo }: FindingsProps) {
  const { t } = useTranslation();
  return (
    <section className="draft-findings" aria-label={t('drafts.findings')}>
      <output className={findings.length === 0 ? 'draft-fine' : 'draft-remarks'}>
        <Icon name={findings.length === 0 ? 'check' : 'alert'} size={16} />
        {findings.length === 0 ? t('drafts.noFindings') : t('drafts.findingCount', { count: findings.length })}
      </output>
      {findings.length === 0 ? null : (
        <ul>
          {findings.slice(0, MOST_SHOWN).map((finding) => (
            <li key={`${finding.line}:${finding.column}:${finding.message}`}>
              <button
                type="button"
                className={`draft-finding draft-finding-${finding.severity}`}
                onClick={() => onGoTo(finding)}
              >
                <span className="draft-finding-line">{t('drafts.line', { line: finding.line })}</span>
                <span>{finding.message}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
