/** A dry run in the browser: with the engine of the server, in a worker that is ended after a second. */
import type { FunctionOutcome } from '../../../contract/functions.ts';
import { WALL_MS } from '../../../sandbox/limits.ts';
// oxlint-disable-next-line import/default -- the bundler makes its address of it
import workerUrl from './dry-run-worker.ts?worker&url';

export interface ToDryRun {
  readonly text: string;
  /** JSON. */
  readonly input: string;
}

export interface Ran {
  readonly outcome: FunctionOutcome;
  readonly logs: string[];
  readonly ms: number;
}

export type FromDryRun =
  /** The engine is there; the second begins with the call. */
  { readonly type: 'ready' } | ({ readonly type: 'ran' } & Ran) | { readonly type: 'broken'; readonly message: string };

export type StartWorker = () => Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
const trustedTypes = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
/** The portal's pages take a script's address only from a policy that they name; this one knows this address alone. */
const policy = trustedTypes?.createPolicy('casement-dry-run', { createScriptURL: () => workerUrl });

const startWorker: StartWorker = () =>
  new Worker(policy ? policy.createScriptURL(workerUrl) : workerUrl, { type: 'module', name: 'casement-dry-run' });

/** Never rejects: what goes wrong is an outcome. */
export function runInBrowser(text: string, input: string, start: StartWorker = startWorker): Promise<Ran> {
  return new Promise((resolve) => {
    const worker = start();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (ran: Ran) => {
      clearTimeout(timer);
      worker.terminate();
      resolve(ran);
    };
    const fail = (cause: 'time' | 'engine', message: string, ms = 0) =>
      end({ outcome: { state: 'failed', failure: { cause, message } }, logs: [], ms });
    worker.addEventListener('error', (event) => fail('engine', event.message));
    worker.addEventListener('message', ({ data }: MessageEvent<FromDryRun>) => {
      if (data.type === 'broken') return fail('engine', data.message);
      if (data.type === 'ran') return end({ outcome: data.outcome, logs: data.logs, ms: data.ms });
      timer = setTimeout(() => fail('time', `more than ${WALL_MS} ms`, WALL_MS), WALL_MS);
      const call: ToDryRun = { text, input };
      return worker.postMessage(call);
    });
  });
}
