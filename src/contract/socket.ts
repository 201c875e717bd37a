/**
 * The viewer's WebSocket, `/ws/session/:id`. Binary frames are RFB, untouched. Text frames are one JSON object each,
 * told apart by `t`; what is over `MAX_TEXT_FRAME` characters travels in parts (`parts.ts`).
 *
 * The first frame is the viewer's `hello`; the server answers `welcome` or `error` and closes. After `welcome`, RFB
 * begins with the server's greeting. Unknown `t` are ignored by both sides, so that one may be newer than the other.
 */
import * as z from 'zod/mini';
import { Allowances } from './allowances.ts';
import { ApiError } from './errors.ts';
import { ClipServerFrames, ClipViewerFrames } from './clipboard.ts';
import { ClientCommAnswer, ClientCommMessage } from './clientcomm.ts';
import { KeyboardLayout, MAX_TYPED } from './keyboard.ts';
import { FilesGrant } from './files-grant.ts';
import { MAX_PARTS } from './parts.ts';
import { Deadline, Role, SessionClient } from './session.ts';

export const SOCKET_VERSION = 1;
/** WebSocket close codes of ours; the reason is a code of the error catalogue. */
export const CLOSE_REFUSED = 4000;
export const CLOSE_ENDED = 4001;
export const CLOSE_KICKED = 4002;
/** The link or the session server went away; a viewer reconnects by itself. */
export const CLOSE_LOST = 4003;

/** A text message carried in parts: `i` counts from 0 to `n - 1`; at most two parts are unacknowledged. */
export const Part = z.object({
  t: z.literal('part'),
  id: z.int(),
  i: z.int().check(z.minimum(0)),
  n: z.int().check(z.minimum(1), z.maximum(MAX_PARTS)),
  text: z.string(),
});
export type Part = z.infer<typeof Part>;
export const PartAck = z.object({ t: z.literal('part.ack'), id: z.int(), i: z.int() });

export const Hello = z.object({
  t: z.literal('hello'),
  v: z.number(),
  /** Exactly one of `ticket` (first time), `resume` (after F5 or a lost connection). */
  ticket: z.optional(z.string()),
  resume: z.optional(z.string()),
  clientVersion: z.optional(z.string()),
  /** The origin of the page that embeds the viewer, where the browser told it. */
  parentOrigin: z.optional(z.string()),
});
export type Hello = z.infer<typeof Hello>;

/**
 * Viewer to server. `clientcomm` is a message to the session, `answer` answers one that came, `extend` puts the deadline
 * off that was last sent; what comes of it is a new `deadline`. `keyboard` says which layout the keys of this viewer have;
 * the answer goes to all. `type` is text that no key has, typed before whatever follows on the connection. `screen` and
 * `window` count from whoever is in control.
 */
export const ViewerFrame = z.discriminatedUnion('t', [
  Hello,
  z.object({ t: z.literal('clientcomm'), message: ClientCommMessage }),
  z.object({ t: z.literal('answer'), answer: ClientCommAnswer }),
  z.object({ t: z.literal('ping'), at: z.number() }),
  z.object({ t: z.literal('extend') }),
  ...ClipViewerFrames,
  z.object({ t: z.literal('keyboard'), layout: KeyboardLayout }),
  z.object({ t: z.literal('type'), text: z.string().check(z.maxLength(MAX_TYPED)) }),
  z.object({
    t: z.literal('screen'),
    /** Session pixels to one of the page's; text is to be drawn as much larger. What is absurd is held within bounds. */
    scale: z.number().check(z.positive()),
    /** What a session without a desktop has behind its windows: `#rrggbb`. */
    ground: z.optional(z.string().check(z.regex(/^#[0-9a-f]{6}$/))),
  }),
  z.object({ t: z.literal('window'), id: z.int(), action: z.enum(['raise', 'close']) }),
  Part,
  PartAck,
]);
export type ViewerFrame = z.infer<typeof ViewerFrame>;

export const Welcome = z.object({
  t: z.literal('welcome'),
  v: z.number(),
  clientId: z.string(),
  role: Role,
  /** For the next connection; the one before stays good for 30 s. */
  resume: z.string(),
  session: z.object({
    id: z.string(),
    name: z.string(),
    windowMode: z.enum(['desktop', 'rootless']),
    deadline: z.optional(Deadline),
    allows: z.optional(Allowances),
  }),
  /** Present where files may be transferred, in the directions it names. The key is good for this connection. */
  files: z.optional(FilesGrant),
  /** Origins that may embed the viewer, so that it knows to whom it may speak. */
  parents: z.array(z.string()),
});
export type Welcome = z.infer<typeof Welcome>;

/** A window of a session without a desktop, as whoever is in control may choose it. */
export const SessionWindow = z.object({ id: z.int(), title: z.string(), active: z.boolean() });
export type SessionWindow = z.infer<typeof SessionWindow>;

/**
 * Server to viewer. `cancel` takes back a query that somebody else has answered. `keyboard` says which layout the session
 * has been given, `null` when the wished one could not be had: physical keys mean what they should only with one's own.
 */
export const ServerFrame = z.discriminatedUnion('t', [
  Welcome,
  z.object({ t: z.literal('clientcomm'), message: ClientCommMessage }),
  z.object({ t: z.literal('answer'), answer: ClientCommAnswer }),
  z.object({ t: z.literal('cancel'), number: z.number() }),
  z.object({ t: z.literal('role'), role: Role }),
  z.object({ t: z.literal('deadline'), deadline: Deadline }),
  z.object({ t: z.literal('keyboard'), layout: z.nullable(KeyboardLayout) }),
  z.object({ t: z.literal('participants'), clients: z.array(SessionClient) }),
  /** Of rootless sessions only, and only to whoever is in control. In the order in which they were opened. */
  z.object({ t: z.literal('windows'), windows: z.array(SessionWindow) }),
  z.object({ t: z.literal('ended'), exitCode: z.nullable(z.number()), reason: z.string() }),
  z.object({ t: z.literal('error'), error: ApiError }),
  z.object({ t: z.literal('pong'), at: z.number() }),
  ...ClipServerFrames,
  Part,
  PartAck,
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
