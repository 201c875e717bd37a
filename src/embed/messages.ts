/**
 * The messages between the viewer's frame and the page around it (contract section 4): envelope, names, bodies.
 *
 * A message is `{ msg, body }`, with `v: 1` from us. A question carries a `number` that its sender gave out; the answer
 * has the same `msg` and `number` and either `result` or `error`. `security.*` are answered with a `body`, as pages
 * written for the documented protocol do.
 */
import * as z from 'zod/mini';
import { ClientCommError, ClientCommType, MAX_DATA_BYTES } from '../contract/clientcomm.ts';
import { Role } from '../contract/session.ts';
import { ViewerUi } from '../contract/xrdp.ts';
import type { FROM_VIEWER } from './from-viewer.ts';

export const MESSAGE_VERSION = 1;

/** What every message looks like from outside; the body is checked by its name's own schema afterwards. */
export const Envelope = z.object({
  msg: z.string().check(z.minLength(1), z.maxLength(128)),
  body: z.optional(z.unknown()),
  v: z.optional(z.number()),
  /** Set: this is a question that is to be answered once, or the answer to one. */
  number: z.optional(z.int().check(z.minimum(1))),
  result: z.optional(z.unknown()),
  error: z.optional(ClientCommError),
  /** "Working on it": do not time out. */
  ack: z.optional(z.literal(true)),
  /** Beside the string body of `error` and `disconnect`: a code of the error catalogue. */
  code: z.optional(z.string()),
  /** Beside a forwarded ClientComm message: who sent it. */
  from: z.optional(z.string()),
});
export type Envelope = z.infer<typeof Envelope>;

const Empty = z.object({});
const Side = z.int().check(z.minimum(0), z.maximum(65535));
const Level = z.object({ min: z.optional(z.number()), max: z.optional(z.number()), current: z.optional(z.number()) });

/** Settings by their documented numbers, as strings; any of them may be there. */
export const Settings = z.object({
  /** Keyboard. */
  '1': z.optional(z.object({ layout: z.optional(z.number()), type: z.optional(z.number()) })),
  /** Geometry, in pixels. */
  '2': z.optional(z.object({ width: Side, height: Side })),
  /** Network autodetection. */
  '3': z.optional(z.object({ enabled: z.boolean() })),
  /** Compression. */
  '4': z.optional(Level),
  /** Frame rate. */
  '5': z.optional(Level),
  /** Frame window. */
  '6': z.optional(Level),
});
export type Settings = z.infer<typeof Settings>;

/** Where a viewer is. `nextAt` is in milliseconds since 1970, 0 while an attempt is under way. */
export const ViewerState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('loading') }),
  z.object({ state: z.literal('authenticating') }),
  z.object({ state: z.literal('connecting') }),
  z.object({ state: z.literal('connected') }),
  z.object({ state: z.literal('reconnecting'), attempt: z.number(), nextAt: z.number() }),
  z.object({ state: z.literal('disconnected'), code: z.string(), reason: z.string(), recoverable: z.boolean() }),
  z.object({ state: z.literal('ended'), exitCode: z.optional(z.nullable(z.number())), reason: z.optional(z.string()) }),
]);
export type ViewerState = z.infer<typeof ViewerState>;

/** How the desktop fits its element: the session follows, the picture is scaled, or neither. */
export const Scaling = z.enum(['remote', 'fit', 'none']);
export type Scaling = z.infer<typeof Scaling>;

/**
 * What the viewer says, by `msg`. Anything else from it is a ClientComm message of a type that it does not know. The
 * bodies' schemas are in `from-viewer.ts`, which the viewer itself need not load.
 */
const FROM_VIEWER_NAMES: { readonly [Name in keyof typeof FROM_VIEWER]: true } = {
  connected: true,
  error: true,
  disconnect: true,
  'security.password': true,
  'security.none': true,
  'settings.update': true,
  state: true,
  role: true,
  participants: true,
  resize: true,
  title: true,
  clipboard: true,
  stats: true,
  deadline: true,
  fullscreen: true,
};

/** What a parent answers to `security.password`: the ticket, and for a frame opened ahead of its session what it opens. */
export const PasswordAnswer = z.object({
  password: z.optional(z.string().check(z.maxLength(4096))),
  id: z.optional(z.string().check(z.maxLength(64))),
  username: z.optional(z.string()),
  geometry: z.optional(z.string()),
  serverId: z.optional(z.string()),
  role: z.optional(Role),
  ui: z.optional(ViewerUi),
});
export type PasswordAnswer = z.infer<typeof PasswordAnswer>;

/** Key combinations that a browser keeps for itself, by name. */
export const KeyCombo = z.enum([
  'ctrl-alt-delete',
  'ctrl-alt-backspace',
  'alt-f4',
  'alt-tab',
  'ctrl-w',
  'super',
  'print-screen',
  'escape',
]);
export type KeyCombo = z.infer<typeof KeyCombo>;

/** What a parent may ask, by `msg`; each is answered. */
export const FROM_PARENT = {
  'security.password': PasswordAnswer,
  'security.none': Empty,
  'settings.update': Settings,
  disconnect: z.optional(Empty),
  reconnect: z.optional(Empty),
  focus: z.optional(Empty),
  blur: z.optional(Empty),
  fullscreen: z.optional(z.object({ active: z.optional(z.boolean()) })),
  clipboard: z.object({ text: z.string().check(z.maxLength(16 * 1024 * 1024)) }),
  /** A named combination, or X keysyms that are pressed in this order and released in the opposite one. */
  keys: z.union([
    z.object({ combo: KeyCombo }),
    z.object({ keysyms: z.array(z.int().check(z.minimum(1), z.maximum(0x1fffffff))).check(z.maxLength(16)) }),
  ]),
  scaling: z.object({ mode: Scaling }),
  'role.request': z.object({ role: Role }),
  screenshot: z.optional(Empty),
  ticket: PasswordAnswer,
  /** To the session: `data` as text, or a value that is sent as JSON. */
  clientcomm: z.object({
    type: ClientCommType,
    data: z.union([z.string().check(z.maxLength(MAX_DATA_BYTES)), z.json()]),
  }),
} as const;

export type FromViewer = { [Name in keyof typeof FROM_VIEWER]: z.infer<(typeof FROM_VIEWER)[Name]> };
export type FromParent = { [Name in keyof typeof FROM_PARENT]: z.infer<(typeof FROM_PARENT)[Name]> };
export type FromViewerName = keyof FromViewer;
export type FromParentName = keyof FromParent;

export function isFromViewerName(msg: string): msg is FromViewerName {
  return Object.hasOwn(FROM_VIEWER_NAMES, msg);
}

export function isFromParentName(msg: string): msg is FromParentName {
  return Object.hasOwn(FROM_PARENT, msg);
}

/**
 * Whether a ClientComm type is spelled like a message of the viewer's own. Such a type is never forwarded, or a
 * program in the session could speak with the viewer's voice.
 */
export function isReservedType(type: string): boolean {
  return isFromViewerName(type) || isFromParentName(type);
}
