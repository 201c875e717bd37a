/** Puts the server together from its parts and listens. Everything that was settled outside comes in as arguments. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, freemem, hostname, loadavg, totalmem, uptime } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { version } from '../package.json' with { type: 'json' };
import type { ServerInfo } from '../src/contract/session.ts';
import { checkAnswers, deriveFields } from '../src/forms/fields/index.ts';
import { createAccounts, ownAccount } from './auth/accounts.ts';
import { assembleAuth, knownHostsFile } from './auth/assemble.ts';
import { createLocalBus } from './bus/local.ts';
import { ConfigError, isLoopback, linkDirOf, readConfigFile, type Config, type ConfigFile } from './config.ts';
import { asUserThrough } from './functions/as-user.ts';
import { Runner } from './functions/runner.ts';
import { createSiteFunctions } from './functions/site-functions.ts';
import { buildServer } from './http/server.ts';
import { lookAround } from './machine.ts';
import { createPolicy } from './policy/assemble.ts';
import { fileSink, stdoutSink, type LineSink } from './policy/audit-lines.ts';
import type { AuditTrail } from './policy/port.ts';
import { createScheduler, type Scheduler } from './schedule/scheduler.ts';
import { createSessionHost, type OpenHost, type OtherAccounts } from './sessions/host.ts';
import { SshConversation } from './ssh/conversation.ts';
import { createKnownHosts } from './ssh/known-hosts.ts';
import { EXAMPLE_FORMS } from './start/example-forms.ts';
import { ensureDataDir, lockDataDir, openDatabase } from './store/open.ts';
import { createSqliteStore } from './store/sqlite.ts';

/** Where the Debian package puts the program, and the command that a rule in `sudoers` names. */
const INSTALLED = '/usr/lib/casement/';
const INSTALLED_COMMAND = '/usr/bin/casement';

/** How often what has run out is forgotten. */
const SWEEP_MS = 10 * 60_000;

export interface Surroundings {
  /** `PATH`, where programs are looked for. */
  readonly path: string;
  readonly logLevel: string;
  /** Prints a line for the person who started it. */
  readonly say: (line: string) => void;
}

export interface Serving {
  readonly url: string;
  stop(): Promise<void>;
}

/** A program or folder of the build, from the place of this one in it. */
const built = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function readFlagFile(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new ConfigError(`${flag} ${file} cannot be read`);
  }
}

/** The secret that this server proves itself with to the identity provider. @throws ConfigError */
function readOidcSecret(config: Config, { oidc }: ConfigFile): string | undefined {
  if (!config.auth.includes('oidc')) return undefined;
  if (!oidc) throw new ConfigError('--auth oidc: config.json in the data directory has to have "oidc"');
  if (oidc.clientSecretFile === undefined) return undefined;
  try {
    return readFileSync(resolve(config.dataDir, oidc.clientSecretFile), 'utf8').trim();
  } catch {
    throw new ConfigError(`"oidc.clientSecretFile": ${oidc.clientSecretFile} cannot be read`);
  }
}

/** How sessions of other accounts are started. The command is the installed one where this is the installed program. */
function otherAccounts(config: Config, { ssh, sudo }: ConfigFile, log: Logger): OtherAccounts {
  const own = built('../cli/casement.mjs');
  const knownHosts = createKnownHosts({
    path: knownHostsFile(config.dataDir),
    trustFirst: (host) => isLoopback(host) || (host === ssh.host && ssh.trustFirstKey),
  });
  return {
    doorPath: config.doorPath,
    doorFile: join(config.dataDir, 'links.json'),
    linkCommand: own.startsWith(INSTALLED) ? [INSTALLED_COMMAND] : [process.execPath, own],
    sudo,
    conversation: ({ login }) =>
      new SshConversation({
        host: ssh.host,
        port: ssh.port,
        username: login,
        knownHosts,
        onHostKey: (verdict, fingerprint) => log.error({ verdict, fingerprint }, 'host key of the session server'),
      }),
  };
}

