/**
 * One call of one function, in a context of its own that ends with it: JSON in, JSON out, and no way to anything else.
 * Blocks its thread. What the engine's own limits do not stop is stopped by ending that thread (`WALL_MS`).
 */
import { Scope, type QuickJSContext, type QuickJSHandle, type QuickJSRuntime } from 'quickjs-emscripten-core';
import {
  FunctionCause,
  MAX_FUNCTION_INPUT,
  MAX_FUNCTION_RESULT,
  type FunctionFailure,
  type FunctionOutcome,
} from '../contract/functions.ts';
import type { Engine } from './engine.ts';
import { LOG_LINE, LOG_LINES, MEMORY_BYTES, MESSAGE, SOFT_MS, STACK_BYTES } from './limits.ts';
import { DESCRIBE, HELPERS, mayUseHelpers, PRELUDE } from './prelude.ts';
import { plainText, readResult } from './result.ts';

export interface SandboxRun {
  readonly outcome: FunctionOutcome;
  readonly logs: string[];
  readonly ms: number;
  /** The engine may have been left in disorder; use a new one for the next call. */
  readonly spoilt: boolean;
}

/** The name by which stacks call a function's text. */
const FILE = 'function.js';
/** Microtasks between two looks at the clock. */
const JOBS = 1000;

class Failed extends Error {
  readonly failure: FunctionFailure;
  constructor(failure: FunctionFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The text as one parenthesised expression on the lines it was written on; a final semicolon is forgiven. */
const expression = (text: string) => `(${text.replace(/[\s;]+$/, '')}\n)`;

/** The first place of a stack that lies in the function's own text. */
function placeOf(stack: string): { line?: number; column?: number } {
  const [, line, column] = /\bfunction\.js:(\d+)(?::(\d+))?/.exec(stack) ?? [];
  if (line === undefined) return {};
  // The bracket before the first line is not the author's.
  const shift = line === '1' ? 1 : 0;
  return { line: Number(line), ...(column === undefined ? {} : { column: Math.max(1, Number(column) - shift) }) };
}

function failureOf(cause: FunctionCause, message: string, stack = ''): FunctionFailure {
  return {
    cause,
    message: plainText(message),
    ...placeOf(stack),
    ...(stack.trim() === '' ? {} : { stack: plainText(stack, 2 * MESSAGE) }),
  };
}

/** What was thrown, where it is not the function's own throw: while compiling, or by the engine itself. */
function engineError(vm: QuickJSContext, error: QuickJSHandle, otherwise: FunctionCause): FunctionFailure {
  const own = (name: string) => {
    const value = vm.getProp(error, name);
    const text = vm.typeof(value) === 'string' ? vm.getString(value) : '';
    value.dispose();
    return text;
  };
  if (vm.typeof(error) !== 'object') return failureOf(otherwise, String(vm.dump(error)));
  const [name, message, stack] = [own('name'), own('message'), own('stack')];
  if (name === 'InternalError' && message === 'out of memory') return failureOf('memory', message, stack);
  if (name === 'InternalError' && message === 'stack overflow') return failureOf('stack', message, stack);
  return failureOf(name === 'SyntaxError' ? 'syntax' : otherwise, message, stack);
}

class Call {
  readonly logs: string[] = [];
  readonly #runtime: QuickJSRuntime;
  readonly #until: number;
  readonly #now: () => number;
  interrupted = false;

  constructor(runtime: QuickJSRuntime, now: () => number) {
    this.#runtime = runtime;
    this.#now = now;
    this.#until = now() + SOFT_MS;
    runtime.setMemoryLimit(MEMORY_BYTES);
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => {
      this.interrupted ||= now() > this.#until;
      return this.interrupted;
    });
  }

  #log(line: string): void {
    if (this.logs.length < LOG_LINES) this.logs.push(plainText(line, LOG_LINE));
    else if (this.logs.length === LOG_LINES) this.logs.push('…');
  }

