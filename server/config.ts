/** What a server is told when it is started: flags first, then `config.json` in the data directory, then defaults. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { OidcConfig } from './auth/oidc-config.ts';
import type { LoginMethod } from './auth/port.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Where links of other accounts connect. Its folder is this account's alone, and everybody may enter it. */
  readonly doorPath: string;
  /** The data directory was named, so other commands have to be told of it as well. */
  readonly ownDataDir: boolean;
  /** Ways to log in, in the order in which to offer them. */
  readonly auth: readonly LoginMethod[];
  readonly loginLinkFile: string | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Origins that may embed the viewer. */
  readonly parents: readonly string[];
}

/** What `config.json` in the data directory holds, its defaults filled in. */
export interface ConfigFile {
  readonly parents: readonly string[];
  /** Where browsers reach the viewer, when that is an origin of its own. */
  readonly viewerOrigin: string | undefined;
  /** Names of accounts, or of Unix groups as `@group`. */
  readonly admins: readonly string[];
  readonly managers: readonly string[];
  /** Addresses and networks of proxies in front, whose word counts on where a call came from. */
  readonly proxies: readonly string[];
  /** Where the site's own schedulers are. */
  readonly schedulers: string;
  readonly ssh: {
    readonly host: string;
    readonly port: number;
    /** Whether the host's first key is taken as its own; on this machine itself it always is. */
    readonly trustFirstKey: boolean;
  };
  readonly oidc: OidcConfig | undefined;
  /** The audit list as JSON lines: where they go, and how large a file becomes and how many older ones are kept. */
  readonly audit: { readonly lines: 'file' | 'stdout' | 'off'; readonly maxMiB: number; readonly keep: number };
  /** Whether sudo is tried to start a person's link. Without a rule for it in `sudoers` it fails, at no great cost. */
  readonly sudo: boolean;
}

/** Something the person who starts the server can put right. The message is one line for them. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

export const USAGE = `casement serve [options]

  --port N                 port to listen on (3300; 0 picks a free one)
  --host ADDRESS           address to listen on (127.0.0.1)
  --data DIR               data directory (\${XDG_DATA_HOME:-~/.local/share}/casement)
  --auth WAY[,…]           how people log in (local): local, by the one-time link that is printed; ssh, with their
                           account on this machine; oidc, with the identity provider in config.json
  --login-link-file FILE   write the login link there as well, readable by you alone
  --tls-cert FILE          certificate chain, PEM
  --tls-key FILE           its private key, PEM
  --parents ORIGIN[,…]     pages on these origins may embed the viewer
`;

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  auth: { type: 'string' },
  'login-link-file': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  parents: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const METHODS: readonly LoginMethod[] = ['local', 'ssh', 'oidc'];

const Names = z._default(z.array(z.string().check(z.minLength(1))), []);
const File = z.strictObject({
  parents: z.optional(z.array(z.string())),
  viewerOrigin: z.optional(z.string()),
  admins: Names,
  managers: Names,
  proxies: Names,
  ssh: z.prefault(
    z.strictObject({
      host: z._default(z.string().check(z.minLength(1)), '127.0.0.1'),
      port: z._default(z.int().check(z.minimum(1), z.maximum(65535)), 22),
      trustFirstKey: z._default(z.boolean(), false),
    }),
    {},
  ),
  oidc: z.optional(OidcConfig),
  audit: z.prefault(
    z.strictObject({
      lines: z._default(z.enum(['file', 'stdout', 'off']), 'file'),
      maxMiB: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 10),
      keep: z._default(z.int().check(z.minimum(1), z.maximum(100)), 5),
    }),
    {},
  ),
  sudo: z._default(z.boolean(), true),
  /** A folder with the site's own schedulers, which everybody who uses them can read. */
  schedulers: z._default(z.string().check(z.startsWith('/')), '/etc/casement/schedulers'),
});

function parseOrigins(texts: readonly string[], from: string): string[] {
  return texts.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isOrigin = url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:');
    if (!isOrigin || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
      throw new ConfigError(`${from}: "${text}" is not an origin such as https://portal.example.org`);
    }
    return url.origin;
  });
}

/** @throws ConfigError */
export function readConfigFile(dataDir: string): ConfigFile {
  const path = join(dataDir, 'config.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code !== 'ENOENT') {
      throw new ConfigError(`${path} cannot be read`);
    }
    text = '{}';
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const parsed = File.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const what = issue?.code === 'unrecognized_keys' ? `does not know "${issue.keys.join('", "')}"` : issue?.message;
    throw new ConfigError(`${path}: ${[issue?.path.join('.'), what].filter(Boolean).join(': ')}`);
  }
  const { oidc, parents, viewerOrigin, ...rest } = parsed.data;
  return {
    ...rest,
    oidc,
    parents: parseOrigins(parents ?? [], path),
    viewerOrigin: viewerOrigin === undefined ? undefined : parseOrigins([viewerOrigin], path)[0],
  };
}

function parseMethods(text: string): LoginMethod[] {
  const found = text.split(',').map((name) => METHODS.find((method) => method === name.trim()));
  if (found.some((method) => method === undefined)) {
    throw new ConfigError(`--auth ${text}: one or more of ${METHODS.join(', ')}, with commas between`);
  }
  return [...new Set(found.filter((method) => method !== undefined))];
}

/** @throws ConfigError; `'help'` where that was asked for */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config | 'help' {
  let values;
  try {
    ({ values } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: false, strict: true }));
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help) return 'help';

  const port = Number(values.port ?? '3300');
  if (!/^\d{1,5}$/.test(values.port ?? '3300') || port > 65535) {
    throw new ConfigError(`--port ${values.port}: a number from 0 to 65535 is needed`);
  }
  const auth = parseMethods(values.auth ?? 'local');
  const [certFile, keyFile] = [values['tls-cert'], values['tls-key']];
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new ConfigError('--tls-cert and --tls-key go together');
  }
  const dataDir = resolve(values.data ?? defaultDataDir(env));
  return {
    host: values.host ?? '127.0.0.1',
    port,
    dataDir,
    doorPath: doorPathOf(dataDir, env),
    ownDataDir: values.data !== undefined,
    auth,
    loginLinkFile: values['login-link-file'],
    tls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined,
    parents: values.parents === undefined ? [] : parseOrigins(values.parents.split(',').filter(Boolean), '--parents'),
  };
}

export function defaultDataDir(env: Readonly<Record<string, string | undefined>>): string {
  // The specification of these directories wants relative ones ignored.
  const base = env['XDG_DATA_HOME']?.startsWith('/')
    ? env['XDG_DATA_HOME']
    : join(env['HOME'] ?? '/', '.local', 'share');
  return join(base, 'casement');
}

/**
 * systemd names a folder for this (`RuntimeDirectory=`). Without, one in `/tmp` that is always the same, so that links
 * find back; the data directory itself is nobody else's to enter.
 */
function doorPathOf(dataDir: string, env: Readonly<Record<string, string | undefined>>): string {
  const runtime = env['RUNTIME_DIRECTORY']?.split(':')[0];
  if (runtime?.startsWith('/')) return join(runtime, 'links.sock');
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  return join('/tmp', `casement-server-${process.getuid?.() ?? 0}-${hash}`, 'links.sock');
}

/** Where a person's link keeps its socket and sessions. */
export function linkDirOf(dataDir: string): string {
  return join(dataDir, 'link');
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
