/**
 * One folder on its way into the session, with all that is in it: each file is an upload of its own, which goes on after
 * a break as any other does. What fails is kept in a list, and the rest goes on.
 */
import type { IfExists } from '../../contract/files.ts';
import { FileError } from './files-client.ts';
import { Rate } from './files-rate.ts';
import type { FolderSource } from './files-tree.ts';
import { TRANSIENT, UploadJob, type UploadPorts } from './files-upload.ts';

/** Small files together, since what they take is mostly waiting for answers. A large one has the line for itself. */
const AT_ONCE = 4;
const SMALL = 1024 * 1024;

/** What the files after it would fail with as well. */
const FATAL: readonly string[] = [
  'disk-full',
  'files-off',
  'forbidden',
  'unauthenticated',
  'session-unknown',
  'session-not-running',
];

interface Item {
  readonly below: readonly string[];
  /** Absent: the folder itself, which has no files in it. */
  readonly file?: File;
}

export interface FolderFailure {
  /** Below the top folder; a folder ends with a slash. */
  readonly path: string;
  readonly error: FileError;
}

export type FolderState = 'waiting' | 'reading' | 'running' | 'paused' | 'asking' | 'failed' | 'done' | 'stopped';

const weight = ({ file }: Item) => (file && file.size > SMALL ? AT_ONCE : 1);
const pathOf = (below: readonly string[], name = '') => [...below, name].join('/');

export class FolderJob {
  readonly name: string;
  readonly failures: FolderFailure[] = [];
  readonly #source: FolderSource;
  readonly #ports: UploadPorts;
  readonly #target: string;
  readonly #stop = new AbortController();
  readonly #rate = new Rate();
  readonly #active = new Map<UploadJob, Item>();
  /** Where each folder really is, once it was asked for. */
  readonly #places = new Map<string, Promise<string>>();
  #state: FolderState = 'waiting';
  #folder: string;
  #todo: Item[] | undefined;
  /** What failed, for another attempt. */
  #missing: Item[] = [];
  #unreadable: readonly string[] = [];
  #failure: FileError | undefined;
  #files = 0;
  #done = 0;
  #skipped = 0;
  #doneBytes = 0;
  #size = 0;
  /** Questions for folders that wait for the connection. */
  #waits = 0;

  constructor(source: FolderSource, target: string, ports: UploadPorts) {
    this.name = source.name;
    this.#source = source;
    this.#target = target;
    this.#folder = target;
    this.#ports = ports;
  }

  get state(): FolderState {
    return this.#state;
  }

  /** Where it goes to; itself, once it is made. */
  get folder(): string {
    return this.#folder;
  }

  /** Files in it, as far as they are known. */
  get files(): number {
    return this.#files;
  }

