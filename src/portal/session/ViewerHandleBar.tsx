/** The portal's own edge over a viewer: a slim handle that opens on hover or focus and closes by itself. */
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../contract/session.ts';
import { useServices } from '../app/services.ts';
import { useMay } from '../app/use-may.ts';
import { useSessionActions } from '../home/session-actions.ts';
import { ConfirmDialog } from '../parts/ConfirmDialog.tsx';
import { Icon } from '../parts/Icon.tsx';

/** Milliseconds for which the bar shows itself at first, so that one learns where it is. */
const INTRODUCTION = 2500;

export interface ViewerHandleBarProps {
  readonly id: string;
  readonly name: string;
  /** Absent until push has told of it. */
  readonly session: Session | undefined;
  readonly onHome: () => void;
}

export function ViewerHandleBar({ id, name, session, onHome }: ViewerHandleBarProps) {
  const { t } = useTranslation();
  const { stage } = useServices();
  const actions = useSessionActions();
  const may = useMay();
  const [introducing, setIntroducing] = useState(true);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => setIntroducing(false), INTRODUCTION);
    return () => clearTimeout(timer);
  }, []);

  return (
    <nav className={introducing ? 'view-bar view-bar-open' : 'view-bar'} aria-label={t('view.bar')}>
      <button
        type="button"
        className="view-bar-home"
        onClick={onHome}
        aria-label={t('view.back')}
        title={t('view.back')}
      >
        <Icon name="back" size={18} />
      </button>
      <div className="view-bar-more">
        <span className="view-bar-name">{name}</span>
        <Link
          to="/open/$id"
          params={{ id }}
          target="_blank"
          rel="noopener"
          className="icon-button"
          aria-label={t('session.openInTab', { name })}
          title={t('session.ownTab')}
        >
          <Icon name="tab" size={18} />
        </Link>
        {session ? (
          <>
            {may('disconnect') ? (
              <button
                type="button"
                className="icon-button"
                aria-label={t('session.disconnect')}
                title={t('view.disconnect')}
                onClick={() => {
                  onHome();
                  void actions.disconnect(session);
                }}
              >
                <Icon name="eject" size={18} />
              </button>
            ) : null}
            {may('terminate') ? (
              <button
                type="button"
                className="icon-button icon-button-danger"
                aria-label={t('session.terminate')}
                title={t('session.terminate')}
                onClick={() => setAsking(true)}
              >
                <Icon name="stop" size={18} />
              </button>
            ) : null}
          </>
        ) : null}
      </div>
      {asking && session ? (
        <ConfirmDialog
          title={t('terminate.title', { name })}
          confirm={t('session.terminate')}
          onConfirm={() => void actions.terminate(session)}
          onClose={() => {
            setAsking(false);
            stage.focus();
          }}
        >
          <p>{t('terminate.text')}</p>
        </ConfirmDialog>
      ) : null}
    </nav>
  );
}
