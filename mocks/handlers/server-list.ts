/** The choice among servers, as after `SERVERLIST`: three made-up machines, of which one takes no sessions. */
import { CasementError } from '../../src/contract/errors.ts';
import type { Form, ServerChoice } from '../../src/contract/form.ts';
import type { StartData } from '../../src/contract/start.ts';
import { SERVER_FORM_ID, serverForm } from '../../src/forms/fields/index.ts';
import { SERVER_ID } from './world.ts';

const GIB = 1024 ** 3;

function machine(serverId: string, hostname: string, sessions: number, load: number, start = true): ServerChoice {
  return {
    serverId,
    serverPool: 'demo',
    hostname,
    cpu: 16,
    freemem: Math.round((1 - load / 16) * 64 * GIB),
    totalmem: 64 * GIB,
    loggedInUsers: Math.ceil(sessions / 2),
    sessions,
    loadavg: [load, load, load],
    accepts: { start },
  };
}
const MACHINES: readonly ServerChoice[] = [
  machine(SERVER_ID, 'demo.example', 3, 1.2),
  machine('demo-second', 'larch.demo.example', 11, 9.4),
  machine('demo-third', 'closed.demo.example', 0, 0, false),
];

/** The form to ask, or `undefined` once it is answered. @throws CasementError `server-unknown` */
export function serverList(data: StartData): Form | undefined {
  if (data.answered?.some(({ id }) => id === SERVER_FORM_ID)) {
    const chosen = MACHINES.find(({ serverId }) => serverId === data.params?.['serverId']);
    if (!chosen?.accepts.start) throw new CasementError('server-unknown', { details: { field: 'serverId' } });
    return undefined;
  }
  return serverForm(MACHINES, SERVER_ID);
}

export const isServerList = (id: string): boolean => id === SERVER_FORM_ID;
