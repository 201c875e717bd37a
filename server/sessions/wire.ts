/**
 * What host, link and the `clientcomm` program say to each other in JSON on a link's socket. The first frame of a
 * connection says what the connection is for; the link answers `welcome` or `error` and closes.
 */
import * as z from 'zod/mini';
import { RestartPolicy } from '../../src/contract/bookmark.ts';
import { ClientCommAnswer, ClientCommType } from '../../src/contract/clientcomm.ts';
import { ApiError } from '../../src/contract/errors.ts';
import {
  FILE_CALLS,
  FileFound,
  FilePath,
  FolderMade,
  IfExists,
  Listing,
  Upload,
  UploadBegun,
  UploadDone,
} from '../../src/contract/files.ts';
import { Params } from '../../src/contract/json.ts';
import { ProfileSettings } from '../../src/contract/profile.ts';
import { Deadline, Geometry, Role, Session, SessionId } from '../../src/contract/session.ts';
import { MAX_COMMAND } from '../../src/contract/start.ts';
import { ProcessIdentity } from './processes.ts';

/** Host and link of different versions refuse each other: after an update both run the same files again. */
export const LINK_VERSION = 6;

const ClientId = z.string().check(z.minLength(1), z.maxLength(128));

export const StreamClient = z.object({
  clientId: ClientId,
  login: z.string(),
  role: Role,
  ip: z.string(),
  /** May see and replace the session's clipboard, as far as role and profile allow; absent: may not. */
  clipboard: z.optional(z.boolean()),
});
export type StreamClient = z.infer<typeof StreamClient>;

/** Who wants something of a session's files. */
export const FileClient = z.object({ session: SessionId, login: z.string(), role: Role });
export type FileClient = z.infer<typeof FileClient>;

const Bytes = z.int().check(z.minimum(0));

/** The bytes of one file, or of a part of it: to the link for `write`, from it for `read`. */
export const FileStream = z.discriminatedUnion('way', [
  z.object({ way: z.literal('write'), upload: Upload, offset: Bytes }),
  z.object({ way: z.literal('read'), path: FilePath, tag: z.string(), offset: Bytes, length: Bytes }),
]);
export type FileStream = z.infer<typeof FileStream>;

export const LinkHello = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('control'), v: z.number(), token: z.string() }),
  z.object({
    kind: z.literal('stream'),
    v: z.number(),
    token: z.string(),
    session: SessionId,
    client: StreamClient,
    /** Merged into the session's params. */
    params: Params,
  }),
  z.object({ kind: z.literal('clientcomm'), v: z.number(), token: z.string() }),
  z.object({ kind: z.literal('file'), v: z.number(), token: z.string(), client: FileClient, stream: FileStream }),
]);
export type LinkHello = z.infer<typeof LinkHello>;

/** For a control connection with all sessions; each later change comes as a `session` frame. */
export const LinkWelcome = z.object({
  t: z.literal('welcome'),
  v: z.number(),
  pid: z.number(),
  sessions: z.optional(z.array(Session)),
});
export type LinkWelcome = z.infer<typeof LinkWelcome>;

export const StartCall = z.object({
  id: SessionId,
  name: z.string().check(z.maxLength(256)),
  command: z.string().check(z.minLength(1), z.maxLength(MAX_COMMAND)),
  geometry: Geometry,
  params: Params,
  profile: z.nullable(z.string()),
  /** The profile itself, which the session keeps. */
  limits: z.optional(ProfileSettings),
  keyboardLayout: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,32}$/)),
  login: z.string(),
  restart: z.optional(RestartPolicy),
  variables: z.optional(z.record(z.string(), z.string())),
  separate: z.optional(z.boolean()),
  job: z.optional(z.object({ scheduler: z.string().check(z.maxLength(64)), id: z.string().check(z.maxLength(256)) })),
});
export type StartCall = z.infer<typeof StartCall>;

