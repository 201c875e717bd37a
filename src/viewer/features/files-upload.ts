/**
 * One file on its way into the session. A connection that breaks is waited for, and the server asked how far it has
 * come; only what a person has to decide, or cannot be helped, stops it.
 */
import type { IfExists } from '../../contract/files.ts';
import { FileError, type FilesClient } from './files-client.ts';
import { Rate } from './files-rate.ts';

/** Bytes of one request. Small enough for a proxy's patience, large enough that requests cost nothing. */
const CHUNK = 8 * 1024 * 1024;
const SMALLEST_CHUNK = 256 * 1024;

/** What another moment may cure. */
export const TRANSIENT: readonly string[] = [
  'offline',
  'file-key',
  'file-transfer',
  'busy',
  'unavailable',
  'rate-limited',
  'disconnected',
  'link-failed',
];

export type UploadState = 'waiting' | 'running' | 'paused' | 'asking' | 'failed' | 'done' | 'stopped';

/** Files that were given together. */
export interface Batch {
  /** There are others, which may be decided about at once. */
  readonly several: boolean;
  /** What was said for all whose names are taken. */
  forAll: IfExists | 'skip' | undefined;
}

export interface UploadPorts {
  readonly client: FilesClient;
  /** Resolves when trying again may help: after a wait that grows, or as soon as the viewer is connected again. */
  readonly again: (attempt: number, signal: AbortSignal) => Promise<void>;
  readonly changed: () => void;
  readonly now: () => number;
  readonly batch: Batch;
}

export class UploadJob {
  readonly file: File;
  readonly #ports: UploadPorts;
  readonly #stop = new AbortController();
  readonly #rate = new Rate();
  #folder: string;
  #state: UploadState = 'waiting';
  #sent = 0;
  #name: string;
  #failure: FileError | undefined;
  #choice: IfExists | undefined;
  #decide: ((choice: IfExists | undefined) => void) | undefined;
  #id: string | undefined;
  #chunk = CHUNK;

  constructor(file: File, folder: string, ports: UploadPorts) {
    this.file = file;
    this.#folder = folder;
    this.#name = file.name;
    this.#ports = ports;
  }

  get state(): UploadState {
    return this.#state;
  }

  /** Where it goes, or has gone. */
  get folder(): string {
    return this.#folder;
  }

  /** What it is called there. */
  get name(): string {
    return this.#name;
  }

  get size(): number {
    return this.file.size;
  }

  get sent(): number {
    return this.#sent;
  }

  get perSecond(): number {
    return this.#rate.perSecond;
  }

  get failure(): FileError | undefined {
    return this.#failure;
  }

  get several(): boolean {
    return this.#ports.batch.several;
  }

  get over(): boolean {
    return this.#state === 'done' || this.#state === 'stopped' || this.#state === 'failed';
  }

