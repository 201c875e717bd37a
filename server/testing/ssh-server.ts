/** The test server, with logins over SSH at a given port. */
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { LightMyRequestResponse } from 'fastify';
import type { Client } from 'ssh2';
import { createAccounts } from '../auth/accounts.ts';
import type { LevelLists } from '../auth/levels.ts';
import { createSshLogins, type SshLoginOptions } from '../auth/ssh-login.ts';
import { LoginThrottle } from '../auth/throttle.ts';
import type { UnixUser } from '../sessions/port.ts';
import { createKnownHosts } from '../ssh/known-hosts.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export interface SshServer {
  readonly server: TestServer;
  readonly knownHostsFile: string;
  readonly adopted: { user: UnixUser; connection: Client }[];
  readonly outcomes: { code: string; login: string }[];
  /** What was said of host keys. */
  readonly hostKeys: string[];
  login(payload: object, address?: string): Promise<LightMyRequestResponse>;
  /** The way of one login up to its end: each list answers one round. */
  throughRounds(payload: object, ...rounds: string[][]): Promise<LightMyRequestResponse>;
  me(token: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface SshServerOptions extends Partial<SshLoginOptions> {
  readonly levels?: LevelLists;
}

export async function startSshServer(port: number, options: SshServerOptions = {}): Promise<SshServer> {
  const { levels = { admins: [], managers: [] }, ...more } = options;
  const dir = mkdtempSync(join(tmpdir(), 'casement-ssh-login-'));
  const knownHostsFile = join(dir, 'known_hosts');
  const adopted: SshServer['adopted'] = [];
  const outcomes: SshServer['outcomes'] = [];
  const hostKeys: string[] = [];
  const accounts = createAccounts({ rememberMs: 0 });
  const server = await startTestServer(
    {},
    {
      methods: ['local', 'ssh'],
      accounts,
      levels,
      ssh: (tokens) =>
        createSshLogins({
          host: '127.0.0.1',
          port,
          knownHosts: createKnownHosts({ path: knownHostsFile, trustFirst: () => true }),
          accounts,
          tokens,
          throttle: new LoginThrottle(),
          adopt: (user, connection) => adopted.push({ user, connection }),
          onOutcome: (outcome) => outcomes.push(outcome),
          onHostKey: (verdict) => hostKeys.push(verdict),
          ...more,
        }),
    },
  );
  const login: SshServer['login'] = (payload, remoteAddress = '127.0.0.1') =>
    server.app.inject({ method: 'POST', url: '/api/auth/ssh', payload, remoteAddress });
  return {
    server,
    knownHostsFile,
    adopted,
    outcomes,
    hostKeys,
    login,
    async throughRounds(payload, ...rounds) {
      let answer = await login(payload);
      for (const answers of rounds) {
        const { authtoken } = answer.json<{ result: { authtoken: string } }>().result;
        answer = await login({ authtoken, answers });
      }
      return answer;
    },
    async me(token) {
      const headers = { authorization: `Bearer ${token}` };
      return (await server.app.inject({ method: 'GET', url: '/api/me', headers })).json<{ result: unknown }>().result;
    },
    async close() {
      for (const { connection } of adopted) connection.end();
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
