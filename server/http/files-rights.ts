/**
 * Who may move files: keys of viewers' connections, and the transfers that are under way. In memory, and only hashes of
 * secrets; what a restart loses is asked for again with the next connection, and goes on where it was.
 */
import { randomBytes } from 'node:crypto';
import { CasementError } from '../../src/contract/errors.ts';
import type { FileFound, Upload, UploadDone } from '../../src/contract/files.ts';
import type { FileClient } from '../sessions/port.ts';
import { hashToken } from './tickets.ts';

/** A connection that broke leaves its transfers this long, until the viewer is back with a new key. */
const GRACE_MS = 2 * 60_000;
/** A download that was offered begins within this time. */
const OFFERED_MS = 60_000;
/** One that has begun may be continued for this long after its last byte. */
const PAUSED_MS = 10 * 60_000;
/** Of one connection. */
const MOST_TRANSFERS = 256;
/** Connections that carry bytes for one viewer at the same time. */
const MOST_STREAMS = 8;

/** One viewer's connection. */
export interface FileHolder extends FileClient {
  readonly clientId: string;
  /** The login it was opened with: when that ends, so does this. */
  readonly jti: string;
}

export interface UploadTransfer {
  readonly holder: FileHolder;
  readonly upload: Upload;
  /** What it was called in the end. */
  done?: UploadDone;
  /** While that is being found out. */
  finishing?: Promise<UploadDone> | undefined;
}

export interface DownloadTransfer {
  readonly id: string;
  readonly holder: FileHolder;
  readonly file: FileFound;
  /** What the browser calls it. */
  readonly name: string;
  state: 'waiting' | 'running' | 'paused' | 'done';
  /** How far it has come, counted from the file's beginning. */
  sent: number;
  expires: number;
  /** Ends what carries it now. */
  readonly streams: Set<() => void>;
}

interface Key {
  readonly holder: FileHolder;
  expires: number;
  streams: number;
}

const secret = () => randomBytes(32).toString('base64url');
const newId = () => randomBytes(12).toString('hex');

