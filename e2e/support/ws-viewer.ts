/** A viewer without a picture: the socket's text frames alone, for tests of what scripts and viewers say to each other. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientCommAnswer, ClientCommMessage } from '../../src/contract/clientcomm.ts';
import { parsePartFrame, PartReceiver } from '../../src/contract/parts.ts';
import { ServerFrame, type Welcome } from '../../src/contract/socket.ts';
import type { TestServer } from './server.ts';
import type { SessionRow } from './x-display.ts';

export class WsViewer {
  readonly messages: ClientCommMessage[] = [];
  readonly cancelled: number[] = [];
  readonly #socket: WebSocket;
  readonly #parts = new PartReceiver();
  #welcome: Welcome | undefined;
  #changed = () => {};
  /** Called with each message. */
  onMessage: (message: ClientCommMessage) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.#text(data.toString());
      this.#changed();
    });
  }

  static async open(server: TestServer, session: SessionRow): Promise<WsViewer> {
    const { password } = await server.api<{ password: string }>('POST', '/api/connect', { id: session.id });
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/session/${session.id}`);
    const viewer = new WsViewer(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ t: 'hello', v: 1, ticket: password }));
    await viewer.until(() => viewer.#welcome !== undefined);
    return viewer;
  }

  get id(): string {
    return this.#welcome?.clientId ?? '';
  }

  answer(answer: ClientCommAnswer): void {
    this.#socket.send(JSON.stringify({ t: 'answer', answer }));
  }

  async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  close(): void {
    this.#socket.terminate();
  }

  #text(text: string): void {
    const part = parsePartFrame(text);
    if (part?.t === 'part') {
      this.#socket.send(JSON.stringify({ t: 'part.ack', id: part.id, i: part.i }));
      const whole = this.#parts.receive(part);
      if (whole !== undefined) this.#text(whole);
      return;
    }
    const frame = ServerFrame.parse(JSON.parse(text));
    if (frame.t === 'welcome') this.#welcome = frame;
    else if (frame.t === 'cancel') this.cancelled.push(frame.number);
    else if (frame.t === 'clientcomm') {
      this.messages.push(frame.message);
      this.onMessage(frame.message);
    }
  }
}
