/** `casement doctor`: looks at this machine, and says what to do where something is in the way. Changes nothing. */
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { ConfigError, defaultDataDir, readConfigFile, type ConfigFile } from '../server/config.ts';
import { DOCTOR_CHECKS, type Finding } from './doctor-checks.ts';
import type { Io } from './io.ts';

const USAGE = `casement doctor [options]

  --data DIR        the server's data directory
  --tls-cert FILE   certificate chain that the server is given
  --tls-key FILE    its private key
  --json            findings as JSON

Ends with 0 when nothing is in the way of sessions, else with 1.
`;

const MARKS = { ok: 'ok    ', note: 'note  ', problem: 'FAIL  ' } as const;

/** Where the service of the package keeps its data. */
const SERVICE_DATA = '/var/lib/casement';

export async function doctor(argv: readonly string[], io: Io): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help) {
    io.out(USAGE);
    return 0;
  }
  const findings: Finding[] = [];
  const dataDir = resolve(values.data ?? (process.getuid?.() === 0 ? SERVICE_DATA : defaultDataDir(io.env)));
  let config: ConfigFile | undefined;
  try {
    config = readConfigFile(dataDir);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    findings.push({ what: 'settings', state: 'problem', text: error.message, todo: 'put the file right' });
  }
  const subject = {
    dataDir,
    config,
    path: io.env['PATH'] ?? '',
    certFile: values['tls-cert'],
    keyFile: values['tls-key'],
    now: Date.now(),
  };
  for (const check of DOCTOR_CHECKS) findings.push(...(await check(subject)));

  if (values.json) {
    io.out(`${JSON.stringify(findings, null, 2)}\n`);
  } else {
    for (const { what, state, text, todo } of findings) {
      io.out(`${MARKS[state]}${what.padEnd(12)}${text}\n`);
      if (todo !== undefined) io.out(`${' '.repeat(MARKS.ok.length + 12)}${todo}\n`);
    }
  }
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
}
