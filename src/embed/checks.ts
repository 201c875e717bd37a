/**
 * The checks of `messages.ts` by hand, for what the viewer says. A page that embeds a viewer should not have to load a
 * schema library for fifteen messages; a test puts the same values through both.
 */
import type { Envelope, FromViewer, FromViewerName } from './types.ts';

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isBoolean: Check = (value) => typeof value === 'boolean';
const isNull: Check = (value) => value === null;
const isRecord: Check = (value) => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.hasOwn(Object(prototype), 'isPrototypeOf');
};
const isInt =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
const isText =
  (most: number): Check =>
  (value) =>
    typeof value === 'string' && value.length >= 1 && value.length <= most;
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const maybe = (check: Check): Check => either(check, (value) => value === undefined);
/** Members that are not named may be anything. */
const shape =
  (members: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(members).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const isError = shape({ name: isString, message: maybe(isString) });
const isEnvelopeShape = shape({
  msg: isText(128),
  v: maybe(isNumber),
  number: maybe(isInt(1)),
  error: maybe(isError),
  ack: maybe(oneOf(true)),
  code: maybe(isString),
  from: maybe(isString),
});

const isRole = oneOf('master', 'controller', 'viewer', 'inactive', 'master-viewer');
const side = isInt(0, 65535);
const level = maybe(shape({ min: maybe(isNumber), max: maybe(isNumber), current: maybe(isNumber) }));
const sized = shape({ width: isNumber, height: isNumber });
const only = (state: string, more: Record<string, Check> = {}) => shape({ state: oneOf(state), ...more });

const CHECKS: { readonly [Name in FromViewerName]: Check } = {
  connected: shape({ id: isString, width: isNumber, height: isNumber, role: maybe(isRole) }),
  error: isString,
  disconnect: isString,
  'security.password': shape({}),
  'security.none': shape({}),
  'settings.update': shape({
    '1': maybe(shape({ layout: maybe(isNumber), type: maybe(isNumber) })),
    '2': maybe(shape({ width: side, height: side })),
    '3': maybe(shape({ enabled: isBoolean })),
    '4': level,
    '5': level,
    '6': level,
  }),
  state: either(
    only('loading'),
    only('authenticating'),
    only('connecting'),
    only('connected'),
    only('reconnecting', { attempt: isNumber, nextAt: isNumber }),
    only('disconnected', { code: isString, reason: isString, recoverable: isBoolean }),
    only('ended', { exitCode: maybe(either(isNumber, isNull)), reason: maybe(isString) }),
  ),
  role: shape({ role: isRole }),
  participants: shape({
    clients: listOf(shape({ id: isString, login: isString, role: isRole, connected: isNumber, ip: maybe(isString) })),
  }),
  resize: sized,
  title: shape({ title: isString }),
  clipboard: shape({ text: isString }),
  stats: isRecord,
  deadline: either(isNull, shape({ at: isNumber, reason: isString, extendable: isBoolean })),
  fullscreen: shape({ active: isBoolean }),
};

export function isEnvelope(value: unknown): value is Envelope {
  return isEnvelopeShape(value);
}

export function isFromViewerName(msg: string): msg is FromViewerName {
  return Object.hasOwn(CHECKS, msg);
}

export function isBody<Name extends FromViewerName>(name: Name, body: unknown): body is FromViewer[Name] {
  return CHECKS[name](body);
}
