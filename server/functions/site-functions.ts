/**
 * The functions of this site: what was published of each kind, or the built-in behaviour. Beside the live one a second
 * revision may run in its shadow; nobody waits for it, and nothing it gives has any effect.
 */
import type { BuiltIn, FunctionBody, FunctionName, FunctionOutcome } from '../../src/contract/functions.ts';
import { MAX_FUNCTION_INPUT } from '../../src/contract/functions.ts';
import type { JsonValue } from '../../src/contract/json.ts';
import { keptText } from '../../src/contract/kept-text.ts';
import type { FunctionLibrary } from '../store/port.ts';
import { createDefaults, METHOD_OF } from './defaults.ts';
import { runExecutable } from './executable.ts';
import {
  FunctionError,
  type FunctionCaller,
  type FunctionDesk,
  type LoadBalancingInput,
  type RunAsUser,
  type StartFunctions,
} from './port.ts';
import { Recorder, redactedOutcome, type Seen } from './recorder.ts';
import type { EngineRun, Runner } from './runner.ts';

/** Shadows that may run at a time; they must not take the threads that starts wait for. */
const SHADOWS = 2;

export interface SiteFunctionsOptions {
  readonly library: FunctionLibrary;
  readonly runner: Pick<Runner, 'run' | 'check'>;
  readonly asUser?: RunAsUser;
  /** What a function logged and why one failed. */
  readonly log: { readonly info: Log; readonly warn: Log };
}
type Log = (details: object, message: string) => void;

export interface SiteFunctions extends StartFunctions {
  readonly desk: FunctionDesk;
  /** When all shadows and records that are under way are done. */
  settled(): Promise<void>;
}

/** The same whatever the order of members. */
function canonical(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, canonical(value[key] ?? null)]),
  );
}

function same(a: FunctionOutcome, b: FunctionOutcome): boolean {
  if (a.state === 'failed' || b.state === 'failed') return a.state === b.state;
  return JSON.stringify(canonical(a.result)) === JSON.stringify(canonical(b.result));
}

export function createSiteFunctions({ library, runner, asUser, log }: SiteFunctionsOptions): SiteFunctions {
  const defaults = createDefaults();
  const underway = new Set<Promise<void>>();
  const notRecorded = (cause: unknown) => log.warn({ err: cause }, 'a call of a function could not be recorded');
  const recorder = new Recorder({ library, failed: notRecorded });
  let shadows = 0;

  /** Goes on by itself; what goes wrong is logged. */
  function beside(work: () => Promise<void>): void {
    const going: Promise<void> = work()
      .catch(notRecorded)
      .finally(() => underway.delete(going));
    underway.add(going);
  }

  function builtIn(name: FunctionName, choice: BuiltIn, input: unknown): Promise<unknown> {
    // Each kind is called with its own input, by the methods below; a dry run may bring anything.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (name === 'load-balancing')
      return Promise.resolve(defaults.loadBalancingBy(choice, input as LoadBalancingInput));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (defaults[METHOD_OF[name]] as (given: unknown) => Promise<unknown>)(input);
  }

  async function runBody(
    name: FunctionName,
    body: FunctionBody,
    input: JsonValue | undefined,
    text: string,
    by: FunctionCaller | undefined,
  ): Promise<EngineRun> {
    if (body.kind === 'javascript') return runner.run(body.text, text);
    if (body.kind === 'executable') {
      if (Buffer.byteLength(text) <= MAX_FUNCTION_INPUT) return runExecutable(body, text, by, asUser);
      const failure = { cause: 'input-too-large', message: `more than ${MAX_FUNCTION_INPUT} bytes` } as const;
      return { outcome: { state: 'failed', failure }, logs: [], ms: 0 };
    }
    const began = performance.now();
    const outcome = await builtIn(name, body.choice, input ?? JSON.parse(text)).then(
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the built-in ones give parts of their input
      (result): FunctionOutcome => ({ state: 'returned', result: (result ?? null) as JsonValue }),
      (cause: unknown): FunctionOutcome => ({ state: 'failed', failure: { cause: 'engine', message: String(cause) } }),
    );
    return { outcome, logs: [], ms: performance.now() - began };
  }

  /** What decides, and after it what only watches. @throws FunctionError */
  async function call(name: FunctionName, input: object, by: FunctionCaller | undefined): Promise<unknown> {
    const { live, shadow } = await library.live(name);
    const { login = '', secrets = [] } = by ?? {};
    // The very object, so that a step sees that nothing was changed.
    const plain = !live || live.body.kind === 'built-in';
    const text = JSON.stringify(input);
    let run: EngineRun;
    let given: unknown;
    if (plain) {
      const began = performance.now();
      given = await builtIn(name, live?.body.kind === 'built-in' ? live.body.choice : 'default', input);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the built-in ones give parts of their input
      const result = JSON.parse(JSON.stringify(given ?? null)) as JsonValue;
      run = { outcome: { state: 'returned', result }, logs: [], ms: performance.now() - began };
    } else {
      run = await runBody(name, live.body, undefined, text, by);
      for (const line of run.logs) {
        log.info({ function: name, version: live.version, login }, keptText(line, secrets, line.length));
      }
      given = run.outcome.state === 'returned' ? run.outcome.result : undefined;
    }
    const seen: Seen = { login, text, outcome: run.outcome, ms: run.ms, secrets };
    if (!shadow) recorder.add(name, seen);
    else
      beside(async () => {
        const recorded = await recorder.record(name, seen);
        if (shadows >= SHADOWS) {
          await library.addShadowRun(name, shadow.revision, { state: 'skipped' });
          return;
        }
        shadows += 1;
        try {
          const { outcome } = await runBody(name, shadow.body, undefined, text, by);
          await library.addShadowRun(name, shadow.revision, {
            state: 'ran',
            same: same(run.outcome, outcome),
            input: recorded,
            live: redactedOutcome(run.outcome, secrets),
            shadow: redactedOutcome(outcome, secrets),
          });
        } finally {
          shadows -= 1;
        }
      });
    if (run.outcome.state === 'failed') throw new FunctionError(name, run.outcome.failure);
    return given;
  }

  return {
    formFilter: (input, by) => call('form-filter', input, by),
    serverList: (input, by) => call('server-list', input, by),
    schedule: (input, by) => call('schedule', input, by),
    startEvent: (input, by) => call('start-event', input, by),
    scheduleEvent: (input, by) => call('schedule-event', input, by),
    loadBalancing: (input, by) => call('load-balancing', input, by),

    desk: {
      check: async (body) => (body.kind === 'javascript' ? runner.check(body.text) : null),
      async dryRun(name, body, input, by) {
        const tried = body ?? (await library.live(name)).live?.body ?? { kind: 'built-in', choice: 'default' };
        const { outcome, logs, ms } = await runBody(name, tried, input, JSON.stringify(input), by);
        return { outcome, logs, ms };
      },
      async inputs(name) {
        await recorder.flush();
        return library.inputs(name);
      },
    },

    async settled() {
      while (underway.size > 0) await Promise.all(underway);
      await recorder.flush();
    },
  };
}
