/** What the steps of a start are given. */
import type { Answers, Field, FieldProblem } from '../../src/contract/form.ts';
import type { Params } from '../../src/contract/json.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { Bookmark } from '../../src/contract/bookmark.ts';
import type { StartProgress } from '../../src/contract/start.ts';
import type { Auth, Caller } from '../auth/port.ts';
import type { StartFunctions } from '../functions/port.ts';
import type { Seats, SessionServers } from '../policy/port.ts';
import type { Scheduling } from '../schedule/port.ts';
import type { StartTrace, Store } from '../store/port.ts';

/** Profiles as a start needs them. */
export type Profiles = Pick<Store['profiles'], 'get' | 'ownDefault'>;

/** The server's own check of a form's answers, from its own copy of the form. */
export type CheckAnswers = (
  fields: readonly Field[],
  answers: Answers,
) => { readonly params: Params; readonly problems: readonly FieldProblem[] };

/** What an administrator wants to know of a start. */
export interface StartSubject {
  readonly command: string;
  readonly runAs: string | null;
}

export interface StartDeps {
  readonly auth: Pick<Auth, 'refuses' | 'runAs'>;
  readonly forms: Pick<Store['forms'], 'get'>;
  readonly profiles: Profiles;
  readonly functions: StartFunctions;
  readonly scheduling: Scheduling;
  readonly checkAnswers: CheckAnswers;
  /** One that the caller can start; `undefined` also for one that is there and not for them. */
  readonly bookmark: (id: string) => Promise<Bookmark | undefined>;
  readonly servers: () => readonly ServerInfo[];
  readonly localServerId: string;
  /** `undefined`: it is not reached from here. */
  readonly server: SessionServers['get'];
  readonly seats: Pick<Seats, 'limited' | 'take'>;
  readonly progress: (progress: StartProgress) => void;
  /** `subject`: absent where the start ended before it was known. */
  readonly trace: (trace: Omit<StartTrace, 'login'>, subject?: StartSubject) => void;
  /** The cause of a failed function, for the log. */
  readonly warn: (cause: unknown, message: string) => void;
}

export interface StartCall {
  readonly caller: Caller;
  readonly data: unknown;
  /** Chosen by the client, so that a page knows its own start among several. */
  readonly startId: string;
  readonly ip: string;
  /** What the person typed and nobody else is to read (`secretsIn`); known once the call has been received. */
  readonly secrets?: readonly string[];
}
