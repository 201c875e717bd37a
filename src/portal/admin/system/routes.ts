/** The addresses of the System area. Every page is loaded when it is opened, so that nobody else loads it. */
import { createRoute, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router';

export function systemRoutes<Root extends AnyRoute>(root: Root) {
  const frame = createRoute({
    getParentRoute: () => root,
    path: '/system',
    component: lazyRouteComponent(() => import('./SystemFrame.tsx'), 'SystemFrame'),
  });
  return frame.addChildren([
    createRoute({
      getParentRoute: () => frame,
      path: '/',
      component: lazyRouteComponent(() => import('./SystemFrame.tsx'), 'FirstPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/sessions/forms',
      component: lazyRouteComponent(() => import('../forms/FormsPage.tsx'), 'FormsPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/sessions/forms/$id',
      component: lazyRouteComponent(() => import('../forms/EditorPage.tsx'), 'EditorPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/functions',
      component: lazyRouteComponent(() => import('../functions/FunctionsPage.tsx'), 'FunctionsPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/functions/$name',
      component: lazyRouteComponent(() => import('../functions/FunctionPage.tsx'), 'FunctionPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/sessions/all',
      component: lazyRouteComponent(() => import('../sessions/SessionsPage.tsx'), 'SessionsPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/sessions/bookmarks',
      component: lazyRouteComponent(() => import('../bookmarks/BookmarksPage.tsx'), 'BookmarksPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/sessions/profiles',
      component: lazyRouteComponent(() => import('../profiles/ProfilesPage.tsx'), 'ProfilesPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/people/permissions',
      component: lazyRouteComponent(() => import('../permissions/PermissionsPage.tsx'), 'PermissionsPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/people/audit',
      component: lazyRouteComponent(() => import('../audit/AuditPage.tsx'), 'AuditPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/site/servers',
      component: lazyRouteComponent(() => import('../servers/ServersPage.tsx'), 'ServersPage'),
    }),
    createRoute({
      getParentRoute: () => frame,
      path: '/site/settings',
      component: lazyRouteComponent(() => import('../servers/SettingsPage.tsx'), 'SettingsPage'),
    }),
  ]);
}
