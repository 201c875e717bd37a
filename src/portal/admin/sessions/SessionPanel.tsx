/** One session of anybody: what it is, who watches it, and the end of its log. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../contract/session.ts';
import { useMay } from '../../app/use-may.ts';
import { LogDialog } from '../../home/LogDialog.tsx';
import { ago } from '../../parts/ago.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { StatusBadge } from '../../parts/StatusBadge.tsx';
import { SidePanel } from '../list/SidePanel.tsx';

export interface SessionPanelProps {
  readonly session: Session;
  readonly now: number;
  readonly onTerminate: () => void;
  readonly onDisconnect: () => void;
  readonly onClose: () => void;
}

export function SessionPanel({ session, now, onTerminate, onDisconnect, onClose }: SessionPanelProps) {
  const { t, i18n } = useTranslation();
  const [log, setLog] = useState(false);
  const may = useMay();
  const when = (at: number | null) =>
    at === null ? '–' : `${new Date(at).toLocaleString(i18n.language)} (${ago(at, now, i18n.language)})`;
  const over = session.status === 'ended' || session.status === 'failed';
  const params = Object.entries(session.params);
  const foot = (
    <footer className="editor-foot">
      {may('log') ? (
        <button type="button" className="btn btn-quiet" onClick={() => setLog(true)}>
          <Icon name="log" size={16} /> {t('session.log')}
        </button>
      ) : null}
      {session.clients.length > 0 && may('disconnect') ? (
        <button type="button" className="btn btn-quiet" onClick={onDisconnect}>
          <Icon name="eject" size={16} /> {t('session.disconnect')}
        </button>
      ) : null}
      {over || !may('terminate') ? null : (
        <button type="button" className="btn btn-quiet text-danger-own" onClick={onTerminate}>
          <Icon name="power" size={16} /> {t('session.terminate')}
        </button>
      )}
    </footer>
  );
  return (
    <SidePanel title={session.name} onClose={onClose} foot={foot}>
      <p className="m-0">
        <StatusBadge status={session.status} />
      </p>
      {session.error ? <Failure failure={session.error} /> : null}
      <dl className="facts">
        <dt>{t('admin.sessions.owner')}</dt>
        <dd>{session.login}</dd>
        {session.user === session.login ? null : (
          <>
            <dt>{t('admin.sessions.runsAs')}</dt>
            <dd>{session.user}</dd>
          </>
        )}
        <dt>{t('start.command')}</dt>
        <dd className="mono">{session.command}</dd>
        <dt>{t('session.host')}</dt>
        <dd>{session.hostname}</dd>
        <dt>{t('session.size')}</dt>
        <dd>{session.windowMode === 'rootless' ? t('size.rootless') : session.geometry}</dd>
        <dt>{t('admin.sessions.profile')}</dt>
        <dd>{session.profile ?? '–'}</dd>
        <dt>{t('session.started')}</dt>
        <dd>{when(session.started)}</dd>
        {over ? (
          <>
            <dt>{t('session.ended')}</dt>
            <dd>{when(session.ended)}</dd>
            <dt>{t('session.exitCode')}</dt>
            <dd>{session.exitCode ?? '–'}</dd>
          </>
        ) : null}
        <dt>{t('admin.sessions.id')}</dt>
        <dd className="mono">{session.id}</dd>
      </dl>
      <div>
        <h3 className="panel-head">{t('admin.sessions.watching')}</h3>
        {session.clients.length === 0 ? (
          <p className="muted m-0">{t('session.connected', { count: 0 })}</p>
        ) : (
          <ul className="watching">
            {session.clients.map((client) => (
              <li key={client.id}>
                <Icon name="user" size={16} /> {client.login}{' '}
                <span className="chip">{t(`admin.sessions.roles.${client.role}`)}</span>
                <span className="muted">
                  {client.ip ?? ''} {ago(client.connected, now, i18n.language)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {params.length > 0 ? (
        <div>
          <h3 className="panel-head">{t('params.title')}</h3>
          <dl className="facts">
            {params.map(([name, value]) => (
              <div key={name} className="fact-row">
                <dt>{name}</dt>
                <dd className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      ) : null}
      {log ? <LogDialog session={session} onClose={() => setLog(false)} /> : null}
    </SidePanel>
  );
}
