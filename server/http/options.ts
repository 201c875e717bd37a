/** What the HTTP server is built from: ports and settled settings. It reads no environment and never listens. */
import type { Bookmark } from '../../src/contract/bookmark.ts';
import type { Auth } from '../auth/port.ts';
import type { Bus } from '../bus/port.ts';
import type { FunctionDesk, StartFunctions } from '../functions/port.ts';
import type { Policy } from '../policy/port.ts';
import type { Scheduling } from '../schedule/port.ts';
import type { SessionHost } from '../sessions/port.ts';
import type { CheckAnswers } from '../start/deps.ts';
import type { Store } from '../store/port.ts';
import type { Logger } from 'pino';

export interface ServerOptions {
  readonly version: string;
  readonly auth: Auth;
  readonly policy: Policy;
  readonly store: Store;
  readonly host: SessionHost;
  readonly scheduling: Scheduling;
  readonly bus: Bus;
  readonly functions: StartFunctions;
  readonly functionDesk: FunctionDesk;
  readonly checkAnswers: CheckAnswers;
  readonly log: Logger;
  /** What can be started with one click. */
  readonly bookmarks: readonly Bookmark[];
  readonly canStart: () => { readonly accepts: boolean; readonly xserver: boolean };
  /** One line that an administrator can run where sessions cannot be started. */
  readonly startHint: string | null;
  /** "Allowed parents": origins that may embed the viewer and speak with it. The own origin always may. */
  readonly parents: () => readonly string[];
  /** Where browsers reach the viewer, when that is an origin of its own; it leads to this server as well. */
  readonly viewerOrigin?: string;
  /** The built pages; absent: only API and sockets. */
  readonly webDir?: string;
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** Tries of the login link a minute and address. */
  readonly loginTriesPerMinute?: number;
  /** Addresses and networks of proxies in front, whose `X-Forwarded-…` headers count. */
  readonly proxies?: readonly string[];
  /** As it is registered with the identity provider; absent: made from the address that the browser uses. */
  readonly oidcRedirectUri?: string;
  /** A test's clock. */
  readonly now?: () => number;
}
