/** A start that is under way, or failed before there was a session: its steps, its reason, its end. */
import { useTranslation } from 'react-i18next';
import { START_STEPS } from '../../contract/start.ts';
import { useServices } from '../app/services.ts';
import { Failure } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import type { Start } from '../state/starts.ts';
import { iconFor } from './session-icon.ts';

export interface StartCardProps {
  readonly start: Start;
  readonly onOpen: () => void;
}

export function StartCard({ start, onOpen }: StartCardProps) {
  const { t } = useTranslation();
  const { starts } = useServices();
  const failed = start.phase === 'failed';
  const step = start.steps.findLast(({ state }) => state === 'running' || state === 'failed')?.step;
  const passed = start.steps.reduce((at, one) => Math.max(at, START_STEPS.indexOf(one.step)), -1) + 1;
  return (
    <article className={`session-card session-${failed ? 'failed' : 'starting'}`} aria-labelledby={`start-${start.id}`}>
      <header>
        <span className="session-icon">
          <Icon name={iconFor(undefined, start.request.command)} size={24} />
        </span>
        <div className="session-title">
          <h3 id={`start-${start.id}`}>{start.title}</h3>
          <code title={start.request.command}>{start.request.command}</code>
        </div>
        <StatusBadge status={failed ? 'failed' : 'starting'} />
      </header>
      {failed && start.failure ? <Failure failure={start.failure} /> : null}
      {failed ? null : (
        <div className="start-steps">
          <progress max={START_STEPS.length} value={passed} aria-label={t('start.progress')} />
          <p className="muted">{step === undefined ? t('start.waiting') : t(`step.${step}`)}</p>
        </div>
      )}
      {failed && step !== undefined ? (
        <p className="muted">{t('start.failedAt', { step: t(`step.${step}`) })}</p>
      ) : null}
      <footer>
        {failed ? (
          <>
            <button type="button" className="btn btn-quiet" onClick={() => starts.retry(start.id)}>
              <Icon name="restart" size={17} /> {t('retry')}
            </button>
            <button type="button" className="btn btn-link" onClick={() => starts.dismiss(start.id)}>
              {t('session.dismiss')}
            </button>
          </>
        ) : (
          <>
            <button type="button" className="btn btn-quiet" onClick={onOpen}>
              {start.phase === 'form' ? t('start.continue') : t('start.show')}
            </button>
            <button type="button" className="btn btn-link" onClick={() => starts.cancel(start.id)}>
              {t('start.giveUp')}
            </button>
          </>
        )}
      </footer>
    </article>
  );
}
