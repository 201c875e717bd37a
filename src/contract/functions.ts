/**
 * The functions by which a site decides about starts (contract section 3), as administrators write them. Every save is
 * a revision; one that was published has a version as well, and decides from then on. There is one of each kind, and it
 * is called by the name of its kind.
 */
import * as z from 'zod/mini';
import { JsonValue } from './json.ts';

export const FUNCTION_NAMES = [
  'form-filter',
  'server-list',
  'schedule',
  'start-event',
  'schedule-event',
  'load-balancing',
] as const;
export const FunctionName = z.enum(FUNCTION_NAMES);
export type FunctionName = z.infer<typeof FunctionName>;

/** Characters of a function's text. A longer one is a program, and belongs into an executable. */
export const MAX_FUNCTION_TEXT = 256 * 1024;
/** Bytes of the input as JSON: what the largest forms need, with room to spare. */
export const MAX_FUNCTION_INPUT = 10 * 1024 * 1024;
/** Bytes of the result as JSON. */
export const MAX_FUNCTION_RESULT = 256 * 1024;
/** Inputs of real starts that are kept for each function. */
export const INPUTS_KEPT = 50;
/** Differences between live and shadow that are kept for each function. */
export const DIFFERENCES_KEPT = 50;

/** What decides where nothing else does. `default` is all there is, except for load balancing. */
export const BuiltIn = z.enum(['default', 'fewest-sessions', 'most-memory', 'round-robin']);
export type BuiltIn = z.infer<typeof BuiltIn>;

export const LOAD_BALANCING_CHOICES = [
  'fewest-sessions',
  'most-memory',
  'round-robin',
] as const satisfies readonly BuiltIn[];

export const FunctionBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('built-in'), choice: BuiltIn }),
  /** The text of one function expression: `async function (input) { … }` or `(input) => …`. */
  z.object({ kind: z.literal('javascript'), text: z.string().check(z.maxLength(MAX_FUNCTION_TEXT)) }),
  /** A program that is given the input as JSON and prints the result as JSON. */
  z.object({
    kind: z.literal('executable'),
    /** Absolute. It gets no arguments, so no shell ever reads this. */
    path: z.string().check(z.maxLength(4096), z.regex(/^\/[^\0\n]*$/)),
    /** As the account of the server, or as the one who starts. */
    as: z.enum(['service', 'user']),
  }),
]);
export type FunctionBody = z.infer<typeof FunctionBody>;

/** Why a call gave no result. The codes are explained in the guide to functions. */
export const FUNCTION_CAUSES = [
  'syntax',
  'not-a-function',
  'threw',
  'time',
  'memory',
  'stack',
  'never-settled',
  'result-not-json',
  'result-too-large',
  'input-too-large',
  'engine',
  'executable',
] as const;
export const FunctionCause = z.enum(FUNCTION_CAUSES);
export type FunctionCause = z.infer<typeof FunctionCause>;

/** For administrators only: it may quote the function's text and what it threw. */
export const FunctionFailure = z.object({
  cause: FunctionCause,
  /** What the engine, the function or the program said of it. */
  message: z.string(),
  /** Both from 1, in the function's own text. */
  line: z.optional(z.number()),
  column: z.optional(z.number()),
  stack: z.optional(z.string()),
});
export type FunctionFailure = z.infer<typeof FunctionFailure>;

export const FunctionOutcome = z.discriminatedUnion('state', [
  /** `undefined` is told as `null`. */
  z.object({ state: z.literal('returned'), result: JsonValue }),
  z.object({ state: z.literal('failed'), failure: FunctionFailure }),
]);
export type FunctionOutcome = z.infer<typeof FunctionOutcome>;

/** What a step of a start says about a result that it cannot use; `null` where it can. */
export const ResultProblem = z.enum([
  'not-a-form',
  'form-unknown',
  'form-unusable',
  'not-a-list',
  'server-unknown',
  'server-closed',
  'not-start-data',
  'not-a-template',
  'not-a-server',
]);
export type ResultProblem = z.infer<typeof ResultProblem>;

