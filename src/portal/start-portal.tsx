/** Puts the portal into a page. */
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import 'bootstrap/dist/css/bootstrap.min.css';
import './style/portal.css';
import { createI18n } from './app/i18n.ts';
import { createPortalRouter } from './app/routes.tsx';
import { createServices, ServicesContext } from './app/services.ts';
import { themeControl } from './app/theme.ts';

export interface PortalOptions {
  readonly element: HTMLElement;
  /** `hash` where no server leads the portal's addresses to this page. */
  readonly addresses?: 'path' | 'hash';
  /** Path of the viewer's page. */
  readonly viewerPath?: string;
  /** No server: sessions are played by the page itself. */
  readonly demo?: boolean;
}

/** Returns the way to take it out again. */
export async function startPortal({
  element,
  addresses = 'path',
  viewerPath,
  demo,
}: PortalOptions): Promise<() => void> {
  themeControl();
  const services = createServices({
    ...(viewerPath === undefined ? {} : { viewerPath }),
    ...(demo === undefined ? {} : { demo }),
  });
  // A login link says who we will be; asking before it is exchanged would only be answered "nobody".
  if (services.loginSecret === undefined) void services.account.load();
  const i18n = await createI18n();
  const router = createPortalRouter(addresses);
  const root = createRoot(element);
  root.render(
    <I18nextProvider i18n={i18n}>
      <ServicesContext value={services}>
        <RouterProvider router={router} />
      </ServicesContext>
    </I18nextProvider>,
  );
  return () => {
    root.unmount();
    services.dispose();
  };
}
