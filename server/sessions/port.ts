/**
 * What the rest of the server knows of sessions. Behind it: one link process a user, found or started, spoken to over
 * a unix socket. Nobody outside this room knows that.
 */
import type { Readable, Writable } from 'node:stream';
import type { Client } from 'ssh2';
import type { RestartPolicy } from '../../src/contract/bookmark.ts';
import type { ClientCommAnswer, ClientCommMessage } from '../../src/contract/clientcomm.ts';
import type {
  FileFound,
  FolderMade,
  IfExists,
  Listing,
  Upload,
  UploadBegun,
  UploadDone,
} from '../../src/contract/files.ts';
import type { Params } from '../../src/contract/json.ts';
import type { SshStage } from '../../src/contract/login.ts';
import type { ProfileSettings } from '../../src/contract/profile.ts';
import type { Deadline, Role, Session } from '../../src/contract/session.ts';
import type { StartStep } from '../../src/contract/start.ts';

/** A Unix account of this machine. */
export interface UnixUser {
  readonly login: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** What the link is told to start. The id is chosen by the caller, so that progress can be tied to it. */
export interface SessionStart {
  readonly id: string;
  readonly name: string;
  readonly command: string;
  readonly geometry: string;
  readonly params: Params;
  readonly profile: string | null;
  /** The profile itself, as it is now: the session keeps it. Absent: no limits. */
  readonly limits?: ProfileSettings;
  readonly keyboardLayout: string;
  /** Whether the command is started again when it has ended; default: never. */
  readonly restart?: RestartPolicy;
  /** More variables for the command, over all but those of its display; kept nowhere. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whose the session is, where that is somebody else than the account under which it runs. */
  readonly owner?: string;
  /** What the command prints goes to files of its own, for whoever hands it on, and not to the session's log. */
  readonly separate?: boolean;
  /** The job of a scheduler that it runs in. */
  readonly job?: { readonly scheduler: string; readonly id: string };
}

/** Resolves with what the person answered, one string a prompt. Rejects when they gave up, or took too long. */
export type AskPerson = (stage: SshStage) => Promise<readonly string[]>;

/** A program to run as a user on the session server: no shell reads its arguments. */
export interface RunRequest {
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** Over the user's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** It is ended when it takes longer. */
  readonly timeoutMs: number;
  /** Of what it prints, on both outputs together; what is beyond is dropped. */
  readonly maxBytes: number;
  /** Told as it comes. */
  readonly onOutput?: (stream: 'out' | 'err', text: string) => void;
}

export interface RunResult {
  /** Both outputs, as they came. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
  /** 128 and the number of the signal, as shells say it, where one ended it. */
  readonly exitCode: number;
  readonly timedOut: boolean;
  readonly truncated: boolean;
}

export interface StartObserver {
  /** Called as each of the steps `link`, `sudo`, `ssh`, `session` begins and ends; with why, where it failed. */
  step(step: StartStep, state: 'running' | 'done' | 'skipped' | 'failed', ms?: number, error?: Error): void;
  /** Called once the link is there, before anything of the session is begun. What it rejects with ends the start. */
  readonly ready?: () => Promise<void>;
  /** Puts questions of the session server's to the person; absent where nobody is there to answer. */
  readonly ask?: AskPerson;
}

/** Who connects; the link enforces the role on what this viewer sends. */
export interface ViewerClient {
  readonly clientId: string;
  readonly login: string;
  readonly role: Role;
  /** Permitted to use clipboards; absent: not. Role and profile narrow it further. */
  readonly clipboard?: boolean;
  readonly ip: string;
  readonly transport: 'Web' | 'SSH';
  readonly clientVersion: string;
  /** Written into the session's params at connect: `clientVersion, clientId, clientIP, clientTransport`. */
  readonly reservedParams: Params;
}

/**
 * One viewer's stream into one session. Chunks are handed on without a copy; the receiver must not keep a view longer
 * than it takes to write it out.
 *
 * Back-pressure: `send…` return false when the receiver should wait for `onDrain`; `pause`/`resume` stop and continue
 * what the session sends.
 */
export interface ViewerStream {
  sendBinary(chunk: Uint8Array): boolean;
  sendText(text: string): boolean;
  pause(): void;
  resume(): void;
  close(): void;
  onBinary: (chunk: Buffer) => void;
  onText: (text: string) => void;
  onDrain: () => void;
  /**
   * Exactly once, whatever ended it: `ended` with the session, `lost` with the link, `kicked` by the owner, `idle` by the
   * profile.
   */
  onClose: (reason: 'ended' | 'lost' | 'kicked' | 'closed' | 'idle') => void;
}

/** Somebody who is connected to a session and wants something of its user's files. */
export interface FileClient {
  readonly session: string;
  readonly login: string;
  readonly role: Role;
}

/**
 * Files of the session's user, reached as that user. All reject with `files-off` where the profile or the role does not
 * allow it, and otherwise with the codes that begin with `file-`, `disk-full`, or what reaching the link failed with.
 */
export interface SessionFiles {
  list(client: FileClient, path: string): Promise<Listing>;
  begin(client: FileClient, upload: Upload): Promise<UploadBegun>;
  finish(client: FileClient, upload: Upload, exists: IfExists | undefined): Promise<UploadDone>;
  cancel(client: FileClient, upload: Upload): Promise<void>;
  make(client: FileClient, folder: string, below: readonly string[]): Promise<FolderMade>;
  find(client: FileClient, path: string): Promise<FileFound>;
  /** Appends to what is there, which ends at `offset`. Finished when it is on the disk's side. */
  write(client: FileClient, upload: Upload, offset: number): Promise<Writable>;
  /** Of what `find` has found. */
  read(client: FileClient, file: Pick<FileFound, 'path' | 'tag'>, offset: number, length: number): Promise<Readable>;
}

export interface SessionHost {
  /** What is sent to and fro. */
  readonly files: SessionFiles;
  /** Starts a session, starting the user's link first if need be. Rejects with a `CasementError`; the failed session stays listed. */
  start(user: UnixUser, start: SessionStart, observer: StartObserver): Promise<Session>;
  /**
   * Runs a program as the user, starting their link first if need be. Rejects with what reaching the link failed with, or
   * `run-failed`; a program that ends with another code than 0 is a result. It is ended when the server goes.
   */
  run(user: UnixUser, request: RunRequest, observer?: StartObserver): Promise<RunResult>;
  /** All sessions of all links this server speaks with, newest first. */
  list(): Session[];
  get(id: string): Session | undefined;
  /** `data` is null when a session was purged. Returns the way to stop listening. */
  subscribe(listener: (id: string, data: Session | null) => void): () => void;
  disconnect(id: string): Promise<void>;
  terminate(id: string): Promise<void>;
  purge(id: string): Promise<void>;
  /** `null` deletes. Answers with all params. */
  setParams(id: string, params: Params): Promise<Params>;
  /** Puts the next limit of the profile off. Rejects with `extend-refused`. Answers with what is next then. */
  extend(id: string): Promise<Deadline>;
  log(id: string, bytes: number): Promise<{ log: string; truncated: boolean }>;
  openStream(id: string, client: ViewerClient): Promise<ViewerStream>;
  clientcomm(
    id: string,
    message: Pick<ClientCommMessage, 'type' | 'data'>,
    clients: string | undefined,
    timeoutMs: number | undefined,
  ): Promise<{ delivered: number; answer?: ClientCommAnswer }>;
  /**
   * Takes over the connection of a login over SSH, so that the user's link can be started on it without asking for
   * anything again. It belongs to the host from here on, which ends it when it is not needed.
   */
  adoptConnection?(user: UnixUser, connection: Client): void;
  /** Speaks with the links that already run for these users, so that their sessions are listed. */
  adopt(users: readonly UnixUser[]): Promise<void>;
  /** Lets go of every link. Sessions and links run on. */
  close(): Promise<void>;
}
