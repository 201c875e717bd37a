/** The shipped folders for LSF and Moab, against commands that speak like theirs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJobId, parseStatus } from './status.ts';

const base = mkdtempSync(join(tmpdir(), 'casement-folders-'));
const STAND_INS = {
  bsub: 'cat >"$HOME/script"; echo "$@" >"$HOME/args"; echo "Job <42> is submitted to default queue <normal>."',
  bjobs:
    'echo "42|PEND|-|New job is waiting for scheduling;"; echo "43|RUN|-|-"; echo "44|EXIT|TERM_RUNLIMIT: job killed after reaching LSF run time limit|-"; echo "Job <45> is not found" >&2; exit 255',
  bkill: 'echo "killed $1"',
  bpeek: 'echo "peeked $1"',
  msub: 'cat >"$HOME/script"; echo; echo Moab.7',
  checkjob:
    'case $1 in Moab.7) echo "State: Idle"; echo "BLOCK MSG: job hold active";; Moab.8) echo "State: Removed"; echo "Completion Code: CNCLD";; *) echo "ERROR: cannot locate job" >&2; exit 1;; esac',
  canceljob: 'echo "cancelled $1"',
};

beforeAll(() => {
  for (const [name, text] of Object.entries(STAND_INS)) {
    writeFileSync(join(base, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const run = (path: string, args: string[] = [], input = '') =>
  execFileSync(join('packaging/schedulers', path), args, {
    input,
    encoding: 'utf8',
    env: {
      PATH: `${base}:/usr/bin:/bin`,
      HOME: base,
      CASEMENT_SESSION_ID: 's-1234',
      CASEMENT_JOB_NAME: 'My job',
    },
  });

describe('the folder of', () => {
  it('LSF submits, tells how jobs are, cancels and shows what they print', () => {
    expect(parseJobId(run('lsf/submit', ['-q', 'gpu'], '#!/bin/sh\ntrue\n'))).toBe('42');
    expect(execFileSync('cat', [join(base, 'args')], { encoding: 'utf8' })).toContain('-Jd casement:s-1234');
    const ids = ['42', '43', '44', '45'];
    const told = parseStatus(run('lsf/status', ids), ids);
    expect(told.get('42')).toMatchObject({ state: 'pending', reason: 'New job is waiting for scheduling;' });
    expect(told.get('43')).toMatchObject({ state: 'running', reason: null });
    expect(told.get('44')).toMatchObject({ state: 'ended', killed: true });
    expect(told.get('45')).toMatchObject({ state: 'unknown' });
    expect(run('lsf/cancel', ['42'])).toBe('killed 42\n');
    expect(run('lsf/log', ['42'])).toBe('peeked 42\n');
  });

  it('Moab does as well', () => {
    expect(parseJobId(run('moab/submit', [], 'true\n'))).toBe('Moab.7');
    const ids = ['Moab.7', 'Moab.8', 'Moab.9'];
    const told = parseStatus(run('moab/status', ids), ids);
    expect(told.get('Moab.7')).toMatchObject({ state: 'pending', reason: 'job hold active' });
    expect(told.get('Moab.8')).toMatchObject({ state: 'ended', killed: true });
    expect(told.get('Moab.9')).toMatchObject({ state: 'unknown' });
    expect(run('moab/cancel', ['Moab.7'])).toBe('cancelled Moab.7\n');
  });
});
