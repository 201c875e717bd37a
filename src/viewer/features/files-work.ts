/** Files, once they are used: what is under way, what scripts offer, and the panel that shows it. Loaded on demand. */
import './files.css';
import type { DownloadOffer } from '../../clientcomm/download.ts';
import type { Listing } from '../../contract/files.ts';
import type { OfferOutcome } from '../comm.ts';
import type { Notices } from '../notices.ts';
import type { Preferences } from '../preferences.ts';
import { fill, type Strings } from '../strings.ts';
import { createFilesClient, FileError, type FilesClient } from './files-client.ts';
import { DownloadJob } from './files-download.ts';
import { DropHint } from './files-drop.ts';
import { FilesPanel } from './files-panel.ts';
import { sizeText } from './files-rate.ts';
import { FolderJob } from './files-folder.ts';
import { chosenFolders, droppedFolder, type FolderSource } from './files-tree.ts';
import { type Batch, UploadJob } from './files-upload.ts';
import { saidText } from './files-lines.ts';
import { fileFailure, FILES_WORDS } from './files-words.ts';

export interface FilesPorts {
  readonly window: Window & typeof globalThis;
  readonly strings: Strings;
  readonly notices: Notices;
  /** The folder of the last time is remembered, for this browser. */
  readonly preferences: Preferences;
  readonly key: () => string;
  readonly may: (direction: 'upload' | 'download') => boolean;
  readonly show: () => void;
  readonly shown: () => boolean;
}

export type Upload = UploadJob | FolderJob;
export type Job = Upload | DownloadJob;

const DEFAULT_FOLDER = '~/Downloads';
const HOME = '~';
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const SAID_MS = 8000;
/** Between two drawings of how far uploads are. */
const DRAW_MS = 150;

