/** The two ways to a link that runs: into its socket, or by its own connections to the server. */
import type { Socket } from 'node:net';
import { readdirSync } from 'node:fs';
import {
  type Connection,
  type ConnectionHandler,
  connectLink,
  greetLink,
  NoLink,
  type WithoutCredentials,
} from './link-client.ts';
import type { LinkDoor } from './link-door.ts';
import { linkPaths } from './paths.ts';
import type { UnixUser } from './port.ts';
import type { LinkHello, ServerInvitation } from './wire.ts';

/** A link that was launched and has been told of the server connects within this time. */
const ARRIVAL_MS = 5000;

export type Hello = WithoutCredentials<LinkHello>;

export interface Road {
  /** Rejects with `NoLink` when none runs. `launched`: one was started just now. */
  control(handler: ConnectionHandler, launched: boolean): Promise<Connection>;
  /** `ask` has the link make a connection; needed where it is the one that connects. */
  stream(hello: Hello, handler: ConnectionHandler, ask: (nonce: string) => Promise<unknown>): Promise<Connection>;
  /** Whether sessions may have outlived their link. */
  mayHaveSessions(): boolean;
  /** For a link that has to connect by itself. */
  invitation(): ServerInvitation | undefined;
}

/** A link of this account's own, in a directory that it may open. */
export class DirectRoad implements Road {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  control(handler: ConnectionHandler): Promise<Connection> {
    return connectLink(linkPaths(this.#dir), { kind: 'control' }, handler);
  }

  stream(hello: Hello, handler: ConnectionHandler): Promise<Connection> {
    return connectLink(linkPaths(this.#dir), hello, handler);
  }

  mayHaveSessions(): boolean {
    try {
      return readdirSync(linkPaths(this.#dir).sessions).some((entry) => !entry.startsWith('.'));
    } catch {
      return false;
    }
  }

  invitation(): undefined {
    return undefined;
  }
}

/** A link of another account, which connects to the server's door. */
export class DoorRoad implements Road {
  readonly #door: LinkDoor;
  readonly #user: UnixUser;
  /** Has come, and nobody has spoken on it yet. */
  #arrived: Socket | undefined;
  #waiting: (() => void)[] = [];

  constructor(door: LinkDoor, user: UnixUser) {
    this.#door = door;
    this.#user = user;
  }

  /** A link's control connection. The newest one counts. */
  arrive(socket: Socket): void {
    this.#arrived?.destroy();
    this.#arrived = socket;
    socket.once('close', () => {
      if (this.#arrived === socket) this.#arrived = undefined;
    });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async control(handler: ConnectionHandler, launched: boolean): Promise<Connection> {
    const patience = launched ? ARRIVAL_MS : this.#door.returnsWithin(this.#user.login);
    if (!this.#arrived && patience > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patience);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    const socket = this.#arrived;
    this.#arrived = undefined;
    if (!socket) throw new NoLink(launched ? 'the link did not connect' : 'no link is connected');
    return greetLink(socket, '', { kind: 'control' }, handler);
  }

  async stream(
    hello: Hello,
    handler: ConnectionHandler,
    ask: (nonce: string) => Promise<unknown>,
  ): Promise<Connection> {
    return greetLink(await this.#door.stream(ask), '', hello, handler);
  }

  mayHaveSessions(): boolean {
    return false;
  }

  invitation(): ServerInvitation {
    return this.#door.invite(this.#user);
  }
}
