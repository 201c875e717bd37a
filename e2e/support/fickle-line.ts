/** A TCP line to a server that can be cut, or swallow everything without a word, as a network that went away does. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class FickleLine {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #state: { swallows: boolean };

  private constructor(server: Server, sockets: Set<Socket>, state: { swallows: boolean }) {
    this.#server = server;
    this.#sockets = sockets;
    this.#state = state;
    this.port = (server.address() as AddressInfo).port;
  }

  static async to(port: number): Promise<FickleLine> {
    const sockets = new Set<Socket>();
    const state = { swallows: false };
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('data', (chunk) => {
          if (!state.swallows) to.write(chunk);
        });
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          if (!state.swallows) to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FickleLine(server, sockets, state);
  }

  /** Nothing arrives any more, and nobody is told. */
  swallow(): void {
    this.#state.swallows = true;
  }

  /** New connections get through; those that were swallowed stay dead. */
  restore(): void {
    this.cut();
    this.#state.swallows = false;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
