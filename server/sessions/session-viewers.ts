/** Who looks at a session: the viewers, what is told to all of them, and their ClientComm. */
import type { SessionClient } from '../../src/contract/session.ts';
import type { ServerFrame } from '../../src/contract/socket.ts';
import { ClientCommRouter } from './clientcomm-router.ts';
import type { Viewer } from './viewer.ts';

export class SessionViewers {
  readonly clientcomm = new ClientCommRouter();
  readonly #viewers = new Map<string, Viewer>();

  /** One with the same id is replaced. */
  add(viewer: Viewer): void {
    this.#viewers.get(viewer.id)?.close('closed');
    this.#viewers.set(viewer.id, viewer);
    this.clientcomm.add(viewer);
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
