/**
 * The functions by which a site decides about starts (contract section 3). Whoever implements this port gives what a
 * function returned as it is; the step that asked checks it, since a site's function may return anything.
 */
import type { Form } from '../../src/contract/form.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { StartData } from '../../src/contract/start.ts';

/** Asks for a choice among the servers. */
export const SERVERLIST = 'SERVERLIST';

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

export interface StartFunctions {
  /** Falsy: go on. A form or a form's id: ask it. `SERVERLIST`: ask for a server. */
  formFilter(input: FormFilterInput): Promise<unknown>;
  /** Falsy: no form. Else some of `input.servers`. */
  serverList(input: ServerListInput): Promise<unknown>;
  /** `null`: start now. */
  schedule(input: ScheduleInput): Promise<unknown>;
  /** The input, changed or not. */
  startEvent(input: EventInput): Promise<unknown>;
  /** A `serverId`. */
  loadBalancing(input: LoadBalancingInput): Promise<unknown>;
}
