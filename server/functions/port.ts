/**
 * The functions by which a site decides about starts (contract section 3). Whoever implements this port gives what a
 * function returned as it is; the step that asked checks it, since a site's function may return anything.
 */
import type { Form } from '../../src/contract/form.ts';
import type {
  FunctionBody,
  FunctionFailure,
  FunctionName,
  FunctionRun,
  RecordedInput,
} from '../../src/contract/functions.ts';
import type { JsonValue } from '../../src/contract/json.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { StartData } from '../../src/contract/start.ts';
import type { UnixUser } from '../sessions/port.ts';

export { SERVERLIST } from '../../src/contract/function-results.ts';

/** Who starts: an executable may be run as them. */
export interface FunctionCaller {
  readonly login: string;
  readonly user: UnixUser;
  /** Texts that are to stand in nothing that is kept of the call, the longest first. */
  readonly secrets?: readonly string[];
}

/** A function gave no result. The failure is for administrators, but for what an event threw. */
export class FunctionError extends Error {
  readonly failure: FunctionFailure;

  constructor(name: FunctionName, failure: FunctionFailure) {
    const line = failure.line === undefined ? '' : ` (line ${failure.line})`;
    super(`the ${name} function: ${failure.cause}: ${failure.message}${line}`);
    this.name = 'FunctionError';
    this.failure = failure;
  }
}

interface Who {
  readonly user: { readonly login: string; readonly sub: string };
  readonly isAdmin: boolean;
  readonly isManager: boolean;
  readonly userGroups: readonly string[];
}

/** Both spellings of the documents, as contract section 3 says. */
export interface FormFilterInput extends Who {
  readonly data: StartData;
  readonly forms: readonly Form[];
  readonly staticData: unknown;
}

export interface ServerListInput extends Who {
  readonly servers: readonly ServerInfo[];
}

export interface ScheduleInput {
  readonly user: Who['user'];
  readonly admin: boolean;
  readonly isAdmin?: boolean;
  readonly isManager?: boolean;
  readonly userGroups?: readonly string[];
  readonly start: StartData;
  readonly data: StartData;
}

export interface EventInput {
  readonly action: 'start' | 'schedule';
  readonly login: string;
  readonly data: StartData;
}

export interface LoadBalancingInput {
  readonly action: 'session/start';
  readonly user: Who['user'];
  readonly local: string;
  readonly servers: readonly ServerInfo[];
  readonly data: StartData;
}

/** @throws FunctionError from each of them */
export interface StartFunctions {
  /** Falsy: go on. A form or a form's id: ask it. `SERVERLIST`: ask for a server. */
  formFilter(input: FormFilterInput, by?: FunctionCaller): Promise<unknown>;
  /** Falsy: no form. Else some of `input.servers`. */
  serverList(input: ServerListInput, by?: FunctionCaller): Promise<unknown>;
  /** `null`: start now. */
  schedule(input: ScheduleInput, by?: FunctionCaller): Promise<unknown>;
  /** The input, changed or not. */
  startEvent(input: EventInput, by?: FunctionCaller): Promise<unknown>;
  /** The same for what a scheduler gets. Exactly one of the two runs at a start. */
  scheduleEvent(input: EventInput, by?: FunctionCaller): Promise<unknown>;
  /** A `serverId`. */
  loadBalancing(input: LoadBalancingInput, by?: FunctionCaller): Promise<unknown>;
}

/** A program that is run as somebody else, with bounds on what it prints and how long it takes. */
export interface ProgramCall {
  /** Absolute path and arguments; never read by a shell. */
  readonly argv: readonly [string, ...string[]];
  readonly stdin: string;
  readonly timeoutMs: number;
  /** Bytes of what it prints, on each of both. */
  readonly maxOutput: number;
}

export interface ProgramEnd {
  /** `null`: a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What ended it early. */
  readonly stopped?: 'time' | 'output';
}

/** Runs a program as the person, through the process that owns their sessions. @throws where that cannot be */
export type RunAsUser = (user: UnixUser, call: ProgramCall) => Promise<ProgramEnd>;

/** For those who write functions. */
export interface FunctionDesk {
  /** What is wrong with it before it ever runs. */
  check(body: FunctionBody): Promise<FunctionFailure | null>;
  /** Runs it and starts nothing. `undefined`: what decides now. */
  dryRun(
    name: FunctionName,
    body: FunctionBody | undefined,
    input: JsonValue,
    by: FunctionCaller,
  ): Promise<Omit<FunctionRun, 'problem'>>;
  /** What real starts have brought so far, newest first. */
  inputs(name: FunctionName): Promise<RecordedInput[]>;
}