export class FileRights {
  readonly #now: () => number;
  readonly #keys = new Map<string, Key>();
  readonly #uploads = new Map<string, UploadTransfer>();
  /** By the hash of the token. */
  readonly #downloads = new Map<string, DownloadTransfer>();
  readonly #running = new Map<FileHolder, Set<() => void>>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** `lost`: the connection broke, and its viewer may come back. `over`: whatever is under way ends at once. */
  give(holder: FileHolder): { key: string; lost(): void; over(): void } {
    this.#forget();
    const key = secret();
    const hash = hashToken(key);
    const entry: Key = { holder, expires: Infinity, streams: 0 };
    this.#keys.set(hash, entry);
    return {
      key,
      lost: () => {
        entry.expires = Math.min(entry.expires, this.#now() + GRACE_MS);
      },
      over: () => {
        this.#keys.delete(hash);
        this.#drop((one) => one.clientId === holder.clientId);
      },
    };
  }

  /** @throws CasementError `file-key` */
  holder(key: string | undefined): FileHolder {
    return this.#entry(key).holder;
  }

  /** Takes one of the streams a viewer may have; gives back the way to return it. @throws CasementError `file-key`, `busy` */
  occupy(key: string | undefined): () => void {
    const entry = this.#entry(key);
    if (entry.streams >= MOST_STREAMS) throw new CasementError('busy');
    entry.streams++;
    let held = true;
    return () => {
      if (held) entry.streams--;
      held = false;
    };
  }

  /** `end` is called when the viewer must not have this any more. Returns the way to take it back. */
  running(holder: FileHolder, end: () => void): () => void {
    const all = this.#running.get(holder) ?? new Set();
    this.#running.set(holder, all.add(end));
    return () => {
      all.delete(end);
      if (all.size === 0) this.#running.delete(holder);
    };
  }

  begin(holder: FileHolder, upload: Upload): string {
    const own = [...this.#uploads].filter(([, one]) => one.holder.clientId === holder.clientId);
    // The oldest goes: whoever still wants it begins it anew.
    if (own.length >= MOST_TRANSFERS && own[0]) this.#uploads.delete(own[0][0]);
    const id = newId();
    this.#uploads.set(id, { holder, upload });
    return id;
  }

  /** @throws CasementError `file-transfer` */
  upload(holder: FileHolder, id: string): UploadTransfer {
    const found = this.#uploads.get(id);
    if (!found || found.holder.clientId !== holder.clientId || found.holder.session !== holder.session) {
      throw new CasementError('file-transfer');
    }
    return found;
  }

  finished(id: string): void {
    this.#uploads.delete(id);
  }

  offer(holder: FileHolder, file: FileFound, name: string): { token: string; transfer: DownloadTransfer } {
    this.#forget();
    const own = [...this.#downloads].filter(([, one]) => one.holder.clientId === holder.clientId);
    if (own.length >= MOST_TRANSFERS) throw new CasementError('busy');
    const token = secret();
    const transfer: DownloadTransfer = {
      id: newId(),
      holder,
      file,
      name,
      state: 'waiting',
      sent: 0,
      expires: this.#now() + OFFERED_MS,
      streams: new Set(),
    };
    this.#downloads.set(hashToken(token), transfer);
    return { token, transfer };
  }

  /** By the token of its address. @throws CasementError `file-transfer` */
  take(token: string): DownloadTransfer {
    this.#forget();
    const found = this.#downloads.get(hashToken(token));
    if (!found) throw new CasementError('file-transfer');
    return found;
  }

  /** @throws CasementError `file-transfer` */
  download(holder: FileHolder, id: string): DownloadTransfer {
    this.#forget();
    for (const one of this.#downloads.values()) {
      if (one.id === id && one.holder.clientId === holder.clientId) return one;
    }
    throw new CasementError('file-transfer');
  }

  /** Its address leads nowhere from here on. */
  stop(transfer: DownloadTransfer): void {
    for (const [hash, one] of this.#downloads) if (one === transfer) this.#downloads.delete(hash);
    for (const end of transfer.streams) end();
  }

  /** It carries bytes; until `paused` it does not run out. */
  started(transfer: DownloadTransfer): void {
    transfer.state = 'running';
    transfer.expires = Infinity;
  }

  paused(transfer: DownloadTransfer): void {
    transfer.state = transfer.sent >= transfer.file.size ? 'done' : 'paused';
    transfer.expires = this.#now() + (transfer.state === 'done' ? GRACE_MS : PAUSED_MS);
  }

  dropLogin(jti: string): void {
    for (const [hash, { holder }] of this.#keys) if (holder.jti === jti) this.#keys.delete(hash);
    this.#drop((holder) => holder.jti === jti);
  }

  #entry(key: string | undefined): Key {
    const entry = key === undefined ? undefined : this.#keys.get(hashToken(key));
    if (!entry || entry.expires < this.#now()) throw new CasementError('file-key');
    return entry;
  }

  #drop(which: (holder: FileHolder) => boolean): void {
    for (const [id, { holder }] of this.#uploads) if (which(holder)) this.#uploads.delete(id);
    for (const one of this.#downloads.values()) if (which(one.holder)) this.stop(one);
    for (const [holder, ends] of this.#running) if (which(holder)) for (const end of ends) end();
  }

  #forget(): void {
    const now = this.#now();
    for (const [hash, { expires }] of this.#keys) if (expires < now) this.#keys.delete(hash);
    // What is being fetched is not late any more.
    for (const one of this.#downloads.values()) if (one.expires < now && one.streams.size === 0) this.stop(one);
    const here = new Set([...this.#keys.values()].map(({ holder }) => holder.clientId));
    for (const [id, { holder }] of this.#uploads) if (!here.has(holder.clientId)) this.#uploads.delete(id);
  }
}