  get done(): number {
    return this.#done;
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** Bytes; without what was skipped. */
  get size(): number {
    return this.#size;
  }

  get sent(): number {
    let sent = this.#doneBytes;
    for (const job of this.#active.keys()) sent += job.sent;
    return sent;
  }

  get perSecond(): number {
    return this.#rate.perSecond;
  }

  /** What stopped all of it. */
  get failure(): FileError | undefined {
    return this.#failure;
  }

  /** Trying again may help; what the browser could not read has to be given again. */
  get retriable(): boolean {
    return this.#missing.length > 0 || this.#failure !== undefined;
  }

  get several(): boolean {
    return true;
  }

  get over(): boolean {
    return this.#state === 'done' || this.#state === 'stopped' || this.#state === 'failed';
  }

  /** The file that a person is asked about, as a path below the top folder. */
  get askedAbout(): string | undefined {
    const [job] = this.#asking();
    return job && pathOf([this.name, ...(this.#active.get(job)?.below ?? [])], job.file.name);
  }

  /** Resolves when there is nothing more to do for now; never rejects. Called again to try what has failed once more. */
  async run(): Promise<void> {
    this.#failure = undefined;
    this.failures.length = 0;
    this.#places.clear();
    try {
      this.#todo ??= await this.#read();
      this.#todo.unshift(...this.#missing.splice(0));
      for (const path of this.#unreadable) this.failures.push({ path, error: new FileError('not-readable') });
      this.#set('running');
      this.#folder = await this.#place([]);
      await this.#sendAll(this.#todo);
      if (this.#failure) throw this.#failure;
      if (!this.#stopped) this.#set(this.failures.length > 0 ? 'failed' : 'done');
    } catch (error) {
      if (this.#stopped) return;
      this.#failure = error instanceof FileError ? error : new FileError('internal', String(error));
      this.#set('failed');
    }
  }

  /** What becomes of the file that is asked about, or, `all`, of each that is there already. */
  decide(choice: IfExists | undefined, all: boolean): void {
    const [first, ...others] = this.#asking();
    first?.decide(choice, all);
    if (all) for (const job of others) job.decide(choice);
    this.#changed();
  }

  /** Waits for its turn once more. */
  queue(): void {
    if (this.#state === 'failed') this.#set('waiting');
  }

  /** The page goes. What has arrived stays. */
  leave(): void {
    this.#stop.abort();
    for (const job of this.#active.keys()) job.leave();
  }

  /** Gives up what is not there yet; of files that have begun nothing stays. */
  stop(): void {
    if (this.over) return;
    this.#stop.abort();
    this.#set('stopped');
    for (const job of this.#active.keys()) job.stop();
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  #asking(): UploadJob[] {
    return [...this.#active.keys()].filter(({ state }) => state === 'asking');
  }

  async #read(): Promise<Item[]> {
    this.#set('reading');
    const { folders, files, unreadable } = await this.#source.read(this.#stop.signal, (found) => {
      this.#files = found;
      this.#ports.changed();
    });
    const used = new Set(files.map(({ below }) => pathOf(below)));
    this.#files = files.length;
    this.#size = files.reduce((sum, { file }) => sum + file.size, 0);
    this.#unreadable = unreadable;
    // Folders with files are made on the way.
    return [...folders.filter((below) => !used.has(pathOf(below))).map((below) => ({ below })), ...files];
  }

  async #sendAll(todo: Item[]): Promise<void> {
    const running = new Map<Promise<void>, number>();
    const load = () => [...running.values()].reduce((sum, one) => sum + one, 0);
    while (!this.#stopped && !this.#failure) {
      const next = todo[0];
      if (next && (running.size === 0 || load() + weight(next) <= AT_ONCE)) {
        todo.shift();
        const task: Promise<void> = this.#one(next).finally(() => running.delete(task));
        running.set(task, weight(next));
      } else if (running.size > 0) await Promise.race(running.keys());
      else return;
    }
    await Promise.all(running.keys());
  }

  async #one(item: Item): Promise<void> {
    const { below, file } = item;
    let folder: string;
    try {
      folder = await this.#place(below);
    } catch (error) {
      this.#failed(item, pathOf(below), error);
      return;
    }
    if (!file || this.#stopped) return;
    const job = new UploadJob(file, folder, { ...this.#ports, changed: () => this.#changed() });
    this.#active.set(job, item);
    await job.run();
    this.#active.delete(job);
    if (job.state === 'done') {
      this.#done++;
      this.#doneBytes += file.size;
    } else if (job.state === 'failed') {
      this.#failed(item, pathOf(below, file.name), job.failure);
    } else if (!this.#stopped) {
      this.#skipped++;
      this.#size -= file.size;
    }
    this.#changed();
  }

  #failed(item: Item, path: string, error: unknown): void {
    if (this.#stopped) return;
    this.#missing.push(item);
    const known = error instanceof FileError ? error : new FileError('internal', String(error));
    if (FATAL.includes(known.code)) this.#failure ??= known;
    // A folder that cannot be had is one failure, however many files were to go into it.
    else if (!this.failures.some((one) => one.path === path)) this.failures.push({ path, error: known });
    this.#changed();
  }

  #place(below: readonly string[]): Promise<string> {
    const key = pathOf(below);
    const known = this.#places.get(key) ?? this.#make(below);
    this.#places.set(key, known);
    return known;
  }

  async #make(below: readonly string[]): Promise<string> {
    const { client, again } = this.#ports;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await client.call('make', { folder: this.#target, below: [this.name, ...below] })).folder;
      } catch (error) {
        if (this.#stopped || !(error instanceof FileError) || !TRANSIENT.includes(error.code)) throw error;
        this.#waits++;
        this.#changed();
        await again(attempt, this.#stop.signal);
        this.#waits--;
        this.#changed();
      }
    }
  }

  /** What it does is what its files do: a question comes before everything, and all have to wait for it to wait. */
  #changed(): void {
    if (this.over) return;
    const states = [...this.#active.keys()].map(({ state }) => state);
    const paused = this.#waits > 0 || states.includes('paused');
    if (paused) this.#rate.reset();
    else this.#rate.mark(this.#ports.now(), this.sent);
    this.#set(states.includes('asking') ? 'asking' : paused && !states.includes('running') ? 'paused' : 'running');
  }

  #set(state: FolderState): void {
    if (this.#state === 'stopped') return;
    this.#state = state;
    this.#ports.changed();
  }
}
