/**
 * `/login`: with the account of the session server, by the identity provider, or with a one-time link
 * (`/login#SECRET`), whose secret is out of the address bar before anything else.
 */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ApiFailure, toFailure } from '../../api/failure.ts';
import { isErrorCode } from '../../contract/errors.ts';
import { useServices } from '../app/services.ts';
import { Failure, useFailureText } from '../parts/Failure.tsx';
import { Mark } from '../parts/Icon.tsx';
import { LocalLogin } from './LocalLogin.tsx';
import { takeSecret } from './secret.ts';
import { SshLogin } from './SshLogin.tsx';

export function LoginPage() {
  const { t } = useTranslation();
  const { account, loginFailed, loginSecret } = useServices();
  const failureText = useFailureText();
  const navigate = useNavigate();
  const state = useStore(account.store, ({ account: now }) => now);
  const config = useStore(account.store, ({ config: now }) => now);
  const [failure, setFailure] = useState<ApiFailure | undefined>(() =>
    loginFailed !== undefined && isErrorCode(loginFailed) ? new ApiFailure(loginFailed) : undefined,
  );
  const [busy, setBusy] = useState(false);
  const begun = useRef(false);
  /** Kept for "try again" after the network failed; never shown, never stored. */
  const secret = useRef<string | undefined>(undefined);

  function logIn(): void {
    const given = secret.current;
    if (given === undefined) return;
    setBusy(true);
    setFailure(undefined);
    account
      .logInLocally(given)
      .catch((thrown: unknown) => {
        setFailure(toFailure(thrown));
        // There may be a login all the same, e.g. of this link's first use.
        return account.load();
      })
      .finally(() => setBusy(false));
  }

  useEffect(() => {
    document.title = t('login.title');
    if (begun.current) return;
    begun.current = true;
    secret.current = loginSecret;
    logIn();
  });
  // Another link pasted into this tab changes only the fragment, so the page is not loaded anew.
  useEffect(() => {
    const again = () => {
      secret.current = takeSecret();
      logIn();
    };
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  });

  useEffect(() => {
    if (state.at === 'in' && !busy && !failure) void navigate({ to: '/', replace: true });
  }, [state, busy, failure, navigate]);

  if (busy) {
    return (
      <main className="login" aria-busy="true">
        <Mark size={64} />
        <h1>{t('login.busy')}</h1>
      </main>
    );
  }
  const spent = failure?.code === 'login-link-used' || failure?.code === 'login-link-unknown';
  const ways = config?.login ?? ['local'];
  const [ssh, oidc] = [ways.includes('ssh'), ways.includes('oidc')];
  const heading = ssh || oidc ? t('login.headingAccount') : t('login.heading');
  return (
    <main className="login">
      <Mark size={64} />
      <h1>{spent ? t(`login.${failure.code}`) : heading}</h1>
      {failure && spent ? <p role="alert">{failureText(failure)}</p> : null}
      {failure && !spent ? (
        <Failure failure={failure} onRetry={failure.code === loginFailed ? undefined : logIn} />
      ) : null}
      {state.at === 'out' && state.ended ? <output>{t('login.ended')}</output> : null}
      {state.at === 'in' && failure ? (
        <button type="button" className="btn btn-primary" onClick={() => void navigate({ to: '/', replace: true })}>
          {t('login.goOn', { login: state.me.login })}
        </button>
      ) : null}
      {ssh ? <SshLogin /> : null}
      {ssh && oidc ? <p className="login-or">{t('login.or')}</p> : null}
      {oidc ? (
        // A navigation of the whole page: the provider's own pages come next.
        <a className={ssh ? 'btn btn-quiet' : 'btn btn-primary'} href="/api/auth/oidc">
          {config?.oidcLabel === undefined ? t('login.oidc') : t('login.oidcWith', { name: config.oidcLabel })}
        </a>
      ) : null}
      {ways.includes('local') && !ssh && !oidc ? <LocalLogin /> : null}
      {ways.includes('local') && (ssh || oidc) ? (
        <details className="login-local">
          <summary>{t('login.how')}</summary>
          <LocalLogin />
        </details>
      ) : null}
    </main>
  );
}
