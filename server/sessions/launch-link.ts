/** Starting the link's process, as the user it is for. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Environment } from './environment.ts';

const READY_MS = 15_000;
/** Half of V8's default for what is young: a link makes little garbage, and its resident size counts once a user. */
const NODE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=256'];
/** Login scripts that load modules from a network disk take a while; beyond this they wait for somebody. */
const PROFILE_SECONDS = 60;
/** Another link was there first, which is as good. */
const EXIT_RUNNING = 3;

export interface LinkProgram {
  readonly dir: string;
  /** Paths of the bundled programs. */
  readonly linkScript: string;
  readonly clientcommScript: string;
  readonly execPath: string;
  readonly env: Environment;
  readonly cwd: string;
  /** Commands run after the user's login scripts. Not for a link whose starter has been through them. */
  readonly loginShell?: boolean;
}

/** Resolves when a link listens in the directory, this one or one that was there first. */
export function launchLink(program: LinkProgram): Promise<void> {
  const { dir, linkScript, clientcommScript, execPath, env, cwd, loginShell } = program;
  return new Promise((resolve, reject) => {
    const args = ['--dir', dir, '--clientcomm', clientcommScript];
    if (loginShell) args.push('--login-shell', String(PROFILE_SECONDS));
    const child = spawn(execPath, [...NODE_FLAGS, linkScript, ...args], {
      // A session of its own: what ends the server, a terminal's Ctrl-C included, does not reach it.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env,
      cwd,
    });
    let errors = '';
    const stderr = child.stdio[2] as Readable;
    const ready = child.stdio[3] as Readable;
    stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-2000);
    });
    const settle = (error?: Error) => {
      clearTimeout(timer);
      ready.destroy();
      stderr.destroy();
      child.unref();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => settle(new Error('the link did not answer in time')), READY_MS);
    ready.once('data', () => settle());
    child.once('error', settle);
    child.once('exit', (code) => {
      settle(code === EXIT_RUNNING ? undefined : new Error(`the link ended with code ${code}: ${errors.trim()}`));
    });
  });
}
