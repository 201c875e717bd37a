/** What the processes of a session find in their environment: the user's own, never the server's. */
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';

/** Passed on from whoever started the link. Everything else may hold a secret of the server. */
const KEPT =
  /^(PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|XDG_RUNTIME_DIR|XDG_DATA_DIRS|XDG_CONFIG_DIRS|DBUS_SESSION_BUS_ADDRESS|TMPDIR)$/;
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games';

export type Environment = Record<string, string>;

/**
 * Somebody who runs the product for themselves may have set another home than the account's. One that is not theirs
 * was left behind by a change of user and is not believed.
 */
function homeOf(from: NodeJS.ProcessEnv, user: { uid: number; homedir: string }): string {
  const home = from['HOME'];
  if (home === undefined || !isAbsolute(home)) return user.homedir;
  const found = statSync(home, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === user.uid ? home : user.homedir;
}

/** For the link and for X servers. */
export function baseEnvironment(from: NodeJS.ProcessEnv): Environment {
  const user = userInfo();
  const env: Environment = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && KEPT.test(name)) env[name] = value;
  }
  env['PATH'] ??= DEFAULT_PATH;
  env['HOME'] = homeOf(from, user);
  env['USER'] = user.username;
  env['LOGNAME'] = user.username;
  env['SHELL'] = user.shell ?? '/bin/sh';
  return env;
}

export interface SessionEnvironment {
  readonly display: number;
  readonly xauth: string;
  readonly id: string;
  readonly sessionDir: string;
  readonly linkDir: string;
  readonly bin: string;
  readonly paramsFile: string;
}

export function sessionEnvironment(from: NodeJS.ProcessEnv, session: SessionEnvironment): Environment {
  const env = baseEnvironment(from);
  return {
    ...env,
    PATH: `${session.bin}${delimiter}${env['PATH'] ?? DEFAULT_PATH}`,
    DISPLAY: `:${session.display}`,
    XAUTHORITY: session.xauth,
    FASTX_SESSION_ID: session.id,
    FASTX_SESSION_DIR: session.sessionDir,
    FX_CONFIG_DIR: session.linkDir,
    /** A file with the session's params as JSON, kept up to date. */
    FASTX_PARAMS: session.paramsFile,
  };
}
