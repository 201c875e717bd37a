/**
 * Calls of functions, each in a context that nobody has used before: JSON in, JSON out, and no way to anything else.
 * Blocks its thread. What the engine's own limits do not stop is stopped by ending that thread (`WALL_MS`).
 *
 * There is one context, made once, and for each call the engine's whole memory is put back to what it was then: less than
 * a tenth of the time that a new context takes, and nothing that a call did is left in anything the engine uses.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten-core';
import {
  FunctionCause,
  MAX_FUNCTION_INPUT,
  MAX_FUNCTION_RESULT,
  type FunctionFailure,
  type FunctionOutcome,
} from '../contract/functions.ts';
import { MOST_MEMORY, type Engine } from './engine.ts';
import { MemoryImage, type Memory } from './image.ts';
import { LOG_LINE, LOG_LINES, MESSAGE, SOFT_MS, STACK_BYTES } from './limits.ts';
import { PRELUDE } from './prelude.ts';
import { plainText, readResult } from './result.ts';

export interface SandboxRun {
  readonly outcome: FunctionOutcome;
  readonly logs: string[];
  readonly ms: number;
  /** The engine was stopped in the middle of something, or has grown; use a new one for the next call. */
  readonly spoilt: boolean;
}

/** The name by which stacks call a function's text. */
const FILE = 'function.js';
/** Microtasks between two looks at the clock. */
const JOBS = 1000;
/** Bytes of memory. It grows by a twentieth at least, and where that is more than is left, it is full. */
const FULL = MOST_MEMORY * 0.9;

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

/** Everything that a call finds, made once. No handle is disposed of: those of a call go when its memory is put back. */
export class Sandbox {
  readonly #now: () => number;
  readonly #runtime: QuickJSRuntime;
  readonly #vm: QuickJSContext;
  readonly #call: QuickJSHandle;
  readonly #describe: QuickJSHandle;
  readonly #memory: Memory;
  readonly #initial: number;
  readonly #image: MemoryImage;
  /** Of the call that runs, or ran last. */
  #logs: string[] = [];
  #until = Number.POSITIVE_INFINITY;
  #interrupted = false;

  /** `now` in milliseconds. The engine is this one's alone. @throws Error when the engine is not what it was built for */
  constructor(engine: Engine, now: () => number) {
    this.#now = now;
    const runtime = engine.newRuntime();
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => {
      this.#interrupted ||= now() > this.#until;
      return this.#interrupted;
    });
    const vm = runtime.newContext();
    this.#runtime = runtime;
    this.#vm = vm;
    // Their handles are kept: a function that nobody holds is forgotten on this side of the engine, where nothing is put back.
    vm.setProp(
      vm.global,
      '__emit',
      vm.newFunction('log', (line) => this.#log(vm.getString(line))),
    );
    vm.setProp(
      vm.global,
      '__random',
      vm.newFunction('random', () => vm.newNumber(Math.random())),
    );
    vm.setProp(vm.global, '__limit', vm.newNumber(MAX_FUNCTION_RESULT));
    const prelude = vm.unwrapResult(vm.evalCode(PRELUDE, 'casement.js'));
    this.#call = vm.getProp(prelude, 'call');
    this.#describe = vm.getProp(prelude, 'describe');
    this.#memory = engine.getWasmMemory();
    this.#initial = this.#memory.buffer.byteLength;
    this.#image = new MemoryImage(this.#memory);
  }

  /** Runs the function of `text` on `input`, which is JSON. */
  run(text: string, input: string): SandboxRun {
    // UTF-8 may need three bytes a character; the exact figure is only worth knowing near the limit.
    if (input.length * 3 > MAX_FUNCTION_INPUT && new TextEncoder().encode(input).length > MAX_FUNCTION_INPUT) {
      const failure = failureOf('input-too-large', `more than ${MAX_FUNCTION_INPUT} bytes`);
      return { outcome: { state: 'failed', failure }, logs: [], ms: 0, spoilt: false };
    }
    return this.#fresh(() => readResult(this.#result(text, input)));
  }

