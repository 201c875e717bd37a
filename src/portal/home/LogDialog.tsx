/** The end of a session's log, as plain text. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../contract/session.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useLog } from './use-log.ts';

const BYTES = 256 * 1024;

export function LogDialog({ session, onClose }: { readonly session: Session; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { log, reload } = useLog(session.id, BYTES);
  const text = useRef<HTMLPreElement>(null);

  // What went wrong is at the end.
  useEffect(() => {
    if (log !== undefined) text.current?.scrollTo({ top: text.current.scrollHeight });
  }, [log]);

  return (
    <Dialog
      title={t('log.title', { name: session.name })}
      size="large"
      onClose={onClose}
      footer={
        <button type="button" className="btn btn-quiet" onClick={reload}>
          <Icon name="restart" size={16} /> {t('log.reload')}
        </button>
      }
    >
      {log.at === 'loading' ? <p className="muted">{t('loading')}</p> : null}
      {log.at === 'failed' ? <Failure failure={log.failure} onRetry={reload} /> : null}
      {log.at === 'read' ? (
        <>
          {log.truncated ? <p className="muted">{t('log.truncated')}</p> : null}
          {log.log === '' ? (
            <p className="muted">{t(session.status === 'pending' ? 'log.notYet' : 'log.empty')}</p>
          ) : (
            // What scrolls must be reachable by keyboard.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <pre className="log" ref={text} tabIndex={0} aria-label={t('log.title', { name: session.name })}>
              {log.log}
            </pre>
          )}
        </>
      ) : null}
    </Dialog>
  );
}
