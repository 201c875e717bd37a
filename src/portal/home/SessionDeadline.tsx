/** On a session's card: which limit of its profile is near, and the button that puts it off. */
import { useTranslation } from 'react-i18next';
import type { Deadline, Session } from '../../contract/session.ts';
import { useMay } from '../app/use-may.ts';
import { Icon } from '../parts/Icon.tsx';
import { useNow } from '../parts/use-now.ts';
import { useSessionActions } from './session-actions.ts';

export interface SessionDeadlineProps {
  readonly session: Session;
  readonly deadline: NonNullable<Deadline>;
}

/** `4:05`. */
function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function SessionDeadline({ session, deadline }: SessionDeadlineProps) {
  const { t, i18n } = useTranslation();
  const actions = useSessionActions();
  const may = useMay();
  const now = useNow(1000);
  const known = i18n.exists(`deadline.${deadline.reason}`);
  return (
    <div className="session-deadline">
      <Icon name="alert" size={18} />
      {/* The text is said once; the seconds are for the eye. */}
      <output>{known ? t(`deadline.${deadline.reason}`) : t('deadline.other')}</output>
      <time role="timer" aria-live="off" dateTime={new Date(deadline.at).toISOString()}>
        {left(deadline.at - now)}
      </time>
      {deadline.extendable && may('connect') ? (
        <button
          type="button"
          className="btn btn-sm btn-quiet"
          aria-label={t('deadline.extendOf', { name: session.name })}
          onClick={() => void actions.extend(session)}
        >
          {t('deadline.extend')}
        </button>
      ) : null}
    </div>
  );
}