  /** @throws Failed */
  #take(vm: QuickJSContext, scope: Scope, result: ReturnType<QuickJSContext['evalCode']>, otherwise: FunctionCause) {
    if (!result.error) return scope.manage(result.value);
    throw this.#stopped(vm, scope.manage(result.error), otherwise);
  }

  #stopped(vm: QuickJSContext, error: QuickJSHandle, otherwise: FunctionCause): Failed {
    if (this.interrupted) return new Failed(failureOf('time', `more than ${SOFT_MS} ms`));
    return new Failed(engineError(vm, error, otherwise));
  }

  /** Evaluates to the function, without calling it. @throws Failed */
  compile(vm: QuickJSContext, scope: Scope, text: string): QuickJSHandle {
    const fn = this.#take(vm, scope, vm.evalCode(expression(text), FILE, { type: 'global' }), 'threw');
    if (vm.typeof(fn) !== 'function') throw new Failed(failureOf('not-a-function', `a value of type ${vm.typeof(fn)}`));
    return fn;
  }

  /** Defines the helpers and gives the prelude's `call`. @throws Failed */
  prepare(vm: QuickJSContext, scope: Scope, text: string): QuickJSHandle {
    if (mayUseHelpers(text)) {
      const emit = scope.manage(vm.newFunction('log', (line) => this.#log(vm.getString(line))));
      vm.setProp(vm.global, '__emit', emit);
      this.#take(vm, scope, vm.evalCode(HELPERS, 'casement.js'), 'engine');
    }
    vm.setProp(vm.global, '__limit', scope.manage(vm.newNumber(MAX_FUNCTION_RESULT)));
    return this.#take(vm, scope, vm.evalCode(PRELUDE, 'casement.js'), 'engine');
  }

  /** @throws Failed */
  run(vm: QuickJSContext, scope: Scope, text: string, input: string): string {
    const call = this.prepare(vm, scope, text);
    const fn = this.compile(vm, scope, text);
    const json = scope.manage(vm.newString(input));
    const promise = this.#take(vm, scope, vm.callFunction(call, vm.undefined, fn, json), 'engine');
    this.#settle(vm, scope);
    const state = vm.getPromiseState(promise);
    if (state.type === 'pending') {
      throw new Failed(failureOf('never-settled', 'the promise that was returned never settles'));
    }
    if (state.type === 'rejected') throw this.#stopped(vm, scope.manage(state.error), 'engine');
    const settled = scope.manage(state.value);
    const part = (of: QuickJSHandle, index: number) => {
      const value = scope.manage(vm.getProp(of, index));
      return vm.typeof(value) === 'string' ? vm.getString(value) : '';
    };
    const ending = part(settled, 0);
    if (ending === 'returned') return part(settled, 1);
    const described = this.#describe(vm, scope, settled);
    throw new Failed(failureOf(FunctionCause.parse(part(described, 0)), part(described, 1), part(described, 2)));
  }

  /** Cause, message and stack of what was thrown, by code of ours inside the engine: it may be any value. @throws Failed */
  #describe(vm: QuickJSContext, scope: Scope, ending: QuickJSHandle): QuickJSHandle {
    const describe = this.#take(vm, scope, vm.evalCode(DESCRIBE, 'casement.js'), 'engine');
    const cause = scope.manage(vm.getProp(ending, 0));
    const thrown = scope.manage(vm.getProp(ending, 1));
    return this.#take(vm, scope, vm.callFunction(describe, vm.undefined, cause, thrown), 'engine');
  }

  /** @throws Failed */
  #settle(vm: QuickJSContext, scope: Scope): void {
    while (this.#runtime.hasPendingJob()) {
      const result = this.#runtime.executePendingJobs(JOBS);
      if (result.error) {
        throw this.#stopped(vm, scope.manage(result.error), 'engine');
      }
      if (this.#now() > this.#until) throw new Failed(failureOf('time', `more than ${SOFT_MS} ms`));
    }
  }
}

/** `now` in milliseconds. */
function inContext(
  engine: Engine,
  now: () => number,
  work: (call: Call, vm: QuickJSContext, scope: Scope) => FunctionOutcome,
): SandboxRun {
  const began = now();
  let call: Call | undefined;
  let outcome: FunctionOutcome = { state: 'failed', failure: failureOf('engine', 'did not start') };
  let spoilt = false;
  try {
    const runtime = engine.newRuntime();
    call = new Call(runtime, now);
    const vm = runtime.newContext();
    const scope = new Scope();
    try {
      outcome = work(call, vm, scope);
    } catch (cause) {
      if (!(cause instanceof Failed)) throw cause;
      outcome = { state: 'failed', failure: cause.failure };
    }
    // A context that was stopped in the middle may still hold what it was working on.
    spoilt =
      call.interrupted || (outcome.state === 'failed' && ['memory', 'stack', 'time'].includes(outcome.failure.cause));
    if (!spoilt) {
      scope.dispose();
      vm.dispose();
      runtime.dispose();
    }
  } catch (cause) {
    spoilt = true;
    outcome = { state: 'failed', failure: failureOf('engine', cause instanceof Error ? cause.message : String(cause)) };
  }
  return { outcome, logs: call?.logs ?? [], ms: now() - began, spoilt };
}

/** Runs the function of `text` on `input`, which is JSON. */
export function runFunction(engine: Engine, text: string, input: string, now: () => number): SandboxRun {
  // UTF-8 may need three bytes a character; the exact figure is only worth knowing near the limit.
  if (input.length * 3 > MAX_FUNCTION_INPUT && new TextEncoder().encode(input).length > MAX_FUNCTION_INPUT) {
    const failure = failureOf('input-too-large', `more than ${MAX_FUNCTION_INPUT} bytes`);
    return { outcome: { state: 'failed', failure }, logs: [], ms: 0, spoilt: false };
  }
  return inContext(engine, now, (call, vm, scope) => readResult(call.run(vm, scope, text, input)));
}

/** Whether the text is a function at all. Runs none of it but the expression itself. */
export function checkFunction(engine: Engine, text: string, now: () => number): FunctionFailure | null {
  const { outcome } = inContext(engine, now, (call, vm, scope) => {
    call.prepare(vm, scope, text);
    call.compile(vm, scope, text);
    return { state: 'returned', result: null };
  });
  return outcome.state === 'failed' ? outcome.failure : null;
}
