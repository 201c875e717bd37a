/** The whole portal in jsdom, against handlers that the test brings. */
import { RouterProvider, createMemoryHistory } from '@tanstack/react-router';
import { configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { setupServer } from 'msw/node';
import { vi } from 'vitest';
import { I18nextProvider } from 'react-i18next';
import { createI18n } from '../app/i18n.ts';
import { createPortalRouter } from '../app/routes.tsx';
import { createServices, ServicesContext, type Services } from '../app/services.ts';

// Waiting is for events; the limits only end a test that would wait for ever, also on a busy machine.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 90_000 });

/** What jsdom lacks of the browser. The dialog's focus trap is the browser's own and is looked at in e2e. */
function completeJsdom(): void {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  Element.prototype.scrollTo = () => undefined;
  window.scrollTo = () => undefined;
}

export interface Portal {
  readonly services: Services;
  readonly user: ReturnType<typeof userEvent.setup>;
  readonly server: ReturnType<typeof setupServer>;
  path(): string;
  close(): void;
}

export interface PortalOptions {
  readonly path?: string;
  readonly handlers: Parameters<typeof setupServer>;
  readonly locale?: string;
}

export async function renderPortal(options: PortalOptions): Promise<Portal> {
  completeJsdom();
  localStorage.clear();
  const server = setupServer(...options.handlers);
  server.listen({ onUnhandledRequest: 'error' });
  const path = options.path ?? '/';
  window.history.replaceState(null, '', path);
  const services = createServices();
  if (services.loginSecret === undefined) void services.account.load();
  const router = createPortalRouter('path');
  router.update({ history: createMemoryHistory({ initialEntries: [path] }) });
  const view = render(
    <I18nextProvider i18n={await createI18n(options.locale ?? 'en')}>
      <ServicesContext value={services}>
        <RouterProvider router={router} />
      </ServicesContext>
    </I18nextProvider>,
  );
  return {
    services,
    server,
    user: userEvent.setup(),
    path: () => router.state.location.pathname,
    close() {
      view.unmount();
      services.dispose();
      server.close();
    },
  };
}