export const ClientCommCall = z.object({
  id: SessionId,
  type: ClientCommType,
  data: z.string(),
  /** As `--clients` of the command line: a list with a comma, one client or role without, absent for all. */
  clients: z.optional(z.string()),
  timeoutMs: z.optional(z.number().check(z.minimum(0))),
});
export type ClientCommCall = z.infer<typeof ClientCommCall>;

/** A program, run as the link's user. What it prints comes as `output` frames while it runs. */
export const RunCall = z.object({
  argv: z.array(z.string().check(z.refine((word) => !word.includes('\0')))).check(z.minLength(1), z.maxLength(2048)),
  stdin: z.string(),
  env: z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/)), z.string()),
  timeoutMs: z.int().check(z.minimum(1), z.maximum(3_600_000)),
  /** Of both outputs together; what is beyond is read and dropped. */
  maxBytes: z.int().check(z.minimum(0), z.maximum(64 * 1024 * 1024)),
});
export type RunCall = z.infer<typeof RunCall>;

const One = z.object({ id: SessionId });

/** Hear what pages say to the session: once per connection, which is then told `ListenerFrame`s. */
export const ListenCall = z.object({ id: SessionId, type: z.optional(ClientCommType) });

/**
 * A server that may not open this link's socket, and that the link connects to instead. Handed over by `casement link`
 * with a token that is good once; the link then keeps a secret of its own for it.
 */
export const ServerAddress = z.object({
  /** Absolute path of the server's socket. */
  socket: z.string().check(z.startsWith('/'), z.maxLength(107)),
  /** Whom the folder of the socket has to belong to. */
  uid: z.int().check(z.minimum(0)),
});
export type ServerAddress = z.infer<typeof ServerAddress>;

export const ServerInvitation = z.extend(ServerAddress, {
  token: z.string().check(z.regex(/^[A-Za-z0-9_-]{32,128}$/)),
});
export type ServerInvitation = z.infer<typeof ServerInvitation>;

/** What is asked about files, apart from their bytes. */
export const FilesCall = z.object({
  client: FileClient,
  op: z.discriminatedUnion('do', [
    z.object({ do: z.literal('list'), path: FilePath }),
    z.object({ do: z.literal('begin'), upload: Upload }),
    z.object({ do: z.literal('finish'), upload: Upload, exists: z.optional(IfExists) }),
    z.object({ do: z.literal('cancel'), upload: Upload }),
    z.extend(FILE_CALLS.make.input, { do: z.literal('make') }),
    z.object({ do: z.literal('find'), path: FilePath }),
  ]),
});
export type FilesCall = z.infer<typeof FilesCall>;

/** What each of them answers with. */
export const FileResults = {
  list: Listing,
  begin: UploadBegun,
  finish: UploadDone,
  cancel: z.null(),
  make: FolderMade,
  find: FileFound,
} as const;

/** On a connection of kind `file`: from the host when all has been sent, from the link when all is done. */
export const FileEnd = z.object({ t: z.literal('end') });
export const FileDone = z.object({ t: z.literal('done'), bytes: z.number() });

const Secret = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/**
 * The first frame on a connection that the link makes to a server. If it is right, the server goes on as if it had made
 * the connection itself: with a `LinkHello`.
 */
export const LinkDial = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('control'), v: z.number(), secret: Secret, token: z.optional(z.string()) }),
  /** Asked for by the call `dial`. */
  z.object({ kind: z.literal('stream'), v: z.number(), nonce: z.string() }),
]);
export type LinkDial = z.infer<typeof LinkDial>;

/** Instead of a hello: this server does not know the link (any more). */
export const DialRefusal = z.object({ t: z.literal('refused') });

