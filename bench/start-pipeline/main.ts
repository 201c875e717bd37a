/**
 * 200 starts' worth of pipeline, 20 at once: every step with its functions in the real runner and the real store, up to
 * a session host that only pretends, since Xvnc is measured elsewhere. Once more with the built-in functions.
 */
import { join } from 'node:path';
import { SAMPLE_TEXTS } from '../../src/contract/function-samples.ts';
import { FunctionName } from '../../src/contract/functions.ts';
import type { StartFunctions } from '../../server/functions/port.ts';
import { Runner } from '../../server/functions/runner.ts';
import { createSiteFunctions, type SiteFunctions } from '../../server/functions/site-functions.ts';
import { startTestServer } from '../../server/testing/test-server.ts';
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
  const warn = (cause: unknown, message: string) => void process.stderr.write(`${message} ${String(cause)}\n`);
  const runner = new Runner({
    script: join(process.cwd(), 'dist/server/functions.mjs'),
    wasm: join(process.cwd(), 'dist/server/quickjs.wasm'),
    warn,
  });
  // The process of functions keeps nobody alive, and there is nothing else here that would.
  const alive = setInterval(() => undefined, 1000);
  let site: SiteFunctions | undefined;
  const functions: StartFunctions = {
    formFilter: async (input, by) => site?.formFilter(input, by),
    serverList: async (input, by) => site?.serverList(input, by),
    schedule: async (input, by) => site?.schedule(input, by),
    startEvent: async (input, by) => site?.startEvent(input, by),
    scheduleEvent: async (input, by) => site?.scheduleEvent(input, by),
    loadBalancing: async (input, by) => site?.loadBalancing(input, by),
  };
  const server = await startTestServer({ functions });
  try {
    const library = server.store.functions;
    for (const [name, text] of published ? Object.entries(TEXTS) : []) {
      const known = FunctionName.parse(name);
      await library.save(known, 0, { kind: 'javascript', text }, 'bench');
      await library.publish(known, 1, 'bench');
    }
    const silent = { info: () => undefined, warn: () => undefined };
    site = createSiteFunctions({ library, runner, log: silent });
    const one = async (): Promise<number | undefined> => {
      const began = performance.now();
      const { body } = await server.call('POST', '/api/start', {
        command: 'xterm',
        geometry: '1280x800',
        forms: [],
        params: { minRam: 1 },
      });
      const stage: unknown = Object(body.result).stage;
      return stage === 'started' ? performance.now() - began : undefined;
    };
    // The first ones start the process and its threads.
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    const took: number[] = [];
    const before = server.host.starts.length;
    let next = 0;
    const lane = async () => {
      while (next++ < STARTS) {
        const ms = await one();
        if (ms !== undefined) took.push(ms);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    await site.settled();
    const lost = STARTS - Math.min(took.length, server.host.starts.length - before);
    return { medianMs: rounded(median(took)), p95Ms: rounded(percentile(took, 95)), lost };
  } finally {
    await runner.close();
    await server.close();
    clearInterval(alive);
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
