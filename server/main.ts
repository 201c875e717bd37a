/**
 * The web server's program. The only place that reads the environment and the arguments, listens, and handles signals.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serve, type Serving } from './serve.ts';
import { ConfigError, parseConfig, USAGE } from './config.ts';
import { StoreError } from './store/open.ts';

/** Whoever does not close by then is left behind: sessions run on by themselves. */
const STOP_WITHIN_MS = 1800;

function sentenceOf(cause: unknown, port: number): string | undefined {
  if (cause instanceof ConfigError || cause instanceof StoreError) return cause.message;
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  switch (cause.code) {
    case 'EADDRINUSE':
      return `port ${port} is taken by another program; choose one with --port`;
    case 'EACCES':
      return `no right to listen on port ${port}; choose one above 1023 with --port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'the address given with --host is not one of this machine';
    default:
      return undefined;
  }
}

/** Runs until it is stopped by a signal. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  let serving: Serving;
  let port = 0;
  try {
    const config = parseConfig(argv, process.env);
    if (config === 'help') {
      process.stdout.write(USAGE);
      return 0;
    }
    port = config.port;
    serving = await serve(config, {
      path: process.env['PATH'] ?? '',
      logLevel: process.env['CASEMENT_LOG'] ?? 'warn',
      say: (line) => process.stdout.write(`${line}\n`),
    });
  } catch (cause) {
    const sentence = sentenceOf(cause, port);
    if (sentence === undefined) throw cause;
    process.stderr.write(`casement: ${sentence}\n`);
    return 1;
  }

  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve(name));
  });
  if (signal === 'SIGINT') process.stdout.write('\nStopping. Sessions run on.\n');
  setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
  await serving.stop();
  return 0;
}

const started = process.argv[1];
// Not where the command line has loaded it, which calls `main` itself.
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) {
  process.exit(await main(process.argv.slice(2)));
}