/** @throws ConfigError */
async function openDoor(host: OpenHost, config: Config): Promise<void> {
  try {
    await host.open();
  } catch (cause) {
    throw new ConfigError(
      `links cannot connect at ${config.doorPath}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

/** The login link, for its reader alone, whatever the file was before. */
function writeSecretFile(path: string, text: string): void {
  try {
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch {
    throw new ConfigError(`--login-link-file ${path} cannot be written`);
  }
}

/** Where the audit list goes beside the database. */
function auditLines(dataDir: string, { lines, maxMiB, keep }: ConfigFile['audit']): LineSink | undefined {
  if (lines === 'off') return undefined;
  if (lines === 'stdout') return stdoutSink((line) => process.stdout.write(line));
  return fileSink({ path: join(dataDir, 'audit.jsonl'), maxBytes: maxMiB * 1024 * 1024, keep });
}

/** @throws ConfigError, StoreError, or what listening failed with */
export async function serve(config: Config, around: Surroundings): Promise<Serving> {
  const { dataDir } = config;
  ensureDataDir(dataDir);
  const unlock = lockDataDir(dataDir);
  const ending: (() => unknown)[] = [unlock];
  const stop = async () => {
    for (const end of ending.toReversed()) await end();
  };
  try {
    const fromFile = readConfigFile(dataDir);
    const parents = [...new Set([...config.parents, ...fromFile.parents])];
    const tls = config.tls && {
      cert: readFlagFile('--tls-cert', config.tls.certFile),
      key: readFlagFile('--tls-key', config.tls.keyFile),
    };
    const log = pino({ level: around.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
    const store = createSqliteStore(openDatabase(dataDir));
    ending.push(() => store.close());

    const serverId = await store.settings.getOrCreate('server.id', () => randomBytes(8).toString('hex'));
    for (const form of EXAMPLE_FORMS) {
      if (!(await store.forms.get(form.id))) {
        await store.forms.addMissing({ ...form, version: 1, fields: deriveFields(form.html).fields });
      }
    }
    const account = ownAccount();
    // They are asked only once everything is there.
    const later: { scheduler?: Scheduler; audit?: AuditTrail } = {};
    const host = createSessionHost({
      linkDirFor: () => linkDirOf(dataDir),
      linkScript: built('./link.mjs'),
      clientcommScript: built('../cli/clientcomm.mjs'),
      log,
      serverId,
      hostname: hostname(),
      lent: store.lent,
      account: (login) => createAccounts().find(login),
      expected: (id) => later.scheduler?.accountOf(id),
      refused: ({ account: login, session, owner }) =>
        later.audit?.record({
          event: 'session-refused',
          login,
          address: '',
          outcome: 'forbidden',
          target: session,
          owner,
        }),
      ...(config.auth.every((method) => method === 'local') ? {} : { others: otherAccounts(config, fromFile, log) }),
    });
    ending.push(() => host.close());
    const scheduler = createScheduler({
      host,
      jobs: store.jobs,
      dirs: [fromFile.schedulers, built('../schedulers')],
      hostname: hostname(),
      serverId,
      warn: (fields, message) => log.warn(fields, message),
    });
    ending.push(() => scheduler.close());
    later.scheduler = scheduler;
    await openDoor(host, config);
    const runner = new Runner({
      script: built('./functions.mjs'),
      wasm: built('./quickjs.wasm'),
      warn: (cause, message) => log.error({ cause }, message),
    });
    const functions = createSiteFunctions({
      library: store.functions,
      runner,
      asUser: asUserThrough(host),
      log: {
        info: (details, message) => log.info(details, message),
        warn: (details, message) => log.warn(details, message),
      },
    });
    // Behind the HTTP server, which ends first, and before the store, which is written to until the last is through.
    ending.push(async () => {
      await runner.close();
      await functions.settled();
    });
    // A server whose functions are all the built-in ones does not need the process.
    if ((await store.functions.list()).some(({ live }) => live === 'javascript')) runner.warmUp();

    const machine = lookAround(around.path, process.platform);
    const scheme = tls ? 'https' : 'http';
    let url = '';
    const serverInfo = (): ServerInfo => ({
      serverId,
      id: serverId,
      serverPool: '',
      hostname: hostname(),
      url,
      cpu: cpus().length,
      freemem: freemem(),
      totalmem: totalmem(),
      loggedInUsers: new Set(host.list().map((session) => session.login)).size,
      sessions: host.list().filter(({ status }) => status === 'running' || status === 'starting').length,
      uptime: uptime(),
      loadavg: [loadavg()[0] ?? 0, loadavg()[1] ?? 0, loadavg()[2] ?? 0],
      accepts: { login: true, start: machine.xserver !== undefined },
      staticData: {},
    });
    const policy = await createPolicy({
      store,
      localId: serverId,
      servers: [
        { info: serverInfo, host, canStart: () => ({ accepts: true, xserver: machine.xserver !== undefined }) },
      ],
      lines: auditLines(dataDir, fromFile.audit),
      failed: (cause) => log.error({ err: cause }, 'the audit list could not be written'),
    });
    ending.push(() => policy.audit.flush());
    later.audit = policy.audit;
    const auth = await assembleAuth({
      methods: config.auth,
      store,
      dataDir,
      serverId,
      account,
      levels: fromFile,
      policy,
      ssh: fromFile.ssh,
      oidc: fromFile.oidc,
      oidcSecret: readOidcSecret(config, fromFile),
      adopt: (user, connection) => {
        if (host.adoptConnection) host.adoptConnection(user, connection);
        else connection.end();
      },
      log,
    });

    const webDir = built('../web');
    const app = await buildServer({
      version,
      auth,
      policy,
      store,
      host: scheduler.host,
      scheduling: scheduler,
      bus: createLocalBus((cause) => log.error({ err: cause }, 'a listener of the bus failed')),
      functions,
      functionDesk: functions.desk,
      checkAnswers: (fields, answers) => checkAnswers([...fields], answers),
      log,
      bookmarks: machine.bookmarks,
      canStart: () => ({ accepts: true, xserver: machine.xserver !== undefined }),
      startHint: machine.startHint,
      parents: () => parents,
      ...(fromFile.viewerOrigin === undefined ? {} : { viewerOrigin: fromFile.viewerOrigin }),
      proxies: fromFile.proxies,
      ...(fromFile.oidc?.redirectUri === undefined ? {} : { oidcRedirectUri: fromFile.oidc.redirectUri }),
      ...(existsSync(join(webDir, 'index.html')) ? { webDir } : {}),
      ...(tls ? { tls } : {}),
    });
    ending.push(() => app.close());

    await app.listen({ host: config.host, port: config.port });
    const address = app.server.address();
    const port = typeof address === 'object' && address ? address.port : config.port;
    // What listens on every address is reached by this machine's name from outside, by localhost from inside.
    const shown =
      config.host === '127.0.0.1' || config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
    url = `${scheme}://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
    await store.settings.set('server.url', url);
    await host.adopt([account]);
    await scheduler.restore();

    const local = config.auth.includes('local');
    const link = local ? `${url}/login#${await auth.newLoginSecret()}` : undefined;
    if (config.loginLinkFile !== undefined && link !== undefined) writeSecretFile(config.loginLinkFile, `${link}\n`);
    const sweeper = setInterval(() => {
      Promise.all([store.sweep(), policy.audit.sweep()]).catch((cause: unknown) =>
        log.error({ err: cause }, 'sweeping failed'),
      );
    }, SWEEP_MS);
    sweeper.unref();
    ending.push(() => clearInterval(sweeper));

    announce(config, around.say, { url, link, hint: machine.startHint, tls: tls !== undefined });
    return { url, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** What a person reads once the server is up. */
export function announce(
  config: Pick<Config, 'host' | 'dataDir' | 'ownDataDir'>,
  say: (line: string) => void,
  state: { url: string; link: string | undefined; hint: string | null; tls: boolean },
): void {
  say(`Casement serves on ${state.url}`);
  if (!isLoopback(config.host) && !state.tls) {
    say(`Warning: it is reachable from other machines at ${config.host} without TLS, so what is typed can be read on`);
    say('the way. Give it --tls-cert and --tls-key, or put it behind a proxy that has them.');
  }
  if (state.hint !== null) {
    say('No X server (Xvnc) is installed, so no session can be started here. To change that:');
    say(`  ${state.hint}`);
    say(`A built-in demo desktop can be tried without one: ${state.url}/demo`);
  }
  say('');
  if (state.link !== undefined) {
    say('Log in once with this link:');
    say(`  ${state.link}`);
    say('');
  }
  say('Ctrl-C stops the server; sessions run on. To see and end them:');
  const own = built('../cli/casement.mjs');
  const command = own.startsWith(INSTALLED) ? 'casement' : `node ${relative(process.cwd(), own)}`;
  const data = config.ownDataDir ? ` --data ${config.dataDir}` : '';
  say(`  ${command} sessions${data}`);
  say(`  ${command} terminate ID${data}`);
}
