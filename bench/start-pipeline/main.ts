/**
 * 200 starts' worth of pipeline, 20 at once: every step with its functions in the real runner and the real store, up to
 * a session host that only pretends, since Xvnc is measured elsewhere. Once more with the built-in functions.
 */
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { checkAnswers } from '../../src/forms/fields/index.ts';
import { SAMPLE_TEXTS } from '../../src/contract/function-samples.ts';
import { FunctionName } from '../../src/contract/functions.ts';
import type { StartFunctions } from '../../server/functions/port.ts';
import { Runner } from '../../server/functions/runner.ts';
import { createSiteFunctions, type SiteFunctions } from '../../server/functions/site-functions.ts';
import { runStart } from '../../server/start/order.ts';
import type { StartDeps } from '../../server/start/deps.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
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
  /** Of processor time, for one start: in the server, and in the process of functions. What a busy machine changes least. */
  readonly cpuMs: { readonly server: number; readonly functions: number };
}

/** Milliseconds that a process has computed, all of its threads. */
function cpuMsOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  // In ticks of 10 ms (`proc(5)`): in user mode and in the kernel.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** As the server puts them together for a call, with everything that is written down about a start. */
function startDeps(server: TestServer, functions: StartFunctions): StartDeps {
  const { auth, policy, store } = server;
  return {
    auth,
    forms: store.forms,
    profiles: store.profiles,
    functions,
    scheduling: server.scheduling,
    checkAnswers: (fields, answers) => checkAnswers([...fields], answers),
    bookmark: async () => undefined,
    servers: () => policy.servers.list(),
    localServerId: policy.servers.localId,
    server: (id) => policy.servers.get(id),
    seats: policy.seats,
    progress: () => undefined,
    trace(trace) {
      const { outcome, steps } = trace;
      const data = { startId: trace.startId, steps: steps.map((step) => ({ ...step })) };
      policy.audit.record({ event: 'start', login: 'me', address: '', outcome, data });
      void store.traces.add({ ...trace, login: 'me' });
    },
    warn: (cause, message) => void process.stderr.write(`${message} ${String(cause)}\n`),
  };
}

async function measure(published: boolean, way: 'direct' | 'http' = 'direct'): Promise<Figures> {
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
    const data = { command: 'xterm', geometry: '1280x800', forms: [], params: { minRam: 1 } };
    const overHttp = async (): Promise<string> => {
      const { body } = await server.call('POST', '/api/start', data);
      return String(Object(body.result).stage);
    };
    const caller = await server.auth.verify(server.token);
    const deps = startDeps(server, functions);
    const direct = async (): Promise<string> =>
      (await runStart({ caller, data, startId: randomUUID(), ip: '127.0.0.1' }, deps)).stage;
    const start = way === 'http' ? overHttp : direct;
    const one = async (): Promise<number | undefined> => {
      const began = performance.now();
      return (await start()) === 'started' ? performance.now() - began : undefined;
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
    const computed = [process.cpuUsage(), cpuMsOf(runner.pid)] as const;
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const { user, system } = process.cpuUsage(computed[0]);
    const cpuMs = {
      server: rounded((user + system) / 1000 / STARTS),
      functions: rounded((cpuMsOf(runner.pid) - computed[1]) / STARTS),
    };
    await site.settled();
    const lost = STARTS - Math.min(took.length, server.host.starts.length - before);
    return { medianMs: rounded(median(took)), p95Ms: rounded(percentile(took, 95)), lost, cpuMs };
  } finally {
    await runner.close();
    await server.close();
    clearInterval(alive);
  }
}

export async function main(): Promise<Figures & { readonly builtIn: Figures; readonly http: Figures }> {
  const builtIn = await measure(false);
  const own = await measure(true);
  const http = await measure(true, 'http');
  const line = (what: string, { medianMs, p95Ms, lost, cpuMs: { server, functions } }: Figures) =>
    `  ${what.padEnd(32)} median ${medianMs} ms, p95 ${p95Ms} ms, lost ${lost}; ` +
    `computed ${server} ms a start, and ${functions} ms in functions\n`;
  process.stdout.write(
    `${STARTS} starts, ${AT_ONCE} at once (goal: median under ${GOAL_MS} ms, nothing lost)\n` +
      line('own functions', own) +
      line('built-in functions', builtIn) +
      line('own functions, as calls over HTTP', http),
  );
  return { ...own, builtIn, http };
}
