/** System › Site › Servers: how the session servers are, and what they take. */
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdminServer } from '../../../contract/settings.ts';
import { useServices } from '../../app/services.ts';
import { AdminPage } from '../list/AdminPage.tsx';
import type { Column } from '../list/columns.ts';
import { ListView } from '../list/ListView.tsx';
import { useOpen } from '../list/use-open.ts';
import { useRows } from '../list/use-rows.ts';
import { gib } from './gib.ts';
import { ServerPanel } from './ServerPanel.tsx';

/** Milliseconds after which load and memory are read again. */
const EVERY = 10_000;
const rowId = ({ info }: AdminServer) => info.serverId;
const rowName = ({ info }: AdminServer) => info.hostname;

export function ServersPage() {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const open = useOpen();
  const source = useRows(useCallback((signal: AbortSignal) => api.call('adminServers', {}, { signal }), [api]));
  const { reload } = source;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void reload();
    }, EVERY);
    return () => clearInterval(timer);
  }, [reload]);

  const columns = useMemo<readonly Column<AdminServer>[]>(() => {
    // What it takes, after the switches and what the machine itself can do.
    const takes = ({ info }: AdminServer, what: 'start' | 'login') => (
      <span className={info.accepts[what] ? 'chip chip-good' : 'chip chip-bad'}>
        {t(info.accepts[what] ? 'admin.servers.open' : 'admin.servers.closed')}
      </span>
    );
    return [
      {
        key: 'hostname',
        label: t('servers.hostname'),
        text: ({ info }) => `${info.hostname} ${info.serverId}`,
        value: ({ info }) => info.hostname,
        width: 'minmax(9rem, 2fr)',
        render: ({ info, local }) => (
          <>
            {info.hostname} {local ? <span className="chip">{t('admin.servers.local')}</span> : null}
          </>
        ),
      },
      { key: 'pool', label: t('servers.pool'), text: ({ info }) => info.serverPool || '–', width: 'minmax(5rem, 1fr)' },
      {
        key: 'start',
        label: t('admin.servers.starts'),
        text: ({ info }) => t(info.accepts.start ? 'admin.servers.open' : 'admin.servers.closed'),
        render: (row) => takes(row, 'start'),
        width: 'minmax(6rem, 0.8fr)',
        narrow: true,
      },
      {
        key: 'login',
        label: t('admin.servers.logins'),
        text: ({ info }) => t(info.accepts.login ? 'admin.servers.open' : 'admin.servers.closed'),
        render: (row) => takes(row, 'login'),
        width: 'minmax(6rem, 0.8fr)',
      },
      {
        key: 'load',
        label: t('servers.load'),
        text: ({ info }) => info.loadavg[0].toFixed(2),
        value: ({ info }) => info.loadavg[0],
        width: 'minmax(4.5rem, 0.6fr)',
        align: 'end',
      },
      {
        key: 'sessions',
        label: t('servers.sessions'),
        text: ({ info }) => String(info.sessions),
        value: ({ info }) => info.sessions,
        width: 'minmax(5.5rem, 0.6fr)',
        align: 'end',
      },
      {
        key: 'memory',
        label: t('servers.memory'),
        text: ({ info }) =>
          t('servers.memoryOf', { free: gib(info.freemem, i18n.language), total: gib(info.totalmem, i18n.language) }),
        value: ({ info }) => info.freemem,
        width: 'minmax(8rem, 1fr)',
        align: 'end',
      },
    ];
  }, [t, i18n.language]);

  const shown = source.rows?.find((row) => rowId(row) === open.id);
  return (
    <AdminPage heading={t('system.pages.servers')} intro={t('admin.servers.intro')}>
      <div className="admin-split">
        <ListView
          label={t('system.pages.servers')}
          source={source}
          columns={columns}
          rowId={rowId}
          rowName={rowName}
          initialSort={{ key: 'hostname', down: false }}
          openId={open.id}
          onOpen={(row) => open.show(rowId(row))}
          empty={<h2>{t('admin.servers.none')}</h2>}
        />
        {shown ? (
          <ServerPanel
            key={open.id}
            server={shown}
            onSaved={(saved) => source.change((all) => all.map((row) => (rowId(row) === rowId(saved) ? saved : row)))}
            onClose={() => open.show(undefined)}
          />
        ) : null}
      </div>
    </AdminPage>
  );
}
