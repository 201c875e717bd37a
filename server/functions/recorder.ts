/**
 * What functions were asked and what they gave, kept for trying. Nobody waits for it: what came in the meantime is written
 * together, the newest of each kind, since writing one by itself costs more than the call it came from.
 */
import { setImmediate } from 'node:timers/promises';
import { INPUTS_KEPT, type FunctionName, type FunctionOutcome } from '../../src/contract/functions.ts';
import { keptText } from '../../src/contract/kept-text.ts';
import type { FunctionLibrary, NewInput } from '../store/port.ts';
import { redact } from './redact.ts';

/** Milliseconds for which what came first waits for more. Whoever looks has it written at once. */
const GATHER_MS = 500;
/** Characters of all inputs that wait. */
const WAITING = 4 * 1024 * 1024;

export interface Seen {
  readonly login: string;
  /** The input, as JSON. */
  readonly text: string;
  readonly outcome: FunctionOutcome;
  readonly ms: number;
  /** Texts that are not to be kept; see `FunctionCaller`. */
  readonly secrets: readonly string[];
}

export interface RecorderOptions {
  readonly library: Pick<FunctionLibrary, 'record'>;
  readonly failed: (cause: unknown) => void;
}

/** As it is kept: the result may quote what the input had. */
export function redactedOutcome(outcome: FunctionOutcome, secrets: readonly string[]): FunctionOutcome {
  if (outcome.state === 'returned') return { state: 'returned', result: redact(outcome.result, secrets) ?? null };
  const { message, stack, ...failure } = outcome.failure;
  const kept = (text: string) => keptText(text, secrets, text.length);
  return {
    state: 'failed',
    failure: { ...failure, message: kept(message), ...(stack === undefined ? {} : { stack: kept(stack) }) },
  };
}

/** Undefined: too large to keep. */
function keepable({ login, text, outcome, ms, secrets }: Seen): NewInput | undefined {
  const input = redact(JSON.parse(text), secrets);
  return input === undefined ? undefined : { login, input, outcome: redactedOutcome(outcome, secrets), ms };
}

/** Of which the oldest is missed least. Gives an empty one only where all are. */
function longest(lists: Iterable<Seen[]>): Seen[] {
  return [...lists].reduce((most, one) => (one.length > most.length ? one : most), []);
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #waiting = new Map<FunctionName, Seen[]>();
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** With the next that are written. */
  add(name: FunctionName, seen: Seen): void {
    if (seen.text.length > WAITING) return;
    const list = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, list);
    list.push(seen);
    this.#size += seen.text.length;
    if (list.length > INPUTS_KEPT) this.#drop(list);
    while (this.#size > WAITING) this.#drop(longest(this.#waiting.values()));
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** At once, for whoever refers to it. Null: too large to keep. */
  async record(name: FunctionName, seen: Seen): Promise<number | null> {
    const input = keepable(seen);
    if (!input) return null;
    const [id] = await this.#options.library.record(name, [input]);
    return id ?? null;
  }

  /** When all that came so far is written. What cannot be is told, and not tried again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const all = [...this.#waiting];
    this.#waiting.clear();
    this.#size = 0;
    this.#writing = this.#writing.then(async () => {
      for (const [name, seen] of all) {
        try {
          const inputs: NewInput[] = [];
          for (const one of seen) {
            const input = keepable(one);
            if (input) inputs.push(input);
            // Large ones take a while, and somebody else may be waiting for something small.
            await setImmediate();
          }
          if (inputs.length > 0) await this.#options.library.record(name, inputs);
        } catch (cause) {
          this.#options.failed(cause);
        }
      }
    });
    return this.#writing;
  }

  #drop(list: Seen[]): void {
    this.#size -= list.shift()?.text.length ?? 0;
  }
}
