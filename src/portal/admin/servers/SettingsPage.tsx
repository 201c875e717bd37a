/** System › Site › Seats and settings: how many sessions there may be, who has them, how long the audit list goes back. */
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import { Settings, type SeatsTaken, type VersionedSettings } from '../../../contract/settings.ts';
import { useServices } from '../../app/services.ts';
import { Failure } from '../../parts/Failure.tsx';
import { AdminPage } from '../list/AdminPage.tsx';
import { EditorPanel } from '../list/EditorPanel.tsx';
import { TextField } from '../list/Field.tsx';
import { useRecord } from '../list/use-record.ts';
import './settings.css';

/** As typed; a text that is no number is said at its field. */
interface Draft {
  readonly perUser: string;
  readonly perServer: string;
  readonly total: string;
  readonly days: string;
  readonly entries: string;
}
const FIELDS = ['perUser', 'perServer', 'total', 'days', 'entries'] as const;
/** Seats and days: zero is "no limit", which is an empty field here. */
const some = (count: number) => (count === 0 ? '' : String(count));
const none = (text: string) => (text.trim() === '' ? 0 : Number(text));

function fromSettings({ seats, audit, version }: VersionedSettings) {
  const draft: Draft = {
    perUser: some(seats.perUser),
    perServer: some(seats.perServer),
    total: some(seats.total),
    days: some(audit.days),
    entries: String(audit.entries),
  };
  return { draft, version };
}

const toSettings = (draft: Draft) => ({
  seats: { perUser: none(draft.perUser), perServer: none(draft.perServer), total: none(draft.total) },
  audit: { days: none(draft.days), entries: Number(draft.entries) },
});

export function SettingsPage() {
  const { t } = useTranslation();
  const { api } = useServices();
  const [settings, setSettings] = useState<VersionedSettings>();
  const [taken, setTaken] = useState<SeatsTaken>();
  const [failure, setFailure] = useState<ApiFailure>();

  const load = useCallback(async () => {
    try {
      const [found, seats] = await Promise.all([api.call('adminSettings', {}), api.call('adminSeats', {})]);
      setSettings(found);
      setTaken(seats);
      setFailure(undefined);
    } catch (thrown) {
      setFailure(toFailure(thrown));
    }
  }, [api]);
  useEffect(() => {
    // What is set is what the network answered, later.
    // oxlint-disable-next-line react/set-state-in-effect
    void load();
    const back = () => {
      if (document.visibilityState === 'visible') void load();
    };
    document.addEventListener('visibilitychange', back);
    return () => document.removeEventListener('visibilitychange', back);
  }, [load]);

  return (
    <AdminPage heading={t('system.pages.settings')} intro={t('admin.settings.intro')}>
      {failure ? <Failure failure={failure} onRetry={() => void load()} /> : null}
      {!settings && !failure ? <p className="muted">{t('loading')}</p> : null}
      <div className="settings-columns">
        {settings ? <SettingsForm settings={settings} onSaved={() => void load()} /> : null}
        {taken ? <Taken taken={taken} limit={settings?.seats.total ?? 0} /> : null}
      </div>
    </AdminPage>
  );
}

function SettingsForm({ settings, onSaved }: { readonly settings: VersionedSettings; readonly onSaved: () => void }) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const { editor, state, problem } = useRecord<Draft>(
    {
      ...fromSettings(settings),
      async save(draft, version) {
        const saved = await api.call('adminSettingsSave', { ...toSettings(draft), version: version ?? 0 });
        const done = () => {
          notices.show({ kind: 'success', text: t('list.saved', { name: t('system.pages.settings') }) });
          onSaved();
        };
        return { ...fromSettings(saved), done };
      },
      reread: async () => fromSettings(await api.call('adminSettings', {})),
      problems(draft) {
        const issues = Settings.safeParse(toSettings(draft)).error?.issues ?? [];
        return Object.fromEntries(
          issues.map(({ path }) => {
            const field = String(path[1]);
            return [field, t(`admin.settings.problem.${field === 'days' || field === 'entries' ? field : 'seats'}`)];
          }),
        );
      },
    },
    t('list.refused'),
  );
  const field = (name: (typeof FIELDS)[number], unit: string) => (
    <TextField
      label={t(`admin.settings.${name}`)}
      help={t(`admin.settings.${name}Help`)}
      unit={unit}
      placeholder={name === 'entries' ? '' : t('profiles.noLimit')}
      value={state.draft[name]}
      problem={problem(name)}
      onChange={(text) => editor.edit({ [name]: text })}
    />
  );
  return (
    <EditorPanel
      title={t('admin.settings.limits')}
      editor={editor}
      labels={{
        perUser: t('admin.settings.perUser'),
        perServer: t('admin.settings.perServer'),
        total: t('admin.settings.total'),
        days: t('admin.settings.days'),
        entries: t('admin.settings.entries'),
      }}
    >
      {field('perUser', t('admin.settings.sessionsUnit'))}
      {field('perServer', t('admin.settings.sessionsUnit'))}
      {field('total', t('admin.settings.sessionsUnit'))}
      <fieldset>
        <legend>{t('system.pages.audit')}</legend>
        {field('days', t('duration.days'))}
        {field('entries', t('admin.settings.entriesUnit'))}
      </fieldset>
    </EditorPanel>
  );
}

function Taken({ taken, limit }: { readonly taken: SeatsTaken; readonly limit: number }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...taken.users.map((one) => one.taken), ...taken.servers.map((one) => one.taken));
  const bars = (title: string, rows: readonly { readonly name: string; readonly taken: number }[]) => (
    <>
      <h3>{title}</h3>
      {rows.length === 0 ? <p className="muted">{t('admin.settings.nobody')}</p> : null}
      <ul className="bars">
        {rows.map((row) => (
          <li key={row.name}>
            <span>{row.name}</span>
            <meter min={0} max={most} value={row.taken} aria-label={`${row.name}: ${row.taken}`} />
            <span>{row.taken}</span>
          </li>
        ))}
      </ul>
    </>
  );
  return (
    <section className="settings-taken" aria-labelledby="seats-taken">
      <h2 id="seats-taken">{t('admin.settings.taken')}</h2>
      <p className="seats">
        <strong>{taken.total}</strong>{' '}
        {limit === 0 ? t('admin.settings.noTotal') : t('admin.settings.ofTotal', { count: limit })}
      </p>
      {bars(
        t('admin.settings.byPerson'),
        taken.users.map((one) => ({ name: one.login, taken: one.taken })),
      )}
      {bars(
        t('admin.settings.byServer'),
        taken.servers.map((one) => ({ name: one.serverId, taken: one.taken })),
      )}
    </section>
  );
}