/** One run that started nothing. */
export const FunctionRun = z.object({
  outcome: FunctionOutcome,
  problem: z.nullable(ResultProblem),
  /** What it logged, a line an entry, clipped. */
  logs: z.array(z.string()),
  ms: z.number(),
});
export type FunctionRun = z.infer<typeof FunctionRun>;

/** One save of a function, without its text. */
export const FunctionRevision = z.object({
  revision: z.number(),
  /** `null`: was saved, and never published. */
  version: z.nullable(z.number()),
  kind: z.enum(['built-in', 'javascript', 'executable']),
  /** Milliseconds since 1970. */
  at: z.number(),
  by: z.string(),
  publishedAt: z.nullable(z.number()),
  publishedBy: z.nullable(z.string()),
});
export type FunctionRevision = z.infer<typeof FunctionRevision>;

export const AdminFunctionSummary = z.object({
  name: FunctionName,
  /** Of the newest revision; 0 where nothing was ever saved. */
  revision: z.number(),
  /** The version that decides; `null`: none, so the built-in behaviour does. */
  published: z.nullable(z.number()),
  /** What decides now. */
  live: z.enum(['built-in', 'javascript', 'executable']),
  /** Whether something has been saved that is not published. */
  draft: z.boolean(),
  /** Milliseconds since 1970; 0 where nothing was ever saved. */
  at: z.number(),
  by: z.string(),
  /** The revision that runs beside the live one. */
  shadow: z.nullable(z.number()),
});
export type AdminFunctionSummary = z.infer<typeof AdminFunctionSummary>;

export const AdminFunction = z.object({
  ...AdminFunctionSummary.shape,
  /** Of the newest revision. */
  body: FunctionBody,
  /** What is wrong with it before it ever runs; it can be saved, and not be published. */
  failure: z.nullable(FunctionFailure),
  /** Newest first. */
  revisions: z.array(FunctionRevision),
});
export type AdminFunction = z.infer<typeof AdminFunction>;

/** With `function-conflict`: what somebody else has saved in the meantime. */
export const FunctionConflict = z.object({ function: AdminFunction });
export type FunctionConflict = z.infer<typeof FunctionConflict>;
/** With `function-unusable`: why. */
export const FunctionRefusal = z.object({ failure: FunctionFailure });
export type FunctionRefusal = z.infer<typeof FunctionRefusal>;

/** `revision`: the one it is based on, 0 for the first, so that nobody overwrites what they have not seen. */
export const SaveFunction = z.object({ body: FunctionBody, revision: z.int() });

/** A given text, or a saved revision; neither: what is live. */
export const DryRun = z.object({
  body: z.optional(FunctionBody),
  revision: z.optional(z.int()),
  input: JsonValue,
});
export type DryRun = z.infer<typeof DryRun>;

/** An input of a real start. What looks like a secret by its name is masked, long strings are clipped. */
export const RecordedInput = z.object({
  id: z.number(),
  at: z.number(),
  login: z.string(),
  /** What the live function made of it then. */
  state: z.enum(['returned', 'failed']),
  ms: z.number(),
});
export type RecordedInput = z.infer<typeof RecordedInput>;

export const RecordedInputWithData = z.object({ ...RecordedInput.shape, input: JsonValue, outcome: FunctionOutcome });
export type RecordedInputWithData = z.infer<typeof RecordedInputWithData>;

export const SetShadow = z.object({ revision: z.nullable(z.int()) });

export const ShadowDifference = z.object({
  id: z.number(),
  at: z.number(),
  /** The recorded input, as long as it is kept. */
  input: z.nullable(z.number()),
  live: FunctionOutcome,
  shadow: FunctionOutcome,
});
export type ShadowDifference = z.infer<typeof ShadowDifference>;

/** How a revision has done beside the live one. */
export const ShadowReport = z.object({
  revision: z.nullable(z.number()),
  /** Milliseconds since 1970. */
  since: z.nullable(z.number()),
  runs: z.number(),
  /** Runs with another result than the live one; a run that failed where the live one did not is one of them. */
  different: z.number(),
  /** Runs that gave no result. */
  failed: z.number(),
  /** Runs that were left out because too many were under way. */
  skipped: z.number(),
  /** Newest first, not all of them. */
  differences: z.array(ShadowDifference),
});
export type ShadowReport = z.infer<typeof ShadowReport>;
