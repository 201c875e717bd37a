/** What came of a dry run: what a start would do with it, the result, the log, the time. */
import { useTranslation } from 'react-i18next';
import type { FunctionName, FunctionOutcome, FunctionRun } from '../../../contract/functions.ts';
import type { JsonValue } from '../../../contract/json.ts';
import { Icon } from '../../parts/Icon.tsx';
import { verdictOf } from './verdict.ts';

export interface RunResultProps {
  readonly name: FunctionName;
  readonly input: JsonValue;
  readonly run: FunctionRun;
  readonly where: 'browser' | 'server';
  readonly onGoTo: (place: { line: number; column: number }) => void;
}

export function RunResult({ name, input, run, where, onGoTo }: RunResultProps) {
  const { t, i18n } = useTranslation();
  const { good, key, subject } = verdictOf(name, input, run);
  const failure = run.outcome.state === 'failed' ? run.outcome.failure : undefined;
  const line = failure?.line;
  const ms = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: run.ms < 10 ? 1 : 0 }).format(run.ms);
  const said = key === 'problem' ? t(`functions.problems.${subject}`) : subject;
  return (
    <div className="function-result">
      <p className={good ? 'function-verdict' : 'function-verdict function-verdict-bad'}>
        <Icon name={good ? 'check' : 'alert'} size={17} />{' '}
        <span>{t(`functions.verdict.${key}`, { subject: said })}</span>
      </p>
      {failure ? (
        <p className="function-cause">
          {t(`functions.causes.${failure.cause}`)}
          {line === undefined ? null : (
            <button
              type="button"
              className="btn btn-sm btn-link"
              onClick={() => onGoTo({ line, column: failure.column ?? 1 })}
            >
              {t('drafts.line', { line })}
            </button>
          )}
        </p>
      ) : null}
      <h2>{t(failure ? 'functions.thrown' : 'functions.result')}</h2>
      <Outcome outcome={run.outcome} />
      <h2>{t('functions.logs')}</h2>
      {run.logs.length === 0 ? (
        <p className="muted">{t('functions.noLogs')}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
        <pre className="log-tail" tabIndex={0}>
          {run.logs.join('\n')}
        </pre>
      )}
      <p className="muted">{t(`functions.took.${where}`, { ms })}</p>
    </div>
  );
}

export function Outcome({ outcome }: { readonly outcome: FunctionOutcome }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <pre className="log-tail function-outcome" tabIndex={0}>
      {outcome.state === 'returned'
        ? JSON.stringify(outcome.result, null, 2)
        : (outcome.failure.stack ?? outcome.failure.message)}
    </pre>
  );
}
