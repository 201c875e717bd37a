/** Everything a page works with, made once and handed down by context; nothing here knows React's components. */
import { createContext, useContext } from 'react';
import { createApi, type Api } from '../../api/client.ts';
import { createPush } from '../../api/push.ts';
import { takeFailure, takeSecret } from '../login/secret.ts';
import { createAccount, type Account } from '../state/account.ts';
import { createNotices, type Notices } from '../state/notices.ts';
import { readStartLink, type StartLink } from '../start/start-link.ts';
import { createServers, type Servers } from '../state/servers.ts';
import { createSessions, type Sessions } from '../state/sessions.ts';
import { createSshLogin, type SshLogin } from '../state/ssh-login.ts';
import { createStarts, type Starts } from '../state/starts.ts';
import { createViewerStage, type ViewerStage } from '../session/viewer-stage.ts';

export interface Services {
  readonly api: Api;
  readonly account: Account;
  readonly sshLogin: SshLogin;
  readonly sessions: Sessions;
  readonly servers: Servers;
  readonly starts: Starts;
  readonly notices: Notices;
  readonly stage: ViewerStage;
  /** The secret of the login link that this page was opened with; already out of the address bar. */
  readonly loginSecret: string | undefined;
  /** Why the identity provider's login failed, from the address that it led back to; a code of the catalogue. */
  readonly loginFailed: string | undefined;
  /** What a link asked to start; `undefined` once it was taken. */
  takeStartLink(): StartLink | undefined;
  /** No server behind the page; says so to the person. */
  readonly demo: boolean;
  dispose(): void;
}

export interface ServicesOptions {
  readonly viewerPath?: string;
  readonly demo?: boolean;
}

/** Marks that `bench` reads: the click on Start, the answer, the picture. */
export const MARKS = {
  click: 'casement-start-click',
  started: 'casement-started',
  picture: 'casement-picture',
} as const;

export function createServices(options: ServicesOptions = {}): Services {
  const { location } = window;
  const loginFailed = location.pathname === '/login' ? takeFailure() : undefined;
  const loginSecret = location.pathname === '/login' ? takeSecret() : undefined;
  const api: Api = createApi((...call) => fetch(...call), {
    csrf: () => account.csrf(),
    onUnauthenticated: () => account.ended(),
  });
  const account = createAccount(() => api);
  const sshLogin = createSshLogin(
    () => api,
    () => account.load(),
  );
  const sessions = createSessions(() => api);
  const servers = createServers();
  let startLink = location.pathname === '/login' ? undefined : readStartLink(location.search);
  const notices = createNotices();
  const stage = createViewerStage({ api: () => api, document, viewerPath: options.viewerPath ?? '/xrdp' });
  const starts = createStarts({
    api: () => api,
    onStarted(_start, session) {
      performance.mark(MARKS.started);
      // Push may have told of it first, and then knows more.
      if (!sessions.store.getState().sessions.has(session.id)) sessions.put(session);
    },
  });

  const push = createPush({
    url: `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/api/push`,
    onOpen: () => sessions.pushOpened(),
    onMessage(message) {
      sessions.pushed(message);
      servers.pushed(message);
      if (message.event === 'start' && message.data) starts.progress(message.data);
    },
    onState: (state) => sessions.pushState(state),
    onUnauthenticated: () => account.ended(),
  });

  /** Who was here last. Whoever comes back after their login has ended finds all as it was. */
  let last: string | undefined;

  // Push runs exactly while somebody is logged in.
  const forget = account.store.subscribe(({ account: now }, { account: before }) => {
    if (now.at === before.at) return;
    if (now.at === 'in') {
      if (last !== undefined && last !== now.me.login) {
        starts.clear();
        for (const { id } of notices.store.getState().notices) notices.dismiss(id);
      }
      last = now.me.login;
      push.start();
    } else {
      push.stop();
      sessions.clear();
      servers.clear();
      stage.close();
    }
  });
  const forgetStage = stage.store.subscribe(({ viewer }, before) => {
    if (viewer.state === 'connected' && before.viewer.state !== 'connected') performance.mark(MARKS.picture);
  });
  const wake = () => push.wake();
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);

  return {
    api,
    account,
    sshLogin,
    sessions,
    servers,
    starts,
    notices,
    stage,
    loginSecret,
    loginFailed,
    takeStartLink() {
      const taken = startLink;
      startLink = undefined;
      return taken;
    },
    demo: options.demo ?? false,
    dispose() {
      forget();
      forgetStage();
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', wake);
      push.stop();
      stage.close();
    },
  };
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new TypeError('a page was rendered outside the portal');
  return services;
}
