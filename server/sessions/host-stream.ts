/** The host's end of one viewer's stream. */
import type { Socket } from 'node:net';
import { encodeText, writeBinary } from './frames.ts';
import type { ConnectionHandler } from './link-client.ts';
import type { ViewerStream } from './port.ts';
import { HIGH_WATER } from './viewer.ts';
import { LinkFrame } from './wire.ts';

type CloseReason = Parameters<ViewerStream['onClose']>[0];
type Held = { text: string } | { binary: Buffer };

/**
 * Whoever opens a stream sets its handlers after it got it, but the link may have sent the first frames already. They
 * are held, and the socket is paused, until `onBinary` is set; nothing is lost, whenever that is.
 */
export class HostStream implements ViewerStream, ConnectionHandler {
  onText: (text: string) => void = () => undefined;
  onDrain: () => void = () => undefined;
  onClose: (reason: CloseReason) => void = () => undefined;
  #onBinary: ((chunk: Buffer) => void) | undefined;
  #socket: Socket | undefined;
  #held: Held[] = [];
  #flowing = false;
  /** What the one who reads us asked for. */
  #paused = false;
  #reason: CloseReason = 'lost';
  #over = false;

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('drain', () => this.onDrain());
    if (!this.#flowing) socket.pause();
  }

  set onBinary(handler: (chunk: Buffer) => void) {
    const first = this.#onBinary === undefined;
    this.#onBinary = handler;
    // After the other handlers, which are set in the same breath.
    if (first) queueMicrotask(() => this.#flow());
  }

  get onBinary(): (chunk: Buffer) => void {
    return this.#onBinary ?? (() => undefined);
  }

  sendBinary(chunk: Uint8Array): boolean {
    const socket = this.#writable();
    if (!socket) return true;
    writeBinary(socket, chunk);
    return socket.writableLength <= HIGH_WATER;
  }

  sendText(text: string): boolean {
    const socket = this.#writable();
    if (!socket) return true;
    socket.write(encodeText(text));
    return socket.writableLength <= HIGH_WATER;
  }

  pause(): void {
    this.#paused = true;
    this.#socket?.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#flowing) this.#socket?.resume();
  }

  close(): void {
    if (this.#reason === 'lost') this.#reason = 'closed';
    this.#socket?.destroy();
  }

  link(text: string): void {
    const frame = LinkFrame.safeParse(JSON.parse(text));
    if (frame.success && frame.data.t === 'bye' && this.#reason === 'lost') this.#reason = frame.data.reason;
  }

  text(text: string): void {
    if (this.#flowing) this.onText(text);
    else this.#held.push({ text });
  }

  binary(piece: Buffer): void {
    if (this.#flowing) this.onBinary(piece);
    else this.#held.push({ binary: piece });
  }

  closed(): void {
    this.#over = true;
    if (this.#flowing) this.onClose(this.#reason);
  }

  #flow(): void {
    this.#flowing = true;
    for (const held of this.#held.splice(0)) {
      if ('text' in held) this.onText(held.text);
      else this.onBinary(held.binary);
    }
    if (this.#over) this.onClose(this.#reason);
    else if (!this.#paused) this.#socket?.resume();
  }

  #writable(): Socket | undefined {
    return this.#socket?.writable ? this.#socket : undefined;
  }
}
