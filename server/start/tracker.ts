/** Follows one start: a progress message as each step begins and ends, and a trace of the whole. */
import { CasementError, type ApiError } from '../../src/contract/errors.ts';
import type { StartStep } from '../../src/contract/start.ts';
import type { StartDeps, StartSubject } from './deps.ts';
import { keptText } from '../../src/contract/kept-text.ts';

/** What a step gives: a value, and whether there was anything for it to do. */
export interface StepResult<Value> {
  readonly state: 'done' | 'skipped';
  readonly value: Value;
  /** Where the step was done by someone else, who measured it. */
  readonly ms?: number;
  /** Why something was tried in vain, although the start went on; for the trace alone. */
  readonly reason?: string;
  /** What a function of the site returned, as JSON; for the trace alone. */
  readonly returned?: string;
}

export function done<Value>(value: Value, ms?: number): StepResult<Value> {
  return ms === undefined ? { state: 'done', value } : { state: 'done', value, ms };
}

export function skipped<Value>(value: Value): StepResult<Value> {
  return { state: 'skipped', value };
}

/** Adds what a function returned to what a step gives. */
export function withReturned<Value>(result: StepResult<Value>, returned: string): StepResult<Value> {
  return { ...result, returned };
}

const MAX_REASON = 2000;
const MAX_RETURNED = 1000;

/** What the person is told says little of why. */
const EXPLAINED: readonly string[] = ['function-failed', 'start-refused', 'run-as-failed'];

/** For the trace, which administrators read: with what lies behind a function that failed. */
function reasonFor(cause: unknown): string {
  if (!(cause instanceof CasementError)) return 'internal';
  if (!EXPLAINED.includes(cause.code) || !(cause.cause instanceof Error)) return cause.code;
  const behind = cause.cause.cause instanceof Error ? ` (${cause.cause.cause.message})` : '';
  return `${cause.code}: ${cause.cause.message}${behind}`;
}

function publicError(cause: unknown): ApiError {
  return (cause instanceof CasementError ? cause : new CasementError('internal')).toJSON();
}

/** To a tenth of a millisecond. */
const rounded = (ms: number) => Math.round(ms * 10) / 10;

export class StartTracker {
  readonly #deps: Pick<StartDeps, 'progress' | 'trace'>;
  readonly #startId: string;
  readonly #at = Date.now();
  readonly #steps: { step: StartStep; state: string; ms: number; reason?: string; returned?: string }[] = [];
  #sessionId: string | undefined;
  /** What is started and, where that is not the person's own, under which account; not known before step 2. */
  subject: StartSubject | undefined;
  /** What the person typed and nobody else is to read; see `secretsIn`. */
  secrets: readonly string[] = [];

  constructor(deps: Pick<StartDeps, 'progress' | 'trace'>, startId: string) {
    this.#deps = deps;
    this.#startId = startId;
  }

  /** From here on, progress names the session that is being started. */
  set sessionId(id: string) {
    this.#sessionId = id;
  }

  /** Runs one step. What it throws is reported, and thrown on. */
  async step<Value>(step: StartStep, run: () => Promise<StepResult<Value>> | StepResult<Value>): Promise<Value> {
    const began = performance.now();
    this.#tell(step, 'running');
    try {
      const { state, value, ms, reason, returned } = await run();
      const took = rounded(ms ?? performance.now() - began);
      const gave = returned === undefined ? {} : { returned: keptText(returned, this.secrets, MAX_RETURNED) };
      this.#steps.push(
        reason === undefined
          ? { step, state, ms: took, ...gave }
          : { step, state: 'failed', ms: took, reason: keptText(reason, this.secrets, MAX_REASON), ...gave },
      );
      this.#tell(step, state, { ms: took });
      return value;
    } catch (cause) {
      const took = rounded(performance.now() - began);
      this.#steps.push({
        step,
        state: 'failed',
        ms: took,
        reason: keptText(reasonFor(cause), this.secrets, MAX_REASON),
      });
      this.#tell(step, 'failed', { ms: took, error: publicError(cause) });
      throw cause;
    }
  }

  /** Keeps the trace. `outcome` is a stage, or the code of the error. */
  finish(outcome: string): void {
    const { trace } = this.#deps;
    const { subject } = this;
    const sessionId = this.#sessionId ?? null;
    const told = { startId: this.#startId, at: this.#at, sessionId, outcome, steps: this.#steps };
    trace(told, subject);
  }

  #tell(
    step: StartStep,
    state: 'running' | 'done' | 'skipped' | 'failed',
    more: { ms?: number; error?: ApiError } = {},
  ): void {
    const session = this.#sessionId === undefined ? {} : { sessionId: this.#sessionId };
    this.#deps.progress({ startId: this.#startId, ...session, step, state, ...more });
  }
}
