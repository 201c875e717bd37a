/** One's own logins: which browser, from where, since when; each can be ended from here. */
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import type { Login } from '../../contract/login.ts';
import { ago } from '../parts/ago.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { Failure } from '../parts/Failure.tsx';
import { useNow } from '../parts/use-now.ts';
import { useServices } from './services.ts';

export function LoginsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const now = useNow(30_000);
  const [logins, setLogins] = useState<readonly Login[]>();
  const [failure, setFailure] = useState<ApiFailure>();
  const [busy, setBusy] = useState(false);

  const load = useCallback(
    () =>
      api.call('logins', {}).then(
        (list) => {
          setLogins(list);
          setFailure(undefined);
        },
        (thrown: unknown) => setFailure(toFailure(thrown)),
      ),
    [api],
  );
  useEffect(() => {
    void load();
  }, [load]);

  function end(call: () => Promise<unknown>): void {
    setBusy(true);
    call()
      .then(load, (thrown: unknown) => setFailure(toFailure(thrown)))
      .finally(() => setBusy(false));
  }

  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const others = logins?.some((login) => !login.current) ?? false;
  return (
    <Dialog
      title={t('logins.title')}
      onClose={onClose}
      footer={
        others ? (
          <button
            type="button"
            className="btn btn-quiet"
            disabled={busy}
            onClick={() => end(() => api.call('revokeOtherLogins', {}))}
          >
            {t('logins.endOthers')}
          </button>
        ) : undefined
      }
    >
      {failure ? <Failure failure={failure} onRetry={() => void load()} /> : null}
      {!logins && !failure ? <p className="muted">{t('loading')}</p> : null}
      <ul className="logins">
        {logins?.map((login) => {
          const name = login.browser === '' ? t('logins.unknown') : login.browser;
          return (
            <li key={login.id}>
              <div>
                <p className="logins-browser">
                  {name} {login.current ? <span className="badge-soft">{t('logins.current')}</span> : null}
                </p>
                <p className="muted">
                  {t('logins.line', {
                    address: login.address === '' ? '–' : login.address,
                    since: date.format(login.created),
                    used: ago(login.lastUsed, now, i18n.language),
                  })}
                </p>
              </div>
              {login.current ? null : (
                <button
                  type="button"
                  className="btn btn-sm btn-quiet"
                  disabled={busy}
                  aria-label={t('logins.endOne', { name })}
                  onClick={() => end(() => api.call('revokeLogin', {}, { path: { id: login.id } }))}
                >
                  {t('logOut')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
