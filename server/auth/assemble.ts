/** The ways to log in that a server was told to offer, from its settings. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AuditEvent } from '../../src/contract/audit.ts';
import type { UnixUser } from '../sessions/port.ts';
import { createKnownHosts } from '../ssh/known-hosts.ts';
import type { Policy } from '../policy/port.ts';
import type { Store } from '../store/port.ts';
import { createAccounts } from './accounts.ts';
import { createAuth } from './auth.ts';
import type { LevelLists } from './levels.ts';
import type { OidcConfig } from './oidc-config.ts';
import { createOidcLogins } from './oidc.ts';
import type { AdoptConnection, Auth, LoginMethod } from './port.ts';
import { createSshLogins } from './ssh-login.ts';
import { LoginThrottle } from './throttle.ts';

export interface AssembleOptions {
  readonly methods: readonly LoginMethod[];
  readonly store: Store;
  /** Absolute. Holds `known_hosts`. */
  readonly dataDir: string;
  readonly serverId: string;
  /** Whom a login link stands for. */
  readonly account: UnixUser;
  readonly levels: LevelLists;
  readonly policy: Policy;
  readonly ssh: { readonly host: string; readonly port: number; readonly trustFirstKey: boolean };
  readonly oidc: OidcConfig | undefined;
  readonly oidcSecret: string | undefined;
  readonly adopt: AdoptConnection;
  readonly log: Logger;
}

const LOOPBACK = /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/;

/** Where pinned host keys are. */
export function knownHostsFile(dataDir: string): string {
  return join(dataDir, 'known_hosts');
}

export async function assembleAuth(options: AssembleOptions): Promise<Auth> {
  const { methods, store, dataDir, serverId, account, levels, policy, ssh, oidc, adopt, log } = options;
  const accounts = createAccounts();

  const audit = (event: AuditEvent, login: string, address: string, detail: string, outcome = 'ok') =>
    policy.audit.record({ event, login, address, detail, outcome });
  const outcomeOf = (way: string) => (outcome: { code: string; login: string; address: string }) => {
    const { code, login, address } = outcome;
    audit(code === 'ok' ? 'login' : 'login-refused', login, address, way, code);
    if (code !== 'ok') log.info({ code, login, address }, 'a login was refused');
  };

  return createAuth({
    store,
    methods,
    account,
    groups: await accounts.ownGroups(),
    accounts,
    levels,
    permissions: policy.permissions,
    acceptsLogins: () => policy.servers.list().some(({ accepts }) => accepts.login),
    onLocalOutcome: outcomeOf('with the link'),
    failed: (cause) => log.error({ err: cause }, 'logins could not be checked after a change of the rules'),
    issuer: `casement:${serverId}`,
    ...(methods.includes('ssh')
      ? {
          ssh: (tokens) =>
            createSshLogins({
              host: ssh.host,
              port: ssh.port,
              knownHosts: createKnownHosts({
                path: knownHostsFile(dataDir),
                trustFirst: (host) => LOOPBACK.test(host) || (host === ssh.host && ssh.trustFirstKey),
              }),
              accounts,
              tokens,
              throttle: new LoginThrottle(),
              adopt,
              onOutcome: outcomeOf('over SSH'),
              onHostKey: (verdict, fingerprint) => {
                const host = `${ssh.host}:${ssh.port}`;
                if (verdict === 'added') {
                  log.warn({ host, fingerprint }, 'the first host key of the session server was taken as its own');
                } else {
                  log.error(
                    { host, fingerprint, file: knownHostsFile(dataDir) },
                    verdict === 'changed'
                      ? 'THE HOST KEY OF THE SESSION SERVER HAS CHANGED: logins are refused until its line in the file is put right'
                      : 'the host key of the session server is not in the file: logins are refused',
                  );
                }
                audit(`host-key-${verdict}`, '', '', `${host} ${fingerprint}`.trim());
              },
            }),
        }
      : {}),
    ...(methods.includes('oidc') && oidc
      ? {
          oidc: (tokens) =>
            createOidcLogins({
              config: oidc,
              clientSecret: options.oidcSecret,
              accounts,
              tokens,
              onOutcome: outcomeOf('by OpenID Connect'),
            }),
        }
      : {}),
  });
}
