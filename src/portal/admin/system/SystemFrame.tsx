/** The frame around the pages of those who look after the site: what there is beside, the page in the middle. */
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiFailure } from '../../../api/failure.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { pagesFor, type SystemPage } from './pages.ts';
import { useActions } from './use-actions.ts';
import './system.css';

const GROUPS: readonly SystemPage['group'][] = ['sessions', 'people', 'site'];

/** An editor needs the room: beside it the navigation has its pictures only. */
function isEditor(router: { readonly matches: readonly { readonly routeId: string }[] }): boolean {
  return router.matches.at(-1)?.routeId.includes('$') ?? false;
}

export function SystemFrame() {
  const { t } = useTranslation();
  const pages = pagesFor(useActions());
  const narrow = useRouterState({ select: isEditor });
  return (
    <div className={narrow ? 'system system-narrow' : 'system'}>
      {pages.length === 0 ? null : (
        <nav className="system-nav" aria-label={t('system.nav')}>
          {GROUPS.map((group) => {
            const within = pages.filter((page) => page.group === group);
            return within.length === 0 ? null : (
              <div key={group} className="system-group">
                <p id={`system-${group}`}>{t(`system.groups.${group}`)}</p>
                <ul aria-labelledby={`system-${group}`}>
                  {within.map((page) => (
                    <li key={page.key}>
                      <Link
                        to={page.to}
                        activeProps={{ 'aria-current': 'page' }}
                        {...(narrow ? { title: t(`system.pages.${page.key}`) } : {})}
                      >
                        <Icon name={page.icon} size={18} /> <span>{t(`system.pages.${page.key}`)}</span>
                      </Link>
                    </li>
                  ))}
                </ul>
              </div>
            );
          })}
        </nav>
      )}
      <div className="system-page">
        <Outlet />
      </div>
    </div>
  );
}

/** `/system` itself: leads to the first page that one may see. */
export function FirstPage() {
  const first = pagesFor(useActions())[0];
  if (first) return <Navigate to={first.to} replace />;
  return (
    <main className="home">
      <Failure failure={new ApiFailure('forbidden')} />
    </main>
  );
}
