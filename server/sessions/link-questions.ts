/** Calls to a link on its control connection: each goes with a number, under which its answers come back. */
import type { Socket } from 'node:net';
import { CasementError } from '../../src/contract/errors.ts';
import { encodeText } from './frames.ts';
import { fromApiError } from './link-client.ts';
import type { OnOutput } from './run.ts';
import { type CallInput, type CallName, type CallResult, CallResults, type LinkFrame } from './wire.ts';

interface Question {
  resolve(result: unknown): void;
  reject(error: Error): void;
  output?: OnOutput | undefined;
}

export type Answer = Extract<LinkFrame, { t: 'output' | 'result' | 'failure' }>;

export class LinkQuestions {
  readonly #open = new Map<number, Question>();
  #next = 1;

  /** Rejects with the link's `CasementError`; with `link-failed` when it is dropped, or answered with something else. */
  async ask<Name extends CallName>(
    socket: Socket,
    name: Name,
    input: CallInput<Name>,
    output?: OnOutput,
  ): Promise<CallResult<Name>> {
    const n = this.#next++;
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#open.set(n, { resolve, reject, output });
      socket.write(encodeText(JSON.stringify({ n, call: name, input })));
    });
    const parsed = CallResults[name].safeParse(result);
    if (!parsed.success) throw new CasementError('link-failed', { cause: parsed.error });
    return parsed.data as CallResult<Name>;
  }

  answer(frame: Answer): void {
    const question = this.#open.get(frame.n);
    if (frame.t === 'output') {
      question?.output?.(frame.stream, frame.text);
      return;
    }
    this.#open.delete(frame.n);
    if (frame.t === 'result') question?.resolve(frame.result);
    else question?.reject(fromApiError(frame.error));
  }

  /** Nobody is left who would answer. */
  drop(): void {
    for (const question of this.#open.values()) question.reject(new CasementError('link-failed'));
    this.#open.clear();
  }
}
