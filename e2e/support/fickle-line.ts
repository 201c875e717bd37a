/**
 * A TCP line to a server that can be cut, be away, swallow everything without a word as a network that went away does,
 * or be slow: so many bytes a second, for all connections together, and each of them late.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Pace {
  /** Towards the browser, and as much towards the server. */
  readonly bytesPerSecond: number;
  /** Of each way. */
  readonly latencyMs: number;
}

/** What is under way at a time; a line that takes more at once would not be noticed to be full. */
const PIECE_BYTES = 2048;

/** One direction of a line. */
class Lane {
  readonly #pace: () => Pace | undefined;
  /** What was sent and has not arrived, in order. */
  #under: { readonly due: number; readonly arrive: () => void }[] = [];
  /** When the line has sent all that it was given. */
  #free = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Bytes that were given to it. */
  bytes = 0;

  constructor(pace: () => Pace | undefined) {
    this.#pace = pace;
  }

  carry(from: Socket, to: Socket, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (!this.#pace() && this.#under.length === 0) {
      pass(from, to, chunk);
      return;
    }
    // The sender is held up until this is sent, as by a line without much of a buffer.
    from.pause();
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      const last = at + PIECE_BYTES >= chunk.length;
      this.#send(piece.length, () => {
        to.write(piece);
        if (last) from.resume();
      });
    }
  }

  /** After all that was sent before. */
  afterwards(act: () => void): void {
    if (this.#under.length === 0) act();
    else this.#send(0, act);
  }

  /** The pace has changed: what is under way arrives as it would, at the latest by the new one. */
  changed(): void {
    if (this.#pace()) return;
    clearTimeout(this.#timer);
    this.#free = 0;
    for (const { arrive } of this.#under.splice(0)) arrive();
  }

  #send(length: number, arrive: () => void): void {
    const pace = this.#pace();
    const now = performance.now();
    this.#free = Math.max(now, this.#free) + (pace ? (length * 1000) / pace.bytesPerSecond : 0);
    this.#under.push({ due: this.#free + (pace?.latencyMs ?? 0), arrive });
    if (this.#under.length === 1) this.#wait();
  }

  #wait(): void {
    const [first] = this.#under;
    if (!first) return;
    this.#timer = setTimeout(
      () => {
        const now = performance.now();
        while (this.#under[0] && this.#under[0].due <= now) this.#under.shift()?.arrive();
        this.#wait();
      },
      Math.max(0, first.due - performance.now()),
    );
  }
}

function pass(from: Socket, to: Socket, chunk: Buffer): void {
  if (to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

export class FickleLine {
  readonly port: number;
  readonly #server: Server;
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  readonly #up = new Lane(() => this.#pace);
  readonly #down = new Lane(() => this.#pace);
  #pace: Pace | undefined;
  #swallows = false;
  #away = false;
  /** Called when something goes over the line. */
  onBytes: () => void = () => undefined;

  private constructor(server: Server, to: number) {
    this.#server = server;
    this.#to = to;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => this.#connect(near));
  }

  static async to(port: number): Promise<FickleLine> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FickleLine(server, port);
  }

  /** Bytes towards the server, on all connections together, since the line was last mended. */
  get up(): number {
    return this.#up.bytes;
  }

  /** Without one: as fast as this machine can. */
  pace(pace: Pace | undefined): void {
    this.#pace = pace;
    for (const lane of [this.#up, this.#down]) lane.changed();
  }

  /** Nothing arrives any more, and nobody is told. */
  swallow(): void {
    this.#swallows = true;
  }

  /** New connections get through; those that were swallowed stay dead. */
  restore(): void {
    this.cut();
    this.#swallows = false;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Cut, and nothing new gets through until it is mended. */
  leave(): void {
    this.#away = true;
    this.cut();
  }

  mend(): void {
    this.#away = false;
    for (const lane of [this.#up, this.#down]) lane.bytes = 0;
  }

  async stop(): Promise<void> {
    this.pace(undefined);
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(near: Socket): void {
    if (this.#away) {
      near.destroy();
      return;
    }
    const far = connect(this.#to, '127.0.0.1');
    for (const [from, to, lane] of [
      [near, far, this.#up],
      [far, near, this.#down],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (this.#swallows) return;
        lane.carry(from, to, chunk);
        this.onBytes();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        if (!this.#swallows) lane.afterwards(() => to.destroy());
      });
    }
  }
}
