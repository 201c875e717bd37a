/** One entry of the audit list, with all that was kept of it. */
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../contract/audit.ts';
import { SidePanel } from '../list/SidePanel.tsx';
import { Outcome } from './Outcome.tsx';
import { stepsIn } from './trace.ts';
import { useEventName } from './use-event-name.ts';
import { Waterfall } from './Waterfall.tsx';

export function EntryPanel({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const eventName = useEventName();
  const steps = stepsIn(entry.data);
  const fact = (name: string, value: string) =>
    value === '' ? null : (
      <>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </>
    );
  return (
    <SidePanel title={eventName(entry.event)} onClose={onClose}>
      <p className="m-0">
        <Outcome outcome={entry.outcome} />
      </p>
      <dl className="facts">
        {fact(
          t('audit.at'),
          new Date(entry.at).toLocaleString(i18n.language, { dateStyle: 'medium', timeStyle: 'long' }),
        )}
        {fact(t('audit.who'), entry.login)}
        {fact(t('audit.from'), entry.address)}
        {fact(t('audit.target'), entry.target)}
        {fact(t('audit.owner'), entry.owner)}
        {fact(t('audit.detail'), entry.detail)}
      </dl>
      {steps ? <Waterfall steps={steps} /> : null}
      {entry.data === null ? null : (
        <details open={!steps}>
          <summary>{t('audit.data')}</summary>
          {/* What scrolls must be reachable by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className="log" tabIndex={0} aria-label={t('audit.data')}>
            {JSON.stringify(entry.data, null, 2)}
          </pre>
        </details>
      )}
    </SidePanel>
  );
}
