/** System › People › Audit: who did what, from where, and what came of it. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AUDIT_EVENTS, AUDIT_EXPORT_PATH, type AuditEntry } from '../../../contract/audit.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { AdminPage } from '../list/AdminPage.tsx';
import type { Column } from '../list/columns.ts';
import { ListView } from '../list/ListView.tsx';
import { useOpen } from '../list/use-open.ts';
import { EntryPanel } from './EntryPanel.tsx';
import { Outcome } from './Outcome.tsx';
import { useAudit, type Filter } from './use-audit.ts';
import { useEventName } from './use-event-name.ts';
import './audit.css';

const rowId = (entry: AuditEntry) => String(entry.id);
const rowName = (entry: AuditEntry) => `${entry.event} ${entry.id}`;
/** Milliseconds without a key, after which the server is asked. */
const SETTLED = 300;
const NO_FILTER = { from: '', to: '', login: '', event: '', outcome: '', search: '' };

/** What the fields hold, as the server takes it. */
function toFilter({ from, to, ...texts }: typeof NO_FILTER): Filter {
  const time = (text: string) => {
    const at = text === '' ? Number.NaN : new Date(text).getTime();
    return Number.isFinite(at) && at >= 0 ? at : undefined;
  };
  const all = { from: time(from), to: time(to), ...texts };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '' && value !== undefined));
}

export function AuditPage() {
  const { t, i18n } = useTranslation();
  const open = useOpen();
  const eventName = useEventName();
  const [fields, setFields] = useState(NO_FILTER);
  const [follow, setFollow] = useState(false);
  const settled = useSettled(fields, SETTLED);
  const filter = useMemo(() => toFilter(settled), [settled]);
  const audit = useAudit(filter, follow);
  const [chosen, setChosen] = useState<AuditEntry>();

  const columns = useMemo<readonly Column<AuditEntry>[]>(() => {
    const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
    return [
      {
        key: 'at',
        label: t('audit.at'),
        text: (row) => time.format(row.at),
        value: (row) => row.id,
        width: 'minmax(13rem, 0.9fr)',
      },
      {
        key: 'login',
        label: t('audit.who'),
        text: (row) => row.login || '–',
        width: 'minmax(6rem, 0.8fr)',
        narrow: true,
      },
      {
        key: 'event',
        label: t('audit.event'),
        text: (row) => eventName(row.event),
        width: 'minmax(8rem, 1fr)',
        narrow: true,
      },
      {
        key: 'target',
        label: t('audit.target'),
        text: (row) => (row.owner === '' ? row.target : `${row.target} (${row.owner})`),
        width: 'minmax(7rem, 1fr)',
      },
      { key: 'detail', label: t('audit.detail'), text: (row) => row.detail, width: 'minmax(7rem, 1.2fr)' },
      { key: 'address', label: t('audit.from'), text: (row) => row.address, width: 'minmax(7rem, 0.8fr)' },
      {
        key: 'outcome',
        label: t('audit.outcome'),
        text: (row) => row.outcome,
        render: (row) => <Outcome outcome={row.outcome} />,
        width: 'minmax(6rem, 0.8fr)',
      },
    ];
    // The names of events change with the language alone.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [t, i18n.language]);

  const known = audit.entries?.find((row) => rowId(row) === open.id);
  useEffect(() => {
    // What one reads stays when the list goes on without it.
    // oxlint-disable-next-line react/set-state-in-effect
    if (known) setChosen(known);
  }, [known]);
  const shown = known ?? (chosen && rowId(chosen) === open.id ? chosen : undefined);

  const edit = (change: Partial<typeof NO_FILTER>) => setFields((before) => ({ ...before, ...change }));
  const exportPath = (format: 'jsonl' | 'csv') =>
    `/api${AUDIT_EXPORT_PATH}?${new URLSearchParams(
      Object.entries({ ...filter, format }).map(([name, value]) => [name, String(value)]),
    ).toString()}`;
  const when = (name: 'from' | 'to') => (
    <label className="list-filter">
      {t(`audit.${name}Time`)}
      <input
        type="datetime-local"
        className="form-control"
        value={fields[name]}
        onChange={(event) => edit({ [name]: event.target.value })}
      />
    </label>
  );

  return (
    <AdminPage
      heading={t('system.pages.audit')}
      intro={t('audit.intro')}
      buttons={
        <>
          <button
            type="button"
            className={follow ? 'btn btn-primary' : 'btn btn-quiet'}
            aria-pressed={follow}
            onClick={() => setFollow(!follow)}
          >
            <Icon name={follow ? 'stop' : 'play'} size={16} /> {t('audit.follow')}
          </button>
          <a className="btn btn-quiet" href={exportPath('csv')} download>
            CSV
          </a>
          <a className="btn btn-quiet" href={exportPath('jsonl')} download>
            JSON Lines
          </a>
        </>
      }
    >
      <div className="admin-split">
        <ListView
          label={t('system.pages.audit')}
          source={{ rows: audit.entries, failure: audit.failure, reload: audit.reload }}
          filtered={Object.keys(filter).length > 0}
          onClearFilters={() => setFields(NO_FILTER)}
          onSearch={(search) => edit({ search })}
          columns={columns}
          rowId={rowId}
          rowName={rowName}
          openId={open.id}
          onOpen={(row) => open.show(rowId(row))}
          filters={
            <>
              <label className="list-filter">
                {t('audit.event')}
                <select
                  className="form-select"
                  value={fields.event}
                  onChange={(event) => edit({ event: event.target.value })}
                >
                  <option value="">{t('list.all')}</option>
                  {AUDIT_EVENTS.map((event) => (
                    <option key={event} value={event}>
                      {eventName(event)}
                    </option>
                  ))}
                </select>
              </label>
              <label className="list-filter">
                {t('audit.outcome')}
                <select
                  className="form-select"
                  value={fields.outcome}
                  onChange={(event) => edit({ outcome: event.target.value })}
                >
                  <option value="">{t('list.all')}</option>
                  <option value="ok">{t('audit.ok')}</option>
                  <option value="failed">{t('audit.failed')}</option>
                </select>
              </label>
              <label className="list-filter">
                {t('audit.who')}
                <input
                  className="form-control audit-who"
                  autoComplete="off"
                  value={fields.login}
                  onChange={(event) => edit({ login: event.target.value.trim() })}
                />
              </label>
              {when('from')}
              {when('to')}
            </>
          }
          footer={
            audit.next === null ? null : (
              <button type="button" className="btn btn-quiet align-self-center" onClick={() => void audit.older()}>
                {t('audit.older')}
              </button>
            )
          }
          empty={<h2>{t('audit.none')}</h2>}
        />
        {shown ? <EntryPanel key={rowId(shown)} entry={shown} onClose={() => open.show(undefined)} /> : null}
      </div>
    </AdminPage>
  );
}