  /** Resolves when there is nothing more to do for now; never rejects. Called again to try once more. */
  async run(): Promise<void> {
    this.#failure = undefined;
    for (let attempt = 1; !this.#stopped;) {
      const before = this.#sent;
      try {
        await this.#attempt();
        this.#to(this.#stopped ? 'stopped' : 'done');
        return;
      } catch (error) {
        if (this.#stopped) return;
        const known = error instanceof FileError ? error : new FileError('internal', String(error));
        if (!TRANSIENT.includes(known.code) || !(await this.#readable())) {
          this.#failure = TRANSIENT.includes(known.code) ? new FileError('unreadable') : known;
          this.#to('failed');
          return;
        }
        if (this.#sent > before) attempt = 1;
        this.#rate.reset();
        this.#to('paused');
        await this.#ports.again(attempt++, this.#stop.signal);
      }
    }
  }

  /** What becomes of the file that is there already; without a choice this one is given up. */
  decide(choice: IfExists | undefined, all = false): void {
    if (all) this.#ports.batch.forAll = choice ?? 'skip';
    this.#decide?.(choice);
    this.#decide = undefined;
  }

  /** Waits for its turn once more. */
  queue(): void {
    if (this.#state === 'failed') this.#to('waiting');
  }

  /** The page goes. What has arrived stays, for when the same file is chosen again. */
  leave(): void {
    this.#stop.abort();
    this.decide(undefined);
  }

  /** Gives it up; what has arrived is removed. */
  stop(): void {
    if (this.#state === 'done' || this.#stopped) return;
    this.#stop.abort();
    this.decide(undefined);
    this.#to('stopped');
    this.#cancel();
  }

  #cancel(): void {
    if (this.#id !== undefined) this.#ports.client.call('cancel', { id: this.#id }).catch(() => undefined);
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #attempt(): Promise<void> {
    const { client, now } = this.#ports;
    const { file } = this;
    const begun = await client.call('begin', {
      folder: this.#folder,
      name: file.name,
      size: file.size,
      modified: file.lastModified,
    });
    this.#id = begun.id;
    this.#folder = begun.folder;
    if (this.#stopped) {
      // Given up before it was known by which id.
      if (this.#state === 'stopped') this.#cancel();
      return;
    }
    if (begun.exists && this.#choice === undefined && !(await this.#ask())) return;
    let { offset } = begun;
    while (offset < file.size) {
      this.#sent = offset;
      this.#rate.mark(now(), offset);
      this.#to('running');
      const from = offset;
      const piece = file.slice(from, Math.min(from + this.#chunk, file.size));
      try {
        await client.put(
          begun.id,
          from,
          piece,
          (sent) => {
            this.#sent = from + sent;
            this.#rate.mark(now(), this.#sent);
            this.#ports.changed();
          },
          this.#stop.signal,
        );
        offset = from + piece.size;
      } catch (error) {
        offset = this.#otherwise(error, from);
      }
    }
    this.#sent = file.size;
    await this.#finish(begun.id);
  }

  /** Where to go on after a refusal that says so; throws the others. */
  #otherwise(error: unknown, offset: number): number {
    if (!(error instanceof FileError)) throw error;
    if (error.code === 'file-offset') {
      const { details } = error;
      const there = typeof details === 'object' && details !== null && 'offset' in details ? details.offset : undefined;
      if (typeof there === 'number' && there !== offset) return there;
    }
    if (error.code === 'too-large' && this.#chunk > SMALLEST_CHUNK) {
      this.#chunk = Math.max(SMALLEST_CHUNK, this.#chunk / 4);
      return offset;
    }
    throw error;
  }

  async #finish(id: string): Promise<void> {
    for (let attempt = 1; !this.#stopped; attempt++) {
      try {
        const exists = this.#choice;
        const done = await this.#ports.client.call('finish', { id, ...(exists === undefined ? {} : { exists }) });
        this.#folder = done.folder;
        this.#name = done.name;
        return;
      } catch (error) {
        if (this.#stopped || !(error instanceof FileError)) throw error;
        if (error.code === 'file-exists') {
          // It came while this one was on its way.
          if (!(await this.#ask())) return;
        } else if (error.code === 'offline' && attempt < 5) {
          // It may have been done, and only the answer lost: asked again it says so.
          await this.#ports.again(attempt, this.#stop.signal);
        } else throw error;
      }
    }
  }

  /** False: it is given up. */
  async #ask(): Promise<boolean> {
    const { forAll } = this.#ports.batch;
    const choice = forAll ?? (await this.#askPerson()) ?? 'skip';
    if (choice === 'skip') {
      this.stop();
      return false;
    }
    this.#choice = choice;
    this.#to('running');
    return true;
  }

  #askPerson(): Promise<IfExists | undefined> {
    return new Promise((resolve) => {
      this.#decide = resolve;
      this.#to('asking');
    });
  }

  /** Whether the browser can still read the file: it may have been changed or moved on the person's side. */
  async #readable(): Promise<boolean> {
    try {
      await this.file.slice(0, 1).arrayBuffer();
      return true;
    } catch {
      return false;
    }
  }

  #to(state: UploadState): void {
    if (this.#state === 'stopped') return;
    this.#state = state;
    this.#ports.changed();
  }
}
