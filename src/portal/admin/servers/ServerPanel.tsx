/** One session server: how it is, and whether it takes starts and logins. */
import { useTranslation } from 'react-i18next';
import type { AdminServer } from '../../../contract/settings.ts';
import { useServices } from '../../app/services.ts';
import { EditorPanel } from '../list/EditorPanel.tsx';
import { CheckField } from '../list/Field.tsx';
import { inWords } from '../list/duration.ts';
import { useRecord } from '../list/use-record.ts';
import { gib } from './gib.ts';

const fromServer = ({ accepts, version }: AdminServer) => ({ draft: accepts, version });

export interface ServerPanelProps {
  readonly server: AdminServer;
  readonly onSaved: (server: AdminServer) => void;
  readonly onClose: () => void;
}

export function ServerPanel({ server, onSaved, onClose }: ServerPanelProps) {
  const { t, i18n } = useTranslation();
  const { api, notices } = useServices();
  const { info } = server;
  const { editor, state } = useRecord<AdminServer['accepts']>(
    {
      ...fromServer(server),
      async save(accepts, version) {
        const path = { id: info.serverId };
        const saved = await api.call('adminServerSave', { accepts, version: version ?? 0 }, { path });
        const done = () => {
          notices.show({ kind: 'success', text: t('list.saved', { name: saved.info.hostname }) });
          onSaved(saved);
        };
        return { ...fromServer(saved), done };
      },
      async reread() {
        const theirs = (await api.call('adminServers', {})).find((one) => one.info.serverId === info.serverId);
        return theirs ? fromServer(theirs) : undefined;
      },
      problems: () => ({}),
    },
    t('list.refused'),
  );
  const uptime = inWords(Math.max(60, info.uptime - (info.uptime % (info.uptime < 86_400 ? 60 : 3600))), i18n.language);
  return (
    <EditorPanel
      title={info.hostname}
      editor={editor}
      labels={{ start: t('admin.servers.start'), login: t('admin.servers.login') }}
      read={(_key, value) => t(value ? 'list.yes' : 'list.no')}
      onClose={onClose}
    >
      <CheckField
        label={t('admin.servers.start')}
        help={t('admin.servers.startHelp')}
        checked={state.draft.start}
        onChange={(start) => editor.edit({ start })}
      />
      <CheckField
        label={t('admin.servers.login')}
        help={t('admin.servers.loginHelp')}
        checked={state.draft.login}
        onChange={(login) => editor.edit({ login })}
      />
      <dl className="facts">
        <dt>{t('admin.servers.id')}</dt>
        <dd className="mono">{info.serverId}</dd>
        <dt>{t('servers.pool')}</dt>
        <dd>{info.serverPool || '–'}</dd>
        <dt>{t('servers.load')}</dt>
        <dd>{info.loadavg.map((load) => load.toFixed(2)).join(' · ')}</dd>
        <dt>{t('admin.servers.cores')}</dt>
        <dd>{info.cpu}</dd>
        <dt>{t('servers.memory')}</dt>
        <dd>
          {t('servers.memoryOf', { free: gib(info.freemem, i18n.language), total: gib(info.totalmem, i18n.language) })}
        </dd>
        <dt>{t('servers.sessions')}</dt>
        <dd>{info.sessions}</dd>
        <dt>{t('admin.servers.people')}</dt>
        <dd>{info.loggedInUsers}</dd>
        <dt>{t('admin.servers.uptime')}</dt>
        <dd>{uptime}</dd>
      </dl>
    </EditorPanel>
  );
}
