/** Says so when the page no longer hears from the server, and when it tries again. */
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useNow } from '../parts/use-now.ts';
import { useServices } from './services.ts';

export function ConnectionNotice() {
  const { t } = useTranslation();
  const { sessions } = useServices();
  const push = useStore(sessions.store, (state) => state.push);
  const now = useNow(1000);
  const waiting = push.at === 'waiting' ? push : undefined;
  const seconds = waiting ? Math.max(0, Math.ceil((waiting.nextAt - now) / 1000)) : 0;
  return (
    // Always in the page: a live region that appears together with its text is not read out.
    <output className="connection">
      {waiting ? (
        <>
          <span className="spinner" aria-hidden="true" />
          <span>{t('push.reconnecting')}</span>
          <span className="connection-when" aria-hidden="true">
            {seconds > 0 ? t('push.in', { count: seconds }) : t('push.now')}
          </span>
        </>
      ) : null}
    </output>
  );
}
