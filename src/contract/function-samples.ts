/**
 * An input of each kind to try a function on, and a text to begin one with. The texts do what happens without them, so
 * publishing one unchanged changes nothing.
 */
import type { FunctionName } from './functions.ts';
import type { JsonValue } from './json.ts';

const user = { login: 'ada', sub: 'ada' };
const who = { user, isAdmin: false, isManager: false, userGroups: ['ada', 'gpu'] };

const form: JsonValue = {
  id: 'resources',
  name: 'Resources',
  html: '<label for="minRam">Memory</label><input id="minRam" name="minRam" type="number" data-type="number">',
  version: 1,
  fields: [{ name: 'minRam', type: 'number', dataType: 'number', required: false, multiple: false, constraints: {} }],
};

const data: { [key: string]: JsonValue } = {
  command: 'xterm',
  geometry: '1280x800',
  name: 'Terminal',
  params: { minRam: 1 },
  forms: [],
  answered: [],
  keyboardLayout: 'us',
};

const server = (serverId: string, sessions: number, freeGiB: number, start: boolean): JsonValue => ({
  serverId,
  id: serverId,
  serverPool: '',
  hostname: `${serverId}.example.org`,
  url: `https://${serverId}.example.org`,
  cpu: 16,
  freemem: freeGiB * 2 ** 30,
  totalmem: 64 * 2 ** 30,
  loggedInUsers: sessions,
  sessions,
  uptime: 86400,
  loadavg: [0.5, 0.4, 0.3],
  accepts: { login: true, start },
  staticData: {},
});
const servers = [server('one', 3, 20, true), server('two', 1, 8, true), server('three', 0, 60, false)];

export const SAMPLE_INPUTS: Readonly<Record<FunctionName, JsonValue>> = {
  'form-filter': { ...who, data: { ...data, params: {}, forms: ['resources'] }, forms: [form], staticData: {} },
  'server-list': { ...who, servers },
  schedule: { user, admin: false, isAdmin: false, userGroups: who.userGroups, start: data, data },
  'start-event': { action: 'start', login: 'ada', data },
  'schedule-event': { action: 'schedule', login: 'ada', data },
  'load-balancing': { action: 'session/start', user, local: 'one', servers, data },
};

export const SAMPLE_TEXTS: Readonly<Record<FunctionName, string>> = {
  'form-filter': `async function (input) {
  // A form, the id of one, 'SERVERLIST', or nothing to go on.
  return input.forms[0];
}
`,
  'server-list': `async function (input) {
  // Some of input.servers, or nothing to let load balancing choose.
  return input.servers;
}
`,
  schedule: `async function (input) {
  // null to start now, or a command template such as 'sbatch --wrap \${ start.command }'.
  return null;
}
`,
  'start-event': `async function (input) {
  // The input, changed or not. What is thrown is told to the person who starts.
  return input;
}
`,
  'schedule-event': `async function (input) {
  // The input, changed or not. What is thrown is told to the person who starts.
  return input;
}
`,
  'load-balancing': `async function (input) {
  const chosen = input.data.serverId || (input.data.params || {}).serverId;
  if (chosen) return chosen;
  const open = input.servers.filter((server) => server.accepts.start);
  const [first] = (open.length > 0 ? open : input.servers).sort((a, b) => a.sessions - b.sessions);
  return first && first.serverId;
}
`,
};