/** Questions on a control connection (all of them) and on one of kind `clientcomm` (`clients` and `clientcomm`). */
export const LinkRequest = z.discriminatedUnion('call', [
  z.object({ n: z.int(), call: z.literal('start'), input: StartCall }),
  z.object({ n: z.int(), call: z.literal('disconnect'), input: One }),
  z.object({ n: z.int(), call: z.literal('terminate'), input: One }),
  z.object({ n: z.int(), call: z.literal('purge'), input: One }),
  z.object({ n: z.int(), call: z.literal('params'), input: z.object({ id: SessionId, params: Params }) }),
  z.object({
    n: z.int(),
    call: z.literal('log'),
    input: z.object({ id: SessionId, bytes: z.int().check(z.minimum(0), z.maximum(1024 * 1024)) }),
  }),
  z.object({ n: z.int(), call: z.literal('extend'), input: One }),
  z.object({ n: z.int(), call: z.literal('clients'), input: One }),
  z.object({ n: z.int(), call: z.literal('clientcomm'), input: ClientCommCall }),
  z.object({ n: z.int(), call: z.literal('listen'), input: ListenCall }),
  z.object({ n: z.int(), call: z.literal('reply'), input: ClientCommAnswer }),
  z.object({ n: z.int(), call: z.literal('run'), input: RunCall }),
  z.object({ n: z.int(), call: z.literal('files'), input: FilesCall }),
  /** A session's directory was made, and its processes started, by another process of this user's: take it over. */
  z.object({ n: z.int(), call: z.literal('adopt'), input: One }),
  /** Whoever began a session in a job has started its command again there; `null`: it had ended at once. */
  z.object({
    n: z.int(),
    call: z.literal('begun'),
    input: z.object({ id: SessionId, app: z.nullable(ProcessIdentity) }),
  }),
  /** Connect to a server. Answered when that has said hello. */
  z.object({ n: z.int(), call: z.literal('serve'), input: ServerInvitation }),
  /** From a server that the link connected to: make one more connection, for a stream. */
  z.object({ n: z.int(), call: z.literal('dial'), input: z.object({ nonce: z.string() }) }),
]);
export type LinkRequest = z.infer<typeof LinkRequest>;

/** What each call answers with. */
export const CallResults = {
  start: Session,
  disconnect: z.null(),
  terminate: z.null(),
  purge: z.null(),
  params: Params,
  extend: Deadline,
  log: z.object({ log: z.string(), truncated: z.boolean() }),
  clientcomm: z.object({ delivered: z.number(), answer: z.optional(ClientCommAnswer) }),
  run: z.object({
    /** `null`: ended by a signal. */
    exitCode: z.nullable(z.number()),
    signal: z.nullable(z.string()),
    timedOut: z.boolean(),
    truncated: z.boolean(),
  }),
  /** Of the kind that `FileResults` names. */
  files: z.unknown(),
  adopt: Session,
  begun: z.null(),
  serve: z.null(),
  dial: z.null(),
} as const;
export type CallName = keyof typeof CallResults;
export type CallInput<Name extends CallName> = Extract<LinkRequest, { call: Name }>['input'];
export type CallResult<Name extends CallName> = z.infer<(typeof CallResults)[Name]>;

/** Link to host. On a stream only `error` and `bye` come, on a file's `error` and `done`, as frames of kind `link`. */
export const LinkFrame = z.discriminatedUnion('t', [
  LinkWelcome,
  z.object({ t: z.literal('error'), error: ApiError }),
  z.object({ t: z.literal('result'), n: z.number(), result: z.unknown() }),
  z.object({ t: z.literal('failure'), n: z.number(), error: ApiError }),
  /** Of the call `run` of this number. */
  z.object({ t: z.literal('output'), n: z.number(), stream: z.enum(['out', 'err']), text: z.string() }),
  z.object({ t: z.literal('session'), id: SessionId, session: z.nullable(Session) }),
  FileDone,
  z.object({ t: z.literal('bye'), reason: z.enum(['ended', 'kicked', 'closed', 'idle']) }),
]);
export type LinkFrame = z.infer<typeof LinkFrame>;