  /** Whether the text is a function at all. Runs none of it but the expression itself. */
  check(text: string): { failure: FunctionFailure | null; spoilt: boolean } {
    const { outcome, spoilt } = this.#fresh(() => {
      this.#compile(text);
      return { state: 'returned', result: null };
    });
    return { failure: outcome.state === 'failed' ? outcome.failure : null, spoilt };
  }

  #fresh(work: () => FunctionOutcome): SandboxRun {
    const began = this.#now();
    this.#image.restore();
    this.#logs = [];
    this.#interrupted = false;
    this.#until = began + SOFT_MS;
    let outcome: FunctionOutcome;
    let spoilt = false;
    try {
      outcome = work();
    } catch (cause) {
      if (cause instanceof Failed) {
        outcome = { state: 'failed', failure: cause.failure };
      } else {
        spoilt = true;
        const message = cause instanceof Error ? cause.message : String(cause);
        outcome = { state: 'failed', failure: failureOf('engine', message) };
      }
    }
    // What is beside the memory, such as the stack's pointer, is not put back; and memory never shrinks.
    spoilt ||=
      this.#interrupted ||
      this.#memory.buffer.byteLength > this.#initial ||
      (outcome.state === 'failed' && ['memory', 'stack', 'time'].includes(outcome.failure.cause));
    return { outcome, logs: this.#logs, ms: this.#now() - began, spoilt };
  }

  #log(line: string): void {
    if (this.#logs.length < LOG_LINES) this.#logs.push(plainText(line, LOG_LINE));
    else if (this.#logs.length === LOG_LINES) this.#logs.push('…');
  }

  /** @throws Failed */
  #take(result: ReturnType<QuickJSContext['evalCode']>, otherwise: FunctionCause): QuickJSHandle {
    if (!result.error) return result.value;
    throw this.#stopped(result.error, otherwise);
  }

  #stopped(error: QuickJSHandle, otherwise: FunctionCause): Failed {
    if (this.#interrupted) return new Failed(failureOf('time', `more than ${SOFT_MS} ms`));
    return new Failed(engineError(this.#vm, error, otherwise));
  }

  /** Evaluates to the function, without calling it. @throws Failed */
  #compile(text: string): QuickJSHandle {
    const vm = this.#vm;
    const fn = this.#take(vm.evalCode(expression(text), FILE, { type: 'global' }), 'threw');
    if (vm.typeof(fn) !== 'function') throw new Failed(failureOf('not-a-function', `a value of type ${vm.typeof(fn)}`));
    return fn;
  }

  /** As JSON. @throws Failed */
  #result(text: string, input: string): string {
    const vm = this.#vm;
    const fn = this.#compile(text);
    const promise = this.#take(vm.callFunction(this.#call, vm.undefined, fn, vm.newString(input)), 'engine');
    this.#settle();
    const state = vm.getPromiseState(promise);
    if (state.type === 'pending') {
      throw new Failed(failureOf('never-settled', 'the promise that was returned never settles'));
    }
    if (state.type === 'rejected') throw this.#stopped(state.error, 'engine');
    if (this.#text(state.value, 'ending') === 'returned') return this.#text(state.value, 'value');
    throw this.#described(state.value);
  }

  /** Cause, message and stack of what was thrown, by code of ours inside the engine: it may be any value. */
  #described(ending: QuickJSHandle): Failed {
    const vm = this.#vm;
    const [cause, thrown] = [vm.getProp(ending, 'ending'), vm.getProp(ending, 'value')];
    // So full that there was no room for an error.
    if (vm.eq(thrown, vm.null) && this.#memory.buffer.byteLength > FULL) {
      return new Failed(failureOf('memory', 'out of memory'));
    }
    const described = this.#take(vm.callFunction(this.#describe, vm.undefined, cause, thrown), 'engine');
    const known = FunctionCause.safeParse(this.#text(described, 'cause')).data ?? 'engine';
    return new Failed(failureOf(known, this.#text(described, 'message'), this.#text(described, 'stack')));
  }

  #text(of: QuickJSHandle, name: string): string {
    const value = this.#vm.getProp(of, name);
    return this.#vm.typeof(value) === 'string' ? this.#vm.getString(value) : '';
  }

  /** @throws Failed */
  #settle(): void {
    while (this.#runtime.hasPendingJob()) {
      const result = this.#runtime.executePendingJobs(JOBS);
      if (result.error) throw this.#stopped(result.error, 'engine');
      if (this.#now() > this.#until) throw new Failed(failureOf('time', `more than ${SOFT_MS} ms`));
    }
  }
}
