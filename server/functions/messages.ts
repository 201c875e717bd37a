/**
 * What the server, the runner process and its threads say to each other. Calls and answers go straight between the server
 * and a thread, by a socket that is this thread's alone, a line of JSON each; the process's main thread only starts
 * threads and ends them.
 */
import type { FunctionFailure } from '../../src/contract/functions.ts';
import type { SandboxRun } from '../../src/sandbox/run.ts';

/** Enough for one bad function of a kind to hold up nobody else; a thread costs some 10 MiB, and only once it is needed. */
export const LANES = 4;
/** The descriptor of the first lane's socket in the runner; before it are the standard ones and the channel. */
export const FIRST_LANE_FD = 4;

/** `id` is a positive integer of 31 bits. */
export type Job =
  | { readonly kind: 'run'; readonly id: number; readonly text: string; readonly input: string }
  /** Only looks whether the text is a function. */
  | { readonly kind: 'check'; readonly id: number; readonly text: string };

export type JobDone =
  | { readonly kind: 'run'; readonly id: number; readonly run: Omit<SandboxRun, 'spoilt'> }
  | { readonly kind: 'check'; readonly id: number; readonly failure: FunctionFailure | null };

/** By a lane's socket. */
export type FromThread =
  | { readonly kind: 'ready' }
  /** `spoilt`: this thread ends now. */
  | { readonly kind: 'done'; readonly done: JobDone; readonly spoilt: boolean };

/** By the channel of the process. */
export type ToRunner =
  | { readonly kind: 'open'; readonly lane: number }
  /** Ends the lane's thread if it has been busy with this job for too long, and does nothing otherwise. */
  | { readonly kind: 'end'; readonly lane: number; readonly id: number };

/**
 * A lane's thread is gone. `failure`: why, where that was not its own doing, and of the job it was busy with, if it was;
 * null where it ended after an answer, which may still be on its way, since it goes another.
 */
export interface FromRunner {
  readonly kind: 'ended';
  readonly lane: number;
  readonly failure: FunctionFailure | null;
}

export function failedJob(job: Job, failure: FunctionFailure, ms: number): JobDone {
  return job.kind === 'check'
    ? { kind: 'check', id: job.id, failure }
    : { kind: 'run', id: job.id, run: { outcome: { state: 'failed', failure }, logs: [], ms } };
}
