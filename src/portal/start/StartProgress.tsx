/** The fourteen steps of a start by name, as they pass. */
import { useTranslation } from 'react-i18next';
import { START_STEPS } from '../../contract/start.ts';
import { Icon } from '../parts/Icon.tsx';
import type { StepState } from '../state/starts.ts';

export function StartProgress({ steps, failed }: { readonly steps: readonly StepState[]; readonly failed: boolean }) {
  const { t } = useTranslation();
  const last = steps.reduce((at, { step }) => Math.max(at, START_STEPS.indexOf(step)), -1);
  const running = steps.find(({ state }) => state === 'running');
  return (
    <div className="start-steps">
      <progress
        max={START_STEPS.length}
        value={Math.max(0, last + 1)}
        aria-label={t('start.progress')}
        className={failed ? 'failed' : undefined}
      />
      <output className="visually-hidden">{running && !failed ? t(`step.${running.step}`) : ''}</output>
      <ol>
        {START_STEPS.map((name, index) => {
          const known = steps.find(({ step }) => step === name);
          // Push may be away; a later step that is known tells of this one.
          const state = known?.state ?? (index < last ? 'done' : 'waiting');
          const shown = failed && state === 'running' ? 'failed' : state;
          return (
            <li key={name} className={`step step-${shown}`}>
              <span className="step-mark">
                {shown === 'done' ? <Icon name="check" size={14} /> : null}
                {shown === 'skipped' ? <Icon name="skip" size={14} /> : null}
                {shown === 'failed' ? <Icon name="close" size={14} /> : null}
              </span>
              <span>{t(`step.${name}`)}</span>
              {shown === 'skipped' ? <span className="step-note">{t('step.skipped')}</span> : null}
              {known?.ms === undefined || shown === 'skipped' ? null : (
                <span className="step-note">{t('step.ms', { ms: Math.round(known.ms) })}</span>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
