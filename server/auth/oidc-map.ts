/** From what the identity provider says of a person to a Unix account, and to a permission level. */
import { spawn } from 'node:child_process';
import { CasementError } from '../../src/contract/errors.ts';
import { levelOf } from './levels.ts';
import type { OidcConfig } from './oidc-config.ts';
import type { PermissionLevel } from './port.ts';

const MAPPER_MS = 10_000;
const MAPPER_BYTES = 64 * 1024;

export type Claims = Readonly<Record<string, unknown>>;

/** The name that the mapper prints: alone, or as `{"login": …}`. `''`: nobody. */
function nameFrom(output: string): string {
  const text = output.trim();
  if (!text.startsWith('{')) return text;
  const value: unknown = JSON.parse(text);
  const login = typeof value === 'object' && value !== null && 'login' in value ? value.login : undefined;
  return typeof login === 'string' ? login : '';
}

/** Runs the site's own executable. Its answer is data, its errors go to the log by way of the cause. */
function runMapper(program: string, claims: Claims): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [], { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' } });
    let out = '';
    let errors = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), MAPPER_MS);
    const fail = (reason: string, cause?: unknown) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new CasementError('oidc-unmapped', { cause: new Error(`mapper ${program}: ${reason}`, { cause }) }));
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > MAPPER_BYTES) fail('it printed too much');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-2000);
    });
    child.once('error', (cause) => fail('it cannot be run', cause));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code !== 0) {
        fail(`it ended with ${code ?? signal}: ${errors.trim()}`);
        return;
      }
      try {
        resolve(nameFrom(out));
      } catch (cause) {
        fail('what it printed is neither a name nor JSON', cause);
      }
    });
    // A mapper that reads nothing is no error.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify({ authMethod: 'auth-oidc', data: { user: claims } }));
  });
}

/** @throws CasementError `oidc-unmapped` */
export async function accountNameOf(config: Pick<OidcConfig, 'claim' | 'mapper'>, claims: Claims): Promise<string> {
  if (config.mapper !== undefined) return runMapper(config.mapper, claims);
  const value = claims[config.claim];
  if (typeof value !== 'string' || value === '') {
    throw new CasementError('oidc-unmapped', { cause: new Error(`no claim "${config.claim}"`) });
  }
  return value;
}

/** Groups of the provider are named as they are, without the `@` of Unix groups. */
export function levelFromClaims(
  config: Pick<OidcConfig, 'groupsClaim' | 'admins' | 'managers'>,
  claims: Claims,
): PermissionLevel | undefined {
  const value = config.groupsClaim === undefined ? undefined : claims[config.groupsClaim];
  const groups = (Array.isArray(value) ? value : [value]).filter((group): group is string => typeof group === 'string');
  const asGroups = (names: readonly string[]) => names.map((name) => `@${name}`);
  return levelOf('', groups, { admins: asGroups(config.admins), managers: asGroups(config.managers) });
}
