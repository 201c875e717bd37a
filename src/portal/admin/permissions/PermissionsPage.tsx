/** System › People › Permissions: who may do what. */
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PermissionEntry, Permissions } from '../../../contract/permissions.ts';
import { useServices } from '../../app/services.ts';
import { ago } from '../../parts/ago.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useNow } from '../../parts/use-now.ts';
import { AdminPage } from '../list/AdminPage.tsx';
import type { Column } from '../list/columns.ts';
import { ListView } from '../list/ListView.tsx';
import { useRecordList } from '../list/use-record-list.ts';
import { useRows } from '../list/use-rows.ts';
import { Checker } from './Checker.tsx';
import { DefaultsPanel } from './DefaultsPanel.tsx';
import { RulePanel } from './RulePanel.tsx';
import './permissions.css';

const rowId = (entry: PermissionEntry) => entry.id;
/** No account has this name. */
const EVERYBODY = '*';

export function PermissionsPage() {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const now = useNow(60_000);
  const [checking, setChecking] = useState(false);
  const [rest, setRest] = useState<Omit<Permissions, 'entries'>>();
  const source = useRows(
    useCallback(
      async (signal: AbortSignal) => {
        const { entries, ...others } = await api.call('adminPermissions', {}, { signal });
        setRest(others);
        return entries;
      },
      [api],
    ),
  );
  const { open, rows, list, panel, create } = useRecordList(source, {
    rowId,
    rowName: rowId,
    remove: async (id, keepalive) => {
      const version = source.rows?.find((row) => row.id === id)?.version ?? 0;
      await api.call('adminPermissionDelete', { version }, { path: { id }, keepalive });
    },
  });

  const columns = useMemo<readonly Column<PermissionEntry>[]>(() => {
    const names = (actions: readonly string[]) => actions.map((one) => t(`permissions.actions.${one}`)).join(', ');
    return [
      {
        key: 'id',
        label: t('permissions.who'),
        text: (row) => row.id,
        width: 'minmax(8rem, 1.2fr)',
        render: (row) => (
          <>
            <Icon name={row.id.startsWith('@') ? 'users' : 'user'} size={16} /> {row.id}
          </>
        ),
      },
      {
        key: 'level',
        label: t('permissions.level'),
        text: (row) => t(`permissions.levels.${row.level ?? 'none'}`),
        width: 'minmax(7rem, 0.8fr)',
        narrow: true,
      },
      { key: 'deny', label: t('permissions.says.deny'), text: (row) => names(row.deny), width: 'minmax(7rem, 1.2fr)' },
      { key: 'grant', label: t('permissions.says.grant'), text: (row) => names(row.grant), width: 'minmax(7rem, 1fr)' },
      { key: 'note', label: t('permissions.note'), text: (row) => row.note, width: 'minmax(6rem, 1fr)' },
      {
        key: 'at',
        label: t('profiles.changed'),
        text: (row) => `${ago(row.at, now, i18n.language)}, ${row.by}`,
        value: (row) => -row.at,
        width: 'minmax(8rem, 0.9fr)',
      },
    ];
  }, [t, i18n.language, now]);

  return (
    <AdminPage
      heading={t('system.pages.permissions')}
      intro={t('permissions.intro')}
      buttons={
        <>
          <button type="button" className="btn btn-quiet" onClick={() => setChecking(true)}>
            <Icon name="search" size={17} /> {t('permissions.check')}
          </button>
          <button type="button" className="btn btn-primary" onClick={create}>
            <Icon name="plus" size={17} /> {t('permissions.new')}
          </button>
        </>
      }
    >
      {rest ? (
        <div className="strip strip-info everybody">
          <Icon name="users" />
          <span className="me-auto">
            {t('permissions.everybodyIs', { level: t(`permissions.levels.${rest.defaults.level}`) })}
            {rest.fixed.admins.length > 0 ? (
              <span className="muted d-block">{t('permissions.fixed', { names: rest.fixed.admins.join(', ') })}</span>
            ) : null}
          </span>
          <button type="button" className="btn btn-sm btn-quiet" onClick={() => open.show(EVERYBODY)}>
            {t('permissions.change')}
          </button>
        </div>
      ) : null}
      <div className="admin-split">
        <ListView
          {...list}
          label={t('system.pages.permissions')}
          columns={columns}
          initialSort={{ key: 'id', down: false }}
          empty={
            <>
              <h2>{t('permissions.none')}</h2>
              <p>{t('permissions.noneText')}</p>
            </>
          }
        />
        {panel ? (
          <RulePanel key={panel.key} {...panel.props} taken={(id) => rows?.some((row) => row.id === id) ?? false} />
        ) : null}
        {open.id === EVERYBODY && rest ? (
          <DefaultsPanel
            defaults={rest.defaults}
            onSaved={(defaults) => setRest({ ...rest, defaults })}
            onClose={() => open.show(undefined)}
          />
        ) : null}
      </div>
      {checking ? <Checker onClose={() => setChecking(false)} /> : null}
    </AdminPage>
  );
}
