/** One entry of the audit list, with all that was kept of it. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../contract/audit.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Outcome } from './Outcome.tsx';
import { stepsIn } from './trace.ts';
import { useEventName } from './use-event-name.ts';
import { Waterfall } from './Waterfall.tsx';

export function EntryPanel({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const eventName = useEventName();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const steps = stepsIn(entry.data);
  const fact = (name: string, value: string) =>
    value === '' ? null : (
      <>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </>
    );
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes, wherever the focus is
    <section
      className="editor-panel"
      aria-label={eventName(entry.event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="editor-head">
        <h2 ref={heading} tabIndex={-1}>
          {eventName(entry.event)}
        </h2>
        <button type="button" className="icon-button" onClick={onClose} aria-label={t('list.closePanel')}>
          <Icon name="close" />
        </button>
      </header>
      <div className="editor-fields">
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
      </div>
    </section>
  );
}
