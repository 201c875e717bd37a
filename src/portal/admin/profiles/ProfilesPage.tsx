/** System › Sessions › Profiles: what sessions may do and for how long. */
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../../api/failure.ts';
import { MAX_PROFILE_NAME, type Profile } from '../../../contract/profile.ts';
import { useServices } from '../../app/services.ts';
import { ago } from '../../parts/ago.ts';
import { useFailureText } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useNow } from '../../parts/use-now.ts';
import { AdminPage } from '../list/AdminPage.tsx';
import type { Column } from '../list/columns.ts';
import { inWords } from '../list/duration.ts';
import { ListView } from '../list/ListView.tsx';
import { useRecordList } from '../list/use-record-list.ts';
import { useRows } from '../list/use-rows.ts';
import { toDraft, type Draft } from './draft.ts';
import { ProfilePanel } from './ProfilePanel.tsx';
import { useUses } from './use-uses.ts';

const rowId = (profile: Profile) => profile.id;
const rowName = (profile: Profile) => profile.name;

export function ProfilesPage() {
  const { t, i18n } = useTranslation();
  const { api, notices, servers } = useServices();
  const failureText = useFailureText();
  const now = useNow(60_000);
  const [ownDefault, setOwnDefault] = useState<string | null>(null);
  const usesOf = useUses();
  const source = useRows(
    useCallback(
      async (signal: AbortSignal) => {
        const found = await api.call('adminProfiles', {}, { signal });
        setOwnDefault(found.ownDefault);
        return found.profiles;
      },
      [api],
    ),
  );
  const { rows, list, panel, create } = useRecordList<Profile, Draft>(source, {
    rowId,
    rowName,
    remove: (id, keepalive) => api.call('adminProfileDelete', {}, { path: { id }, keepalive }),
    copy: (row) => toDraft(row, t('forms.copyOf', { name: row.name }).slice(0, MAX_PROFILE_NAME)),
  });

  const columns = useMemo<readonly Column<Profile>[]>(() => {
    const time = (seconds: number | null) => (seconds === null ? '–' : inWords(seconds, i18n.language));
    return [
      {
        key: 'name',
        label: t('profiles.name'),
        text: (row) => `${row.name} ${row.id} ${row.description}`,
        value: (row) => row.name,
        width: 'minmax(9rem, 2fr)',
        render: (row) => (
          <>
            {row.name} {row.hidden ? <span className="chip">{t('profiles.isHidden')}</span> : null}
            {row.id === ownDefault ? <span className="chip chip-good">{t('profiles.isDefault')}</span> : null}
          </>
        ),
      },
      {
        key: 'idle',
        label: t('profiles.idleShort'),
        text: (row) => time(row.idleSeconds),
        value: (row) => row.idleSeconds ?? Infinity,
        width: 'minmax(6rem, 1fr)',
      },
      {
        key: 'unwatched',
        label: t('profiles.endShort'),
        text: (row) => time(row.endAfterDisconnectSeconds),
        value: (row) => row.endAfterDisconnectSeconds ?? Infinity,
        width: 'minmax(6rem, 1fr)',
      },
      {
        key: 'run',
        label: t('profiles.runShort'),
        text: (row) => time(row.maxRunSeconds),
        value: (row) => row.maxRunSeconds ?? Infinity,
        width: 'minmax(6rem, 1fr)',
        narrow: true,
      },
      {
        key: 'uses',
        label: t('profiles.uses'),
        text: (row) => String(usesOf(row.id).length),
        value: (row) => usesOf(row.id).length,
        width: 'minmax(5rem, 0.6fr)',
        align: 'end',
      },
      {
        key: 'changed',
        label: t('profiles.changed'),
        text: (row) => ago(row.changed, now, i18n.language),
        value: (row) => -row.changed,
        width: 'minmax(7rem, 1fr)',
      },
    ];
  }, [t, i18n.language, ownDefault, usesOf, now]);

  const known = [...knownPools(servers)];
  async function chooseDefault(id: string | null): Promise<void> {
    const before = ownDefault;
    setOwnDefault(id);
    try {
      await api.call('adminProfileDefault', { id });
    } catch (thrown) {
      setOwnDefault(before);
      notices.show({ kind: 'error', text: failureText(toFailure(thrown)) });
    }
  }

  return (
    <AdminPage
      heading={t('system.pages.profiles')}
      intro={t('profiles.intro')}
      buttons={
        <button type="button" className="btn btn-primary" onClick={create}>
          <Icon name="plus" size={17} /> {t('profiles.new')}
        </button>
      }
    >
      <div className="admin-split">
        <ListView
          {...list}
          label={t('system.pages.profiles')}
          columns={columns}
          initialSort={{ key: 'name', down: false }}
          filters={
            <label className="list-filter">
              {t('profiles.forOwn')}
              <select
                className="form-select"
                value={ownDefault ?? ''}
                onChange={(event) => void chooseDefault(event.target.value === '' ? null : event.target.value)}
              >
                <option value="">{t('profiles.noProfile')}</option>
                {rows?.map((row) => (
                  <option key={row.id} value={row.id}>
                    {row.name}
                  </option>
                ))}
              </select>
            </label>
          }
          empty={
            <>
              <h2>{t('profiles.none')}</h2>
              <p>{t('profiles.noneText')}</p>
            </>
          }
        />
        {panel ? (
          <ProfilePanel
            key={panel.key}
            {...panel.props}
            pools={known}
            usedBy={panel.props.record ? usesOf(panel.props.record.id) : []}
          />
        ) : null}
      </div>
    </AdminPage>
  );
}

/** Pools of the servers that push has told of. */
function knownPools(servers: ReturnType<typeof useServices>['servers']): ReadonlySet<string> {
  const pools = [...servers.store.getState().servers.values()].map((one) => one?.serverPool ?? '');
  return new Set(pools.filter((pool) => pool !== ''));
}
