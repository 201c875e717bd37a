/** Who looks at a session: the viewers, what is told to all of them, and their ClientComm. */
import type { SessionClient } from '../../src/contract/session.ts';
import type { ServerFrame, SessionWindow } from '../../src/contract/socket.ts';
import { ClientCommRouter } from './clientcomm-router.ts';
import { rightsOf } from './role-filter.ts';
import type { Viewer } from './viewer.ts';

/** A program that counts in its title must not be all that is told. */
const WINDOWS_EVERY_MS = 200;

export class SessionViewers {
  readonly clientcomm = new ClientCommRouter();
  readonly #viewers = new Map<string, Viewer>();
  #windows: readonly SessionWindow[] | undefined;
  #telling = false;

  /** One with the same id is replaced. */
  add(viewer: Viewer): void {
    this.#viewers.get(viewer.id)?.close('closed');
    this.#viewers.set(viewer.id, viewer);
    this.clientcomm.add(viewer);
    this.#tellWindows(viewer);
  }

  /** False: it was replaced, and is not missed. */
  remove(viewer: Viewer): boolean {
    if (this.#viewers.get(viewer.id) !== viewer) return false;
    this.#viewers.delete(viewer.id);
    this.clientcomm.remove(viewer);
    return true;
  }

  /** Somebody sees the session; guests who wait to be let in do not. */
  get watched(): boolean {
    return [...this.#viewers.values()].some(({ role }) => role !== 'inactive');
  }

  clients(): SessionClient[] {
    return [...this.#viewers.values()].map((viewer) => viewer.info);
  }

  tell(frame: ServerFrame): void {
    for (const viewer of this.#viewers.values()) viewer.send(frame);
  }

  tellWhoIsThere(): void {
    this.tell({ t: 'participants', clients: this.clients() });
  }

  /** Of a rootless session. Titles are for those who may choose among them. */
  windows(list: readonly SessionWindow[]): void {
    this.#windows = list;
    if (this.#telling) return;
    this.#telling = true;
    const tell = () => {
      this.#telling = false;
      for (const viewer of this.#viewers.values()) this.#tellWindows(viewer);
    };
    setTimeout(tell, WINDOWS_EVERY_MS).unref();
  }

  #tellWindows(viewer: Viewer): void {
    if (this.#windows && rightsOf(viewer.role) === 'all') viewer.send({ t: 'windows', windows: [...this.#windows] });
  }

  closeAll(reason: Parameters<Viewer['close']>[0]): void {
    for (const viewer of this.#viewers.values()) viewer.close(reason);
  }

  /** The session is over. */
  end(exitCode: number | null, reason: string): void {
    this.clientcomm.close();
    this.tell({ t: 'ended', exitCode, reason });
    this.closeAll('ended');
  }
}
