/** System › Sessions › All sessions: everybody's, as they are now. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { toFailure } from '../../../api/failure.ts';
import { SessionStatus, type Session } from '../../../contract/session.ts';
import { useServices } from '../../app/services.ts';
import { ago } from '../../parts/ago.ts';
import { useMay } from '../../app/use-may.ts';
import { ConfirmDialog } from '../../parts/ConfirmDialog.tsx';
import { useFailureText } from '../../parts/Failure.tsx';
import { StatusBadge } from '../../parts/StatusBadge.tsx';
import { useNow } from '../../parts/use-now.ts';
import { AdminPage } from '../list/AdminPage.tsx';
import type { Column } from '../list/columns.ts';
import { ListView } from '../list/ListView.tsx';
import { useOpen } from '../list/use-open.ts';
import { createLiveSessions } from './live-sessions.ts';
import { SessionPanel } from './SessionPanel.tsx';
import './sessions.css';

const rowId = (session: Session) => session.id;
const rowName = (session: Session) => session.name;
const isOpen = ({ status }: Session) => status !== 'ended' && status !== 'failed';

interface Asked {
  readonly call: 'terminate' | 'disconnect';
  readonly sessions: readonly Session[];
}

function connect(): WebSocket {
  const { protocol, host } = window.location;
  return new WebSocket(`${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/api/admin/session`);
}

export function SessionsPage() {
  const { t, i18n } = useTranslation();
  const { api, notices } = useServices();
  const failureText = useFailureText();
  const now = useNow(30_000);
  const open = useOpen();
  const [source] = useState(() => createLiveSessions(api, connect));
  const { sessions, failure, live } = useStore(source.store);
  const [status, setStatus] = useState('');
  const [user, setUser] = useState('');
  const [server, setServer] = useState('');
  const [asked, setAsked] = useState<Asked>();
  useEffect(() => source.run(), [source]);

  const may = useMay();
  const users = useMemo(() => [...new Set(sessions?.map((one) => one.login))].toSorted(), [sessions]);
  const servers = useMemo(() => [...new Set(sessions?.map((one) => one.hostname))].toSorted(), [sessions]);
  const rows = useMemo(
    () =>
      sessions?.filter(
        (one) =>
          (status === '' || one.status === status || (status === 'open' && isOpen(one))) &&
          (user === '' || one.login === user) &&
          (server === '' || one.hostname === server),
      ),
    [sessions, status, user, server],
  );

  const columns = useMemo<readonly Column<Session>[]>(
    () => [
      {
        key: 'name',
        label: t('start.name'),
        text: (row) => `${row.name} ${row.command} ${row.id}`,
        value: (row) => row.name,
        width: 'minmax(8rem, 1.6fr)',
        render: (row) => (
          <>
            {row.name} <span className="sub mono">{row.command}</span>
          </>
        ),
      },
      {
        key: 'login',
        label: t('admin.sessions.owner'),
        text: (row) => row.login,
        width: 'minmax(6rem, 0.8fr)',
        narrow: true,
      },
      {
        key: 'status',
        label: t('admin.sessions.status'),
        text: (row) => t(`status.${row.status}`),
        render: (row) => <StatusBadge status={row.status} />,
        width: 'minmax(7.5rem, 0.8fr)',
        narrow: true,
      },
      { key: 'host', label: t('session.host'), text: (row) => row.hostname, width: 'minmax(6rem, 1fr)' },
      {
        key: 'clients',
        label: t('admin.sessions.watching'),
        text: (row) => row.clients.map((client) => client.login).join(', ') || '–',
        value: (row) => -row.clients.length,
        width: 'minmax(6rem, 0.8fr)',
      },
      {
        key: 'started',
        label: t('session.started'),
        text: (row) => ago(row.started, now, i18n.language),
        value: (row) => -row.started,
        width: 'minmax(7rem, 0.8fr)',
      },
    ],
    [t, i18n.language, now],
  );

  async function act({ call, sessions: chosen }: Asked): Promise<void> {
    const outcomes = await Promise.all(
      chosen.map(async ({ id, name }) => {
        try {
          await api.call(call, { id });
          return true;
        } catch (thrown) {
          const why = toFailure(thrown);
          if (why.code === 'session-unknown') return true;
          notices.show({ kind: 'error', text: `${name}: ${failureText(why)}` });
          return false;
        }
      }),
    );
    const count = outcomes.filter(Boolean).length;
    if (count > 0) notices.show({ kind: 'success', text: t(`admin.sessions.did.${call}`, { count }) });
    if (!source.store.getState().live) void source.reload();
  }

  const ask = (call: Asked['call'], some: readonly Session[]) => {
    const chosen = some.filter((one) => (call === 'terminate' ? isOpen(one) : one.clients.length > 0));
    if (chosen.length === 0) notices.show({ kind: 'info', text: t(`admin.sessions.nothing.${call}`) });
    else setAsked({ call, sessions: chosen });
  };
  const shown = sessions?.find((one) => one.id === open.id);
  const watched = asked?.sessions.reduce((sum, one) => sum + one.clients.length, 0) ?? 0;
  const select = (
    label: string,
    value: string,
    choose: (value: string) => void,
    options: readonly (readonly [value: string, label: string])[],
  ) => (
    <label className="list-filter">
      {label}
      <select className="form-select" value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{t('list.all')}</option>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );

  return (
    <AdminPage heading={t('system.pages.sessions')} intro={t('admin.sessions.intro')}>
      <div className="admin-split">
        <ListView
          label={t('system.pages.sessions')}
          source={{ rows, failure, reload: () => source.reload() }}
          filtered={status !== '' || user !== '' || server !== ''}
          onClearFilters={() => {
            setStatus('');
            setUser('');
            setServer('');
          }}
          columns={columns}
          rowId={rowId}
          rowName={rowName}
          initialSort={{ key: 'started', down: false }}
          openId={open.id}
          onOpen={(row) => open.show(row.id)}
          bulk={[
            ...(may('disconnect')
              ? [
                  {
                    label: t('session.disconnect'),
                    icon: 'eject',
                    run: (some: readonly Session[]) => ask('disconnect', some),
                  } as const,
                ]
              : []),
            ...(may('terminate')
              ? [
                  {
                    label: t('session.terminate'),
                    icon: 'power',
                    danger: true,
                    run: (some: readonly Session[]) => ask('terminate', some),
                  } as const,
                ]
              : []),
          ]}
          filters={
            <>
              {select(t('admin.sessions.status'), status, setStatus, [
                ['open', t('admin.sessions.open')],
                ...SessionStatus.options.map((one) => [one, t(`status.${one}`)] as const),
              ])}
              {select(
                t('admin.sessions.owner'),
                user,
                setUser,
                users.map((one) => [one, one] as const),
              )}
              {select(
                t('session.host'),
                server,
                setServer,
                servers.map((one) => [one, one] as const),
              )}
              <span className={live ? 'chip chip-good' : 'chip chip-warn'}>
                {t(live ? 'admin.sessions.live' : 'admin.sessions.notLive')}
              </span>
            </>
          }
          empty={
            <>
              <h2>{t('admin.sessions.none')}</h2>
              <p>{t('admin.sessions.noneText')}</p>
            </>
          }
        />
        {shown ? (
          <SessionPanel
            key={shown.id}
            session={shown}
            now={now}
            onTerminate={() => ask('terminate', [shown])}
            onDisconnect={() => ask('disconnect', [shown])}
            onClose={() => open.show(undefined)}
          />
        ) : null}
      </div>
      {asked ? (
        <ConfirmDialog
          title={t(`admin.sessions.ask.${asked.call}`, {
            count: asked.sessions.length,
            name: asked.sessions[0]?.name ?? '',
          })}
          confirm={t(asked.call === 'terminate' ? 'session.terminate' : 'session.disconnect')}
          onConfirm={() => void act(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>{t(`admin.sessions.askText.${asked.call}`)}</p>
          <ul className="asked">
            {asked.sessions.slice(0, 12).map((one) => (
              <li key={one.id}>
                {one.name} <span className="muted">({one.login})</span>
              </li>
            ))}
            {asked.sessions.length > 12 ? (
              <li>{t('admin.sessions.andMore', { count: asked.sessions.length - 12 })}</li>
            ) : null}
          </ul>
          {asked.call === 'terminate' && watched > 0 ? <p>{t('admin.sessions.watched', { count: watched })}</p> : null}
        </ConfirmDialog>
      ) : null}
    </AdminPage>
  );
}
