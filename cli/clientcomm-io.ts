/** What `clientcomm` reads and writes when it is a program. */
import { readFileSync } from 'node:fs';
import type { ClientCommIo } from './clientcomm-run.ts';

const STDIN = 0;

export function processIo(): ClientCommIo {
  return {
    env: process.env,
    cwd: process.cwd(),
    readStdin: () => readFileSync(STDIN),
    readArguments: () => readFileSync('/proc/self/cmdline'),
    readLines: (line, end) => {
      // Of no use to a single question, so not loaded for it.
      void import('node:readline').then(({ createInterface }) =>
        createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', line).on('close', end),
      );
    },
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  };
}
