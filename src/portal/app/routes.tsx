/** The pages and their addresses. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Outlet,
  useRouterState,
} from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { systemRoutes } from '../admin/system/routes.ts';
import { HomePage } from '../home/HomePage.tsx';
import { LoginPage } from '../login/LoginPage.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Mark } from '../parts/Icon.tsx';
import { NoticeList } from '../parts/NoticeList.tsx';
import { OpenPage } from '../session/OpenPage.tsx';
import { SessionPage } from '../session/SessionPage.tsx';
import { useServices } from './services.ts';
import { Shell } from './Shell.tsx';

function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="login">
      <Mark size={64} />
      <h1>{t('notFound')}</h1>
      <Link to="/" className="btn btn-primary">
        {t('view.back')}
      </Link>
    </main>
  );
}

/** Of what is drawn, not of where one is going: the address changes first, and a page must not move for it. */
function drawnRoute(router: { readonly matches: readonly { readonly routeId: string }[] }): string | undefined {
  return router.matches.at(-1)?.routeId;
}

/** Login first: whoever is not logged in sees how to become so, whatever the address. */
function Root() {
  const { account } = useServices();
  const state = useStore(account.store, ({ account: now }) => now);
  const route = useRouterState({ select: drawnRoute });
  const viewing = route === '/session/$id';
  const page = () => {
    if (route === '/login') return <Outlet />;
    if (state.at === 'loading') return <main className="home" aria-busy="true" />;
    if (state.at === 'failed') {
      return (
        <main className="login">
          <Mark size={64} />
          <Failure failure={state.failure} onRetry={() => void account.load()} />
        </main>
      );
    }
    return state.at === 'out' ? <LoginPage /> : <Outlet />;
  };
  return (
    <>
      {viewing && state.at === 'in' ? <Outlet /> : <Shell>{page()}</Shell>}
      <NoticeList />
    </>
  );
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
  createRoute({ getParentRoute: () => root, path: '/login', component: LoginPage }),
  createRoute({ getParentRoute: () => root, path: '/session/$id', component: SessionPage }),
  createRoute({ getParentRoute: () => root, path: '/open/$id', component: OpenPage }),
  systemRoutes(root),
]);

/** `hash`: the address after `#`, for a page that no server leads to. */
export function createPortalRouter(addresses: 'path' | 'hash') {
  return createRouter({ routeTree, ...(addresses === 'hash' ? { history: createHashHistory() } : {}) });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>;
  }
}
