/** The program `clientcomm`, which every session finds on its `PATH`. */
import { readFileSync } from 'node:fs';
import { runClientComm } from './clientcomm-run.ts';

const STDIN = 0;

process.exitCode = await runClientComm(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  readStdin: () => readFileSync(STDIN),
  readArguments: () => readFileSync('/proc/self/cmdline'),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
