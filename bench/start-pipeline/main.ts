/**
 * 200 starts' worth of pipeline, 20 at once: every step with its functions in the real runner and the real store, up to
 * a session host that only pretends, since Xvnc is measured elsewhere. Once more with the built-in functions.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_INPUTS, SAMPLE_TEXTS } from '../../src/contract/function-samples.ts';
import type { FunctionName } from '../../src/contract/functions.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import { checkAnswers, deriveFields } from '../../src/forms/fields/index.ts';
import { Runner } from '../../server/functions/runner.ts';
import { createSiteFunctions } from '../../server/functions/site-functions.ts';
import { EXAMPLE_FORMS } from '../../server/start/example-forms.ts';
import { runStart } from '../../server/start/order.ts';
import type { StartDeps } from '../../server/start/deps.ts';
import { openDatabase } from '../../server/store/open.ts';
import { createSqliteStore } from '../../server/store/sqlite.ts';
import { createFakeHost } from '../../server/testing/fake-host.ts';
import { median, percentile, rounded } from '../support/statistics.ts';

const STARTS = 200;
const AT_ONCE = 20;
const GOAL_MS = 25;

/** Each does some work of its own, as a site's would. */
const TEXTS: Partial<Record<FunctionName, string>> = {
  'form-filter': `async function (input) {
    if (input.userGroups.includes('gpu') && !(input.data.params || {}).minRam) return 'resources';
    return null;
  }`,
  schedule: `async function (input) { return input.start.params.queue ? 'submit \${ start.command }' : null; }`,
  'start-event': `async function (input) {
    if (/\\brm\\b/.test(input.data.command)) throw new Error('rm is not allowed here');
    input.data.params.seen = true;
    return input;
  }`,
  'load-balancing': SAMPLE_TEXTS['load-balancing'],
};

interface Figures {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly lost: number;
}

async function measure(published: boolean): Promise<Figures> {
  const dir = mkdtempSync(join(tmpdir(), 'casement-bench-'));
  const store = createSqliteStore(openDatabase(dir));
  const runner = new Runner({
    script: join(process.cwd(), 'dist/server/functions.mjs'),
    wasm: join(process.cwd(), 'dist/server/quickjs.wasm'),
    warn: (cause, message) => process.stderr.write(`${message} ${String(cause)}\n`),
  });
  try {
    for (const form of EXAMPLE_FORMS) {
      await store.forms.addMissing({ ...form, version: 1, fields: deriveFields(form.html).fields });
    }
    for (const [name, text] of published ? Object.entries(TEXTS) : []) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a record by name
      const known = name as FunctionName;
      await store.functions.save(known, 0, { kind: 'javascript', text }, 'bench');
      await store.functions.publish(known, 1, 'bench');
    }
    const silent = { info: () => undefined, warn: () => undefined };
    const functions = createSiteFunctions({ library: store.functions, runner, log: silent });
    const host = createFakeHost();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the sample's servers are server objects
    const { servers } = SAMPLE_INPUTS['load-balancing'] as unknown as { servers: ServerInfo[] };
    const deps: StartDeps = {
      auth: { refuses: () => undefined },
      forms: store.forms,
      functions,
      host,
      checkAnswers: (fields, answers) => checkAnswers([...fields], answers),
      bookmark: async () => undefined,
      servers: () => servers,
      localServerId: 'two',
      canStart: () => ({ accepts: true, xserver: true }),
      progress: () => undefined,
      trace: (trace) => void store.traces.add({ ...trace, login: 'ada' }),
      warn: (cause, message) => process.stderr.write(`${message} ${String(cause)}\n`),
    };
    const user = { login: 'ada', uid: 1000, gid: 1000, home: '/home/ada' };
    const caller = { user, login: 'ada', groups: ['ada'], level: 'user', jti: 'x', expires: 0 } as const;
    const one = async (i: number): Promise<number | undefined> => {
      const began = performance.now();
      const data = { command: 'xterm', geometry: '1280x800', params: { minRam: 1 } };
      const result = await runStart({ caller, data, startId: `start-${i}`, ip: '127.0.0.1' }, deps);
      return result.stage === 'started' ? performance.now() - began : undefined;
    };
    // The first ones start the process and its threads.
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => one(-1 - i)));
    const took: number[] = [];
    let next = 0;
    const before = host.starts.length;
    const lane = async () => {
      while (next < STARTS) {
        const ms = await one(next++).catch(() => undefined);
        if (ms !== undefined) took.push(ms);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    await functions.settled();
    const lost = STARTS - Math.min(took.length, host.starts.length - before);
    return { medianMs: rounded(median(took)), p95Ms: rounded(percentile(took, 95)), lost };
  } finally {
    await runner.close();
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

export async function main(): Promise<Figures & { readonly builtIn: Figures }> {
  const builtIn = await measure(false);
  const own = await measure(true);
  const line = (what: string, { medianMs, p95Ms, lost }: Figures) =>
    `  ${what.padEnd(20)} median ${medianMs} ms, p95 ${p95Ms} ms, lost ${lost}\n`;
  process.stdout.write(
    `${STARTS} starts, ${AT_ONCE} at once (goal: median under ${GOAL_MS} ms, nothing lost)\n` +
      line('own functions', own) +
      line('built-in functions', builtIn),
  );
  return { ...own, builtIn };
}
