/** What the dialog says once something else starts the session, later: who has it, and what that said. */
import { useTranslation } from 'react-i18next';
import type { Session } from '../../contract/session.ts';

export function Scheduled({ session, output }: { readonly session: Session | undefined; readonly output: string }) {
  const { t } = useTranslation();
  const said = output.trim();
  const job = session?.job;
  return (
    <>
      <output className="d-block mb-3">
        {job ? t('start.queued', { scheduler: job.scheduler, id: job.id }) : t('start.handedOver')}
      </output>
      {/* Most schedulers say nothing but the job's id. */}
      {said === '' || said === job?.id ? null : (
        <>
          <p>{t('start.scheduled')}</p>
          {/* What scrolls must be reachable by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className="log-tail" tabIndex={0} aria-label={t('start.scheduled')}>
            {said}
          </pre>
        </>
      )}
    </>
  );
}
