/**
 * What `input` holds for each function: one table for what is suggested, what is remarked, and the help beside the
 * editor. The sentences are the texts `functions.docs.SHAPE.MEMBER`.
 */
import type { FunctionName } from '../../../contract/functions.ts';

export interface Member {
  /** As a person reads it, when it is no shape of the table. */
  readonly type: string;
  readonly shape?: ShapeName;
  /** An array of them. */
  readonly list?: boolean;
}

export type ShapeName = 'user' | 'start' | 'form' | 'field' | 'server' | 'accepts' | 'answered';
export type Shape = Readonly<Record<string, Member>>;

const text: Member = { type: 'string' };
const number: Member = { type: 'number' };
const boolean: Member = { type: 'boolean' };
const texts: Member = { type: 'string', list: true };
/** Whatever a person or a site put into it. */
const anything: Member = { type: 'object' };
const of = (shape: ShapeName): Member => ({ type: shape, shape });
const listOf = (shape: ShapeName): Member => ({ type: shape, shape, list: true });

export const SHAPES: Readonly<Record<ShapeName, Shape>> = {
  user: { login: text, sub: text },
  start: {
    command: text,
    geometry: text,
    name: text,
    params: anything,
    forms: texts,
    answered: listOf('answered'),
    profile: text,
    bookmarkId: text,
    serverId: text,
    keyboardLayout: text,
    id: text,
  },
  answered: { id: text, version: number },
  form: { id: text, name: text, html: text, version: number, fields: listOf('field') },
  field: {
    name: text,
    type: text,
    dataType: text,
    required: boolean,
    multiple: boolean,
    label: text,
    options: { type: 'object', list: true },
    constraints: anything,
  },
  server: {
    serverId: text,
    id: text,
    serverPool: text,
    hostname: text,
    url: text,
    cpu: number,
    freemem: number,
    totalmem: number,
    loggedInUsers: number,
    sessions: number,
    uptime: number,
    loadavg: { type: 'number', list: true },
    accepts: of('accepts'),
    staticData: anything,
  },
  accepts: { login: boolean, start: boolean },
};

const who: Shape = { user: of('user'), isAdmin: boolean, admin: boolean, isManager: boolean, userGroups: texts };
const event: Shape = { action: text, login: text, data: of('start'), start: of('start'), session: anything };

export const INPUTS: Readonly<Record<FunctionName, Shape>> = {
  'form-filter': { ...who, data: of('start'), start: of('start'), forms: listOf('form'), staticData: anything },
  'server-list': { ...who, servers: listOf('server') },
  schedule: { ...who, start: of('start'), data: of('start') },
  'start-event': event,
  'schedule-event': event,
  'load-balancing': {
    action: text,
    user: of('user'),
    local: text,
    servers: listOf('server'),
    data: of('start'),
    start: of('start'),
  },
};

/** How a member's type is written. */
export function typeText({ type, list }: Member): string {
  return list === true ? `${type}[]` : type;
}

/** What a function may call besides the language itself; the sentences are `functions.docs.helpers.NAME`. */
export const HELPERS = ['log', 'pick', 'quote'] as const;

/** Shapes that an input leads to, in the order in which they are met. */
export function shapesOf(name: FunctionName): ShapeName[] {
  const met = new Set<ShapeName>();
  const visit = (shape: Shape) => {
    for (const { shape: inner } of Object.values(shape)) {
      if (inner === undefined || met.has(inner)) continue;
      met.add(inner);
      visit(SHAPES[inner]);
    }
  };
  visit(INPUTS[name]);
  return [...met];
}
