/** What a job scheduler says of a session: why it waits and until when, or why it ended. */
import { useTranslation } from 'react-i18next';
import type { Job } from '../../contract/session.ts';

export interface JobFactsProps {
  readonly job: Job;
  readonly over: boolean;
}

export function JobFacts({ job, over }: JobFactsProps) {
  const { t, i18n } = useTranslation();
  const reasonKey = `job.reasons.${job.reason ?? ''}`;
  const reason = job.reason !== null && i18n.exists(reasonKey) ? t(reasonKey) : job.reason;
  const start =
    job.estimatedStart === null
      ? null
      : new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'short' }).format(job.estimatedStart);
  return (
    <dl className="session-facts" aria-live="polite">
      <div>
        <dt>{t('job.job')}</dt>
        <dd>
          {job.scheduler} {job.id}
        </dd>
      </div>
      {reason === null ? null : (
        <div>
          <dt>{t(over ? 'job.endedBy' : 'job.waitsFor')}</dt>
          <dd title={job.reason ?? undefined}>{reason}</dd>
        </div>
      )}
      {start === null ? null : (
        <div>
          <dt>{t('job.estimatedStart')}</dt>
          <dd>{start}</dd>
        </div>
      )}
    </dl>
  );
}
