/** On a session's card: that its command has ended and is started again, by the bookmark that it was started from. */
import { useTranslation } from 'react-i18next';
import type { Restarts } from '../../contract/session.ts';
import { Icon } from '../parts/Icon.tsx';
import { useNow } from '../parts/use-now.ts';

export interface RestartNoteProps {
  readonly restarts: Restarts;
  readonly over: boolean;
}

export function RestartNote({ restarts, over }: RestartNoteProps) {
  const { t } = useTranslation();
  const { count, exitCode, inARow, most, next } = restarts;
  const how = exitCode === null ? t('restarts.killed') : t('restarts.code', { code: exitCode });
  if (over || next === null) {
    return <p className="session-reason">{`${t('restarts.count', { count })} ${how}`}</p>;
  }
  return (
    <div className="session-deadline">
      <Icon name="restart" size={18} />
      {/* The text is said once; the seconds are for the eye. */}
      <output>{`${t('restarts.waiting', { which: inARow + 1, most })} ${how}`}</output>
      <Countdown at={next} />
    </div>
  );
}

function Countdown({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const now = useNow(1000);
  return (
    <time role="timer" aria-live="off" dateTime={new Date(at).toISOString()}>
      {t('restarts.seconds', { seconds: Math.max(0, Math.ceil((at - now) / 1000)) })}
    </time>
  );
}
