/** One file on its way out of the session: the browser fetches and keeps it, and the server says how far it is. */
import { h } from '../dom.ts';
import { FileError, type FilesClient } from './files-client.ts';
import { Rate } from './files-rate.ts';

/** Between two looks at how far it is. */
const LOOK_MS = 1000;

export type DownloadState = 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'stopped';

export interface DownloadPorts {
  readonly client: FilesClient;
  readonly window: Window & typeof globalThis;
  readonly changed: () => void;
}

export class DownloadJob {
  readonly #ports: DownloadPorts;
  readonly #path: string;
  readonly #wanted: string | undefined;
  readonly #rate = new Rate();
  #id: string | undefined;
  #left = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  name: string;
  state: DownloadState = 'waiting';
  sent = 0;
  size = 0;
  failure: FileError | undefined;

  constructor(path: string, name: string | undefined, ports: DownloadPorts) {
    this.#path = path;
    this.#wanted = name;
    this.#ports = ports;
    this.name = name ?? path.slice(path.lastIndexOf('/') + 1);
  }

  get perSecond(): number {
    return this.#rate.perSecond;
  }

  get over(): boolean {
    return this.state === 'done' || this.state === 'failed' || this.state === 'stopped';
  }

  /** Hands it to the browser; never rejects. */
  async run(): Promise<void> {
    const { client, window, changed } = this.#ports;
    this.state = 'waiting';
    this.failure = undefined;
    changed();
    try {
      const name = this.#wanted;
      const offered = await client.call('offer', { path: this.#path, ...(name === undefined ? {} : { name }) });
      this.#id = offered.id;
      if (this.over) {
        // Stopped before it was known by which id.
        this.#stopThere();
        return;
      }
      this.name = offered.name;
      this.size = offered.size;
      const link = h('a', { attributes: { href: offered.url, download: offered.name } });
      link.hidden = true;
      window.document.body.append(link);
      link.click();
      link.remove();
      this.#lookLater();
    } catch (error) {
      if (this.over) return;
      this.failure = error instanceof FileError ? error : new FileError('internal', String(error));
      this.state = 'failed';
    }
    changed();
  }

  /** The server sends nothing more; the browser notices. */
  stop(): void {
    if (this.over) return;
    this.state = 'stopped';
    this.leave();
    this.#stopThere();
    this.#ports.changed();
  }

  #stopThere(): void {
    if (this.#id !== undefined) this.#ports.client.call('stop', { id: this.#id }).catch(() => undefined);
  }

  /** Looks no longer. The browser goes on. */
  leave(): void {
    this.#left = true;
    clearTimeout(this.#timer);
  }

  #lookLater(): void {
    if (!this.#left) this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
  }

  async #look(): Promise<void> {
    if (this.#id === undefined || this.over) return;
    try {
      const { state, sent } = await this.#ports.client.call('progress', { id: this.#id });
      if (this.over || this.#left) return;
      this.sent = sent;
      this.state = state;
      if (state === 'running') this.#rate.mark(performance.now(), sent);
      else this.#rate.reset();
    } catch (error) {
      if (error instanceof FileError && error.code === 'file-transfer') {
        // Nobody fetched it any more; in the browser's own list it can be seen why.
        this.state = 'stopped';
      }
    }
    if (!this.over) this.#lookLater();
    this.#ports.changed();
  }
}