export class FilesWork {
  readonly ports: FilesPorts;
  readonly client: FilesClient;
  readonly jobs: Job[] = [];
  readonly dropHint: DropHint;
  readonly #panel: FilesPanel;
  #wake = new Set<() => void>();
  #uploading = false;
  #home: string | undefined;
  /** The remembered folder has been read in this page. */
  #seen = false;
  #asked: Upload | undefined;
  readonly #drawn = new WeakMap<Upload, string>();
  #drawing: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: FilesPorts) {
    this.ports = ports;
    this.client = createFilesClient(ports.key);
    this.dropHint = new DropHint(ports.strings, () => this.target());
    this.#panel = new FilesPanel(this);
  }

  /** The panel's content. */
  open(): HTMLElement {
    return this.#panel.open();
  }

  closed(): void {
    this.#panel.close();
  }

  /** The viewer has a connection again, and with it a new key. */
  connected(): void {
    for (const wake of this.#wake) wake();
    if (this.ports.shown()) void this.#panel.reload();
  }

  dispose(): void {
    clearTimeout(this.#drawing);
    for (const job of this.jobs) job.leave();
    this.#panel.close();
    this.dropHint.hide();
  }

  /** Reads a folder and remembers it. */
  async list(path: string): Promise<Listing> {
    const listing = await this.client.call('list', { path });
    this.#home = listing.home;
    this.#seen = true;
    this.#remember(this.place(listing.path));
    return listing;
  }

  /** A folder as a person reads it. */
  place(folder: string): string {
    const home = this.#home;
    if (home === undefined) return folder;
    return folder === home ? HOME : folder.startsWith(`${home}/`) ? `~${folder.slice(home.length)}` : folder;
  }

  /** The folder of the last time; else the one for downloads, or the home where there is none. */
  async first(): Promise<Listing> {
    const tries = [...new Set([this.#remembered ?? DEFAULT_FOLDER, DEFAULT_FOLDER, HOME])];
    for (const path of tries) {
      try {
        return await this.list(path);
      } catch (error) {
        const gone = error instanceof FileError && error.code.startsWith('file-') && error.code !== 'file-key';
        if (!gone || path === HOME) throw error;
      }
    }
    return this.list(HOME);
  }

  /** Where files go, as a person reads it. What was remembered may be of another session, or gone since. */
  async target(): Promise<string> {
    if (!this.#seen) await this.first().catch(() => undefined);
    return this.#remembered ?? HOME;
  }

  /** What a drop told, an item each: an entry where it is a folder. */
  dropped(items: readonly (readonly [FileSystemEntry | null, File | null])[]): void {
    const files: File[] = [];
    const folders: FolderSource[] = [];
    for (const [entry, file] of items) {
      if (entry?.isDirectory) folders.push(droppedFolder(entry as FileSystemDirectoryEntry));
      else if (file) files.push(file);
    }
    void this.#upload(files, folders);
  }

  upload(files: readonly File[]): Promise<void> {
    return this.#upload(files, []);
  }

  uploadFolders(files: readonly File[]): Promise<void> {
    return this.#upload([], chosenFolders(files));
  }

  async #upload(files: readonly File[], folders: readonly FolderSource[]): Promise<void> {
    if (files.length + folders.length === 0) return;
    const target = await this.target();
    const batch: Batch = { several: files.length > 1 || folders.length > 0, forAll: undefined };
    const add = (make: (changed: () => void) => Upload) => {
      const job: Upload = make(() => this.#changed(job));
      this.jobs.push(job);
    };
    const ports = {
      client: this.client,
      again: (attempt: number, signal: AbortSignal) => this.#again(attempt, signal),
      now: () => performance.now(),
      batch,
    };
    for (const file of files) add((changed) => new UploadJob(file, target, { ...ports, changed }));
    for (const folder of folders) add((changed) => new FolderJob(folder, target, { ...ports, changed }));
    this.ports.show();
    this.#panel.update();
    await this.#run();
  }

  retry(job: Upload): void {
    job.queue();
    void this.#run();
  }

  remove(job: Job): void {
    const at = this.jobs.indexOf(job);
    if (at >= 0) this.jobs.splice(at, 1);
    this.#panel.update();
  }

  async download(path: string, name?: string): Promise<void> {
    const job: DownloadJob = new DownloadJob(path, name, {
      client: this.client,
      window: this.ports.window,
      changed: () => this.#panel.update(),
    });
    this.jobs.push(job);
    await job.run();
  }

  offer(offer: DownloadOffer, outcome: OfferOutcome): () => void {
    const { strings, notices } = this.ports;
    const words = FILES_WORDS[strings.language];
    let close: () => void = () => undefined;
    let over = false;
    const look = async () => {
      // Asked before the person is: a file that cannot be had is the script's affair.
      const found = await this.client.call('offer', offer);
      this.client.call('stop', { id: found.id }).catch(() => undefined);
      if (over) return;
      const open = notices.show({
        title: words.offerTitle,
        message: fill(words.offerText, { name: found.name, size: sizeText(found.size, strings.language) }),
        icon: 'question',
        buttons: [
          { name: 'yes', label: words.offerYes },
          { name: 'no', label: words.offerNo },
        ],
        timeout: undefined,
        onDone: (button) => {
          over = true;
          if (button === 'yes') void this.download(offer.path, offer.name);
          outcome.answered(button === 'yes');
        },
      });
      close = () => open.close();
    };
    look().catch((error: unknown) => {
      const [code, message] = error instanceof FileError ? [error.code, error.message] : ['internal', ''];
      outcome.refused(fileFailure(strings, code, message));
    });
    return () => {
      over = true;
      close();
    };
  }

  /** One after the other: together they would only take the line from each other, and from the picture. */
  async #run(): Promise<void> {
    if (this.#uploading) return;
    this.#uploading = true;
    try {
      for (;;) {
        const next = this.jobs.find((job): job is Upload => !(job instanceof DownloadJob) && job.state === 'waiting');
        if (!next) return;
        await next.run();
        this.#say(next);
      }
    } finally {
      this.#uploading = false;
    }
  }

  #changed(job: Upload): void {
    if (job.state === 'asking' && this.#asked !== job) {
      this.#asked = job;
      this.ports.show();
    } else if (job.state !== 'asking' && this.#asked === job) this.#asked = undefined;
    const same = this.#drawn.get(job) === job.state;
    this.#drawn.set(job, job.state);
    if (!same) this.#draw();
    // How far it is changes with each of a thousand small files: to draw that often would cost more than sending them.
    else this.#drawing ??= setTimeout(() => this.#draw(), DRAW_MS);
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    this.#panel.update();
  }

  /** Told aloud where the panel shows it, as a message where nobody sees the panel. */
  #say(job: Upload): void {
    const { strings, notices } = this.ports;
    const { state } = job;
    if (state !== 'done' && state !== 'failed') return;
    const message = saidText(job, strings, (folder) => this.place(folder));
    if (this.ports.shown()) {
      this.#panel.say(message);
      void this.#panel.reload();
      return;
    }
    const { title } = FILES_WORDS[strings.language];
    const icon = state === 'done' ? 'information' : 'warning';
    notices.show({ title, message, icon, buttons: [], timeout: SAID_MS });
  }

  #again(attempt: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)));
      this.#wake.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  get #remembered(): string | undefined {
    return this.ports.preferences.get('folder');
  }

  #remember(folder: string): void {
    if (folder !== this.#remembered) this.ports.preferences.set({ folder });
  }
}
