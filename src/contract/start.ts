/** Starting a session: the data that goes round the form loop, and what comes back (contract section 2). */
import * as z from 'zod/mini';
import { ApiError } from './errors.ts';
import { Form } from './form.ts';
import { Params } from './json.ts';
import { SshStage } from './login.ts';
import { Geometry, Session, SessionId } from './session.ts';

/** A command line is one string given to `sh -c`; longer than this no shell history would show it. */
export const MAX_COMMAND = 16384;
/** Past this many forms in one start the client gives up (`form-loop`). */
export const MAX_FORMS = 32;

/**
 * With the start data of a start that was answered with the stage `login`: it goes on from there, and nothing else of
 * the data is looked at again.
 */
export const StartLogin = z.object({
  authtoken: z.string().check(z.maxLength(128)),
  answers: z.array(z.string().check(z.maxLength(8192))).check(z.maxLength(64)),
});
export type StartLogin = z.infer<typeof StartLogin>;

export const StartData = z.object({
  command: z.string().check(z.minLength(1), z.maxLength(MAX_COMMAND)),
  geometry: Geometry,
  name: z.optional(z.string().check(z.maxLength(256))),
  params: z.optional(Params),
  forms: z.optional(z.array(z.string()).check(z.maxLength(MAX_FORMS))),
  answered: z.optional(z.array(z.object({ id: z.string(), version: z.number() })).check(z.maxLength(MAX_FORMS))),
  profile: z.optional(z.string()),
  bookmarkId: z.optional(z.string()),
  serverId: z.optional(z.string()),
  keyboardLayout: z._default(z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{1,32}$/))), 'us'),
  login: z.optional(StartLogin),
});
/** After validation: defaults filled in. */
export type StartData = z.output<typeof StartData>;
/** As a client may send it. */
export type StartRequest = z.input<typeof StartData>;

/** The fourteen steps, in order, by the names used in progress, logs and traces. */
export const START_STEPS = [
  'receive',
  'permission',
  'form-filter',
  'server-list',
  'schedule',
  'event',
  'load-balancing',
  'send',
  'enabled',
  'link',
  'sudo',
  'ssh',
  'seats',
  'session',
] as const;
export const StartStep = z.enum(START_STEPS);
export type StartStep = z.infer<typeof StartStep>;

export const StartResult = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('form'), form: Form, forms: z.array(z.string()) }),
  z.object({ stage: z.literal('started'), session: Session }),
  /** The session server asks something before it lets the start go on; the answers come as `login` of the start data. */
  z.object({ stage: z.literal('login'), login: SshStage }),
  z.object({ stage: z.literal('scheduled'), output: z.string(), session: z.optional(Session) }),
]);
export type StartResult = z.infer<typeof StartResult>;

/**
 * Pushed while a start runs, one for each step that begins or ends. `startId` is chosen by the client and sent as
 * the `X-Start-Id` header, so that the page knows its own start among several, and so that a call that is sent again
 * because its answer was lost starts nothing twice: the same id with the same data has the same outcome.
 */
export const StartProgress = z.object({
  startId: z.string(),
  sessionId: z.optional(SessionId),
  step: StartStep,
  state: z.enum(['running', 'done', 'skipped', 'failed']),
  /** Milliseconds this step took; absent while it runs. */
  ms: z.optional(z.number()),
  error: z.optional(ApiError),
});
export type StartProgress = z.infer<typeof StartProgress>;
