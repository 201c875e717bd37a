/** What the server, the runner process and its workers say to each other. Plain JSON, all of it. */
import type { FunctionFailure } from '../../src/contract/functions.ts';
import type { SandboxRun } from '../../src/sandbox/run.ts';

export type Job =
  | { readonly kind: 'run'; readonly id: number; readonly text: string; readonly input: string }
  /** Only looks whether the text is a function. */
  | { readonly kind: 'check'; readonly id: number; readonly text: string };

export type JobDone =
  | { readonly kind: 'run'; readonly id: number; readonly run: Omit<SandboxRun, 'spoilt'> }
  | { readonly kind: 'check'; readonly id: number; readonly failure: FunctionFailure | null };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** `spoilt`: this worker is not to be used again. */
  | { readonly kind: 'done'; readonly done: JobDone; readonly spoilt: boolean };

export function failedJob(job: Job, failure: FunctionFailure, ms: number): JobDone {
  return job.kind === 'check'
    ? { kind: 'check', id: job.id, failure }
    : { kind: 'run', id: job.id, run: { outcome: { state: 'failed', failure }, logs: [], ms } };
}
