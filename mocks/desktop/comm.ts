/** The text frames of one connection: hello and welcome, and what `clientcomm` in the terminal sends and hears. */
import type { ClientCommAnswer } from '../../src/contract/clientcomm.ts';
import { PartReceiver, PartSender } from '../../src/contract/parts.ts';
import { SOCKET_VERSION, ViewerFrame, type ServerFrame } from '../../src/contract/socket.ts';

export interface CommEvents {
  /** The viewer introduced itself and was welcomed: RFB begins. */
  welcomed(): void;
  answer(answer: ClientCommAnswer): void;
}

export interface SessionFacts {
  readonly id: string;
  readonly name: string;
  /** Origins that may embed the viewer. */
  readonly parents: readonly string[];
}

export class Comm {
  readonly clientId: string;
  readonly connected = Date.now();
  readonly #session: SessionFacts;
  readonly #events: CommEvents;
  readonly #post: (text: string) => void;
  readonly #sender: PartSender;
  readonly #receiver = new PartReceiver();
  #welcomed = false;

  constructor(clientId: string, session: SessionFacts, events: CommEvents, post: (text: string) => void) {
    this.clientId = clientId;
    this.#session = session;
    this.#events = events;
    this.#post = post;
    this.#sender = new PartSender(post);
  }

  get welcomed(): boolean {
    return this.#welcomed;
  }

  send(frame: ServerFrame): void {
    this.#sender.send(JSON.stringify(frame));
  }

  /** Frames that are not understood are ignored, as on any server: the viewer may be newer. */
  receive(text: string): void {
    const frame = parse(text);
    switch (frame?.t) {
      case 'hello':
        this.#welcome();
        break;
      case 'ping':
        this.send({ t: 'pong', at: frame.at });
        break;
      case 'part': {
        const whole = this.#receiver.receive(frame);
        this.#post(JSON.stringify({ t: 'part.ack', id: frame.id, i: frame.i }));
        if (whole !== undefined) this.receive(whole);
        break;
      }
      case 'part.ack':
        this.#sender.acknowledged();
        break;
      case 'answer':
        this.#events.answer(frame.answer);
        break;
      case 'clientcomm': {
        // No program of this desktop listens to messages, which is what a script would be told.
        const { number } = frame.message;
        if (number > 0) this.send({ t: 'answer', answer: { number, error: { name: 'unhandled' } } });
        break;
      }
      // This desktop has no limits that could be put off, draws for one size only, and has no list of its windows.
      case 'extend':
      case 'clip.get':
      case 'clip.next':
      case 'clip.put':
      case 'clip.data':
      // It takes keys by what they mean, whatever the layout, and characters as they are.
      case 'keyboard':
      case 'type':
      case 'screen':
      case 'window':
      case undefined:
        break;
    }
  }

  #welcome(): void {
    if (this.#welcomed) return;
    this.#welcomed = true;
    const { id, name, parents } = this.#session;
    this.send({
      t: 'welcome',
      v: SOCKET_VERSION,
      clientId: this.clientId,
      role: 'master',
      resume: `demo-${this.clientId}`,
      session: { id, name, windowMode: 'desktop' },
      parents: [...parents],
    });
    this.#events.welcomed();
  }
}

function parse(text: string): ViewerFrame | undefined {
  try {
    const parsed = ViewerFrame.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
