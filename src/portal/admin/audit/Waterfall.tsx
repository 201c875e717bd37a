/** Where the time of a start went, step by step, and what the site's functions answered. */
import { useTranslation } from 'react-i18next';
import { START_STEPS } from '../../../contract/start.ts';
import { waterfall, type TraceStep } from './trace.ts';

export function Waterfall({ steps }: { readonly steps: readonly TraceStep[] }) {
  const { t } = useTranslation();
  const { bars, total } = waterfall(steps);
  const nameOf = (step: string) => (START_STEPS.some((one) => one === step) ? t(`step.${step}`) : step);
  return (
    <div>
      <h3 className="panel-head">{t('audit.trace', { ms: Math.round(total) })}</h3>
      <ol className="waterfall">
        {bars.map((bar) => (
          <li key={bar.step} className={`waterfall-${bar.state}`}>
            <span className="waterfall-name">{nameOf(bar.step)}</span>
            <span className="waterfall-lane" aria-hidden="true">
              <span style={{ insetInlineStart: `${bar.from * 100}%`, width: `max(2px, ${bar.length * 100}%)` }} />
            </span>
            <span className="waterfall-ms">
              {bar.state === 'skipped' ? t('step.skipped') : t('step.ms', { ms: Math.round(bar.ms * 10) / 10 })}
              {bar.state === 'failed' ? <span className="visually-hidden"> {t('status.failed')}</span> : null}
            </span>
            {bar.reason === undefined ? null : <p className="waterfall-note field-problem">{bar.reason}</p>}
            {bar.returned === undefined ? null : (
              <p className="waterfall-note">
                {t('audit.returned')} <code>{bar.returned}</code>
              </p>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
