/** The frame of every page but the viewer's: who is logged in, language, colours, and how the connection is. */
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { toFailure } from '../../api/failure.ts';
import { pagesFor } from '../admin/system/pages.ts';
import { Icon, Mark, type IconName } from '../parts/Icon.tsx';
import { useFailureText } from '../parts/Failure.tsx';
import { Menu } from '../parts/Menu.tsx';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { LoginsDialog } from './LoginsDialog.tsx';
import { chooseLocale, LOCALES, nameOfLocale } from './i18n.ts';
import { useServices } from './services.ts';
import { themeControl, THEMES, type Theme } from './theme.ts';

const THEME_ICONS: Record<Theme, IconName> = { auto: 'auto', light: 'sun', dark: 'moon' };

export function Shell({ children }: { readonly children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const { account, notices } = useServices();
  const failureText = useFailureText();
  const me = useStore(account.store, ({ account: now }) => (now.at === 'in' ? now.me : undefined));
  const [logins, setLogins] = useState(false);
  const theme = useStore(themeControl().store, (state) => state.theme);
  return (
    <div className="shell">
      <a
        className="skip-link"
        href="#content"
        onClick={(event) => {
          // The fragment belongs to the router where there is no server.
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
        {t('skip')}
      </a>
      <header className="topbar">
        <Link to="/" className="brand" aria-label="Casement">
          <Mark /> <span>Casement</span>
        </Link>
        <ConnectionNotice />
        <nav aria-label={t('nav')}>
          {pagesFor(me?.actions ?? []).length > 0 ? (
            <Link
              to="/system"
              aria-label={t('system.menu')}
              className="account-button"
              activeProps={{ 'aria-current': 'page' }}
            >
              <Icon name="system" size={18} /> <span>{t('system.menu')}</span>
            </Link>
          ) : null}
          <Menu
            label={t('theme.label')}
            items={THEMES.map((one) => ({
              label: t(`theme.${one}`),
              icon: THEME_ICONS[one],
              checked: one === theme,
              run: () => themeControl().choose(one),
            }))}
          >
            <Icon name={THEME_ICONS[theme]} />
          </Menu>
          <Menu
            label={t('language')}
            items={LOCALES.map((locale) => ({
              label: nameOfLocale(locale),
              checked: locale === i18n.language,
              run: () => void chooseLocale(i18n, locale),
            }))}
          >
            <Icon name="globe" />
          </Menu>
          {me ? (
            <Menu
              label={t('account', { login: me.login })}
              className="account-button"
              items={[
                { label: t('logins.open'), icon: 'lock', run: () => setLogins(true) },
                {
                  label: t('logOut'),
                  icon: 'exit',
                  run: () => {
                    account.logOut().catch((thrown: unknown) => {
                      notices.show({ kind: 'error', text: failureText(toFailure(thrown)) });
                    });
                  },
                },
              ]}
            >
              <Icon name="user" size={18} /> <span>{me.login}</span>
            </Menu>
          ) : null}
        </nav>
      </header>
      {me && logins ? <LoginsDialog onClose={() => setLogins(false)} /> : null}
      <div id="content" tabIndex={-1}>
        {children}
      </div>
    </div>
  );
}
