/** One session: what it is, how it is, and everything that can be done with it. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../contract/session.ts';
import { useServices } from '../app/services.ts';
import { useMay } from '../app/use-may.ts';
import { ago } from '../parts/ago.ts';
import { ConfirmDialog } from '../parts/ConfirmDialog.tsx';
import { Failure, useFailureText } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Menu, type MenuItem } from '../parts/Menu.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { JobFacts } from './JobFacts.tsx';
import { LogDialog } from './LogDialog.tsx';
import { LogTail } from './LogTail.tsx';
import { ParamsEditor } from './ParamsEditor.tsx';
import { RestartNote } from './RestartNote.tsx';
import { SessionDeadline } from './SessionDeadline.tsx';
import { useSessionActions } from './session-actions.ts';
import { iconOf } from './session-icon.ts';

export interface SessionCardProps {
  readonly session: Session;
  /** Milliseconds since 1970, for "5 minutes ago". */
  readonly now: number;
  readonly onStartAgain: (session: Session) => void;
  readonly onEditAndStart: (session: Session) => void;
  readonly onKeep: (session: Session) => void;
}

export function SessionCard({ session, now, onStartAgain, onEditAndStart, onKeep }: SessionCardProps) {
  const { t, i18n } = useTranslation();
  const { stage } = useServices();
  const actions = useSessionActions();
  const may = useMay();
  const reason = useFailureText();
  const [open, setOpen] = useState<'terminate' | 'log' | undefined>();
  const over = session.status === 'ended' || session.status === 'failed';
  const connectable = session.status === 'running';
  const pending = session.status === 'pending';
  const { bookmarkId = '' } = session.params;
  const isBookmarked = bookmarkId !== '';
  const people = session.clients.filter((client) => client.role !== 'inactive').length;

  const items: MenuItem[] = [
    ...(may('log') ? [{ label: t('session.log'), icon: 'log', run: () => setOpen('log') } as const] : []),
    ...(may('bookmarks-own') ? [{ label: t('bookmark.save'), icon: 'star', run: () => onKeep(session) } as const] : []),
    ...(over
      ? may('start') && may('start-command')
        ? [{ label: t('session.editAndStart'), icon: 'edit', run: () => onEditAndStart(session) } as const]
        : []
      : [
          ...(pending || !may('disconnect')
            ? []
            : [
                {
                  label: t('session.disconnect'),
                  icon: 'eject',
                  disabled: session.clients.length === 0,
                  run: () => void actions.disconnect(session),
                } as const,
              ]),
          ...(may('terminate')
            ? [
                {
                  label: t(pending ? 'job.cancel' : 'session.terminate'),
                  icon: 'stop',
                  danger: true,
                  run: () => setOpen('terminate'),
                } as const,
              ]
            : []),
        ]),
  ];

  return (
    <article className={`session-card session-${session.status}`} aria-labelledby={`name-${session.id}`}>
      <header>
        <span className="session-icon">
          <Icon name={iconOf(session)} size={24} />
        </span>
        <div className="session-title">
          <h3 id={`name-${session.id}`} title={session.name}>
            {session.name}
          </h3>
          <code title={session.command}>{session.command}</code>
        </div>
        <StatusBadge status={session.status} />
      </header>

      <dl className="session-facts">
        <div>
          <dt>{t(over ? 'session.ended' : pending ? 'session.submitted' : 'session.started')}</dt>
          <dd>
            <time dateTime={new Date(session.ended ?? session.started).toISOString()}>
              {ago(over ? (session.ended ?? session.started) : session.started, now, i18n.language)}
            </time>
          </dd>
        </div>
        <div>
          <dt>{t('session.size')}</dt>
          <dd>{session.windowMode === 'rootless' ? t('size.rootless') : session.geometry.replace('x', ' × ')}</dd>
        </div>
        {/* Where a job will run is its scheduler's to say. */}
        {pending ? null : (
          <div>
            <dt>{t('session.host')}</dt>
            <dd title={session.hostname}>{session.hostname}</dd>
          </div>
        )}
        {over || pending ? null : (
          <div>
            <dt>{t('session.viewers')}</dt>
            <dd className={people > 0 ? 'has-people' : undefined}>
              <Icon name={people > 1 ? 'users' : 'user'} size={15} /> {t('session.connected', { count: people })}
            </dd>
          </div>
        )}
        {over && session.exitCode !== null ? (
          <div>
            <dt>{t('session.exitCode')}</dt>
            <dd>{session.exitCode}</dd>
          </div>
        ) : null}
      </dl>

      {session.deadline ? <SessionDeadline session={session} deadline={session.deadline} /> : null}
      {session.restarts ? <RestartNote restarts={session.restarts} over={over} /> : null}
      {session.status === 'ended' && session.error ? <p className="session-reason">{reason(session.error)}</p> : null}

      {session.job ? <JobFacts job={session.job} over={over} /> : null}

      {session.status === 'failed' ? (
        <>
          {session.error ? <Failure failure={session.error} /> : null}
          <LogTail id={session.id} />
        </>
      ) : null}

      <ParamsEditor session={session} editable={!over && may('params')} />

      <footer>
        {over ? (
          <>
            {may('start') && (may('start-command') || isBookmarked) ? (
              <button type="button" className="btn btn-quiet" onClick={() => onStartAgain(session)}>
                <Icon name="restart" size={17} /> {t('session.startAgain')}
              </button>
            ) : null}
            {may('purge') ? (
              <button type="button" className="btn btn-link" onClick={() => void actions.purge(session)}>
                {session.status === 'failed' ? t('session.dismiss') : t('session.purge')}
              </button>
            ) : null}
          </>
        ) : pending && !may('terminate') ? null : pending ? (
          <button type="button" className="btn btn-quiet" onClick={() => setOpen('terminate')}>
            <Icon name="stop" size={16} /> {t('job.cancel')}
          </button>
        ) : !may('connect') ? null : (
          <div className="connect" onPointerEnter={() => stage.warm()} onFocus={() => stage.warm()}>
            <Link
              to="/session/$id"
              params={{ id: session.id }}
              className="btn btn-primary"
              disabled={!connectable}
              aria-label={t('session.connectTo', { name: session.name })}
            >
              <Icon name="play" size={16} /> {t('session.connect')}
            </Link>
            {connectable ? (
              <Link
                to="/open/$id"
                params={{ id: session.id }}
                target="_blank"
                rel="noopener"
                className="btn btn-quiet btn-icon"
                title={t('session.ownTab')}
                aria-label={t('session.openInTab', { name: session.name })}
              >
                <Icon name="tab" size={17} />
              </Link>
            ) : null}
          </div>
        )}
        {items.length > 0 ? <Menu label={t('session.more', { name: session.name })} items={items} /> : null}
      </footer>

      {open === 'terminate' ? (
        <ConfirmDialog
          title={t(pending ? 'job.cancelTitle' : 'terminate.title', { name: session.name })}
          confirm={t(pending ? 'job.cancel' : 'session.terminate')}
          {...(pending ? { dismiss: t('job.keep') } : {})}
          onConfirm={() => void actions.terminate(session)}
          onClose={() => setOpen(undefined)}
        >
          <p>{t(pending ? 'job.cancelText' : 'terminate.text')}</p>
          {people > 0 ? <p>{t('terminate.people', { count: people })}</p> : null}
        </ConfirmDialog>
      ) : null}
      {open === 'log' ? <LogDialog session={session} onClose={() => setOpen(undefined)} /> : null}
    </article>
  );
}
