/**
 * `casement`, the command line. Each subcommand is a function that gives an exit code; only the last lines of this file
 * touch the process.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../server/config.ts';
import { CasementError } from '../src/contract/errors.ts';
import type { Io } from './io.ts';
import { listSessions, terminateSession } from './sessions.ts';

const USAGE = `casement COMMAND [options]

  serve               run the web server (--help shows its options)
  sessions            list this account's sessions on this machine
  start               start a session as yourself, whether a server runs or not (--help shows its options)
  terminate ID…|--all end sessions and their programs
  login-link          make a new one-time login link for the running server
  clientcomm          send a message to a session's viewers
  doctor              look at this machine, and say what to do where something is in the way
  link                have the process run that owns your sessions; servers call this

  --data DIR          for sessions, terminate, login-link: the server's data directory
`;

/** A program of the build, which is a file of its own so that the others start without reading it. */
function program(path: string): string {
  return new URL(path, import.meta.url).href;
}

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [command, ...rest] = argv;
  try {
    switch (command) {
      case 'serve': {
        const server: typeof import('../server/main.ts') = await import(program('../server/main.mjs'));
        return await server.main(rest);
      }
      case 'sessions':
        return await listSessions(rest, io);
      case 'terminate':
        return await terminateSession(rest, io);
      case 'start': {
        const { start } = await import('./start.ts');
        return await start(rest, io);
      }
      case 'doctor': {
        const { doctor } = await import('./doctor.ts');
        return await doctor(rest, io);
      }
      case 'link': {
        const link: typeof import('./link.ts') = await import(program('./link.mjs'));
        return await link.runLink(io);
      }
      case 'login-link': {
        const login: typeof import('./login-link.ts') = await import(program('./login-link.mjs'));
        return await login.loginLink(rest, io);
      }
      case 'clientcomm': {
        const [{ runClientComm }, { processIo }] = await Promise.all([
          import('./clientcomm-run.ts'),
          import('./clientcomm-io.ts'),
        ]);
        return await runClientComm(rest, { ...processIo(), out: io.out, err: io.err });
      }
      case undefined:
      case 'help':
      case '--help':
      case '-h':
        io.out(USAGE);
        return command === undefined ? 2 : 0;
      default:
        io.err(`casement: there is no command "${command}"\n${USAGE}`);
        return 2;
    }
  } catch (cause) {
    if (cause instanceof ConfigError) {
      io.err(`casement: ${cause.message}\n`);
      return 2;
    }
    if (cause instanceof CasementError) {
      io.err(`casement: ${cause.message} (${cause.code})\n`);
      return 1;
    }
    throw cause;
  }
}

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  const code = await run(process.argv.slice(2), {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
  process.exit(code);
}
