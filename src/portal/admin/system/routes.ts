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
  ]);
}
