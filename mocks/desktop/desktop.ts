/** The demo desktop: one shell with a few windows, and everyone who connects to it. */
import { clock } from './apps/clock.ts';
import { messages } from './apps/messages.ts';
import { motion } from './apps/motion.ts';
import { createShellCommands } from './apps/commands.ts';
import { sketch } from './apps/sketch.ts';
import { terminal } from './apps/terminal.ts';
import { Clients } from './clients.ts';
import { Comm, type SessionFacts } from './comm.ts';
import { RfbPeer } from './rfb-peer.ts';
import { Shell, type Watcher } from './shell.ts';

const WIDTH = 1280;
const HEIGHT = 800;

export class DemoDesktop {
  readonly #session: SessionFacts;
  readonly #shell: Shell;
  readonly #clients = new Clients();
  readonly #run;
  #opened = 0;

  constructor(session: SessionFacts) {
    this.#session = session;
    this.#shell = new Shell(WIDTH, HEIGHT, session.name);
    this.#run = createShellCommands({
      clients: this.#clients,
      size: () => ({ width: this.#shell.frame.width, height: this.#shell.frame.height }),
      open: (app) => this.#open(app),
      bell: () => this.#shell.bell(),
      copy: (text) => this.#shell.copy(text),
    });
    this.#shell.open(clock, { x: 960, y: 60, width: 220, height: 248 });
    this.#shell.open(motion, { x: 480, y: 540, width: 300, height: 200 });
    this.#shell.open((window) => messages(window, this.#clients), { x: 60, y: 530, width: 360, height: 230 });
    this.#shell.open(sketch, { x: 820, y: 360, width: 360, height: 260 });
    this.#shell.open((window) => terminal(window, this.#run), { x: 60, y: 60, width: 720, height: 440 });
  }

  /**
   * Speaks with a viewer: ArrayBuffers are RFB, strings text frames, `null` says that the other end is gone. RFB
   * begins after the viewer's hello, as on a real server.
   */
  serve(port: MessagePort): void {
    let rfb: { peer: RfbPeer; stop: () => void } | undefined;
    const comm = new Comm(
      `demo-${crypto.randomUUID().slice(0, 8)}`,
      this.#session,
      {
        welcomed: () => {
          rfb = this.#startRfb(port);
        },
        answer: (answer) => this.#clients.answered(answer),
      },
      (text) => port.postMessage(text),
    );
    this.#clients.add(comm);
    const close = (): void => {
      rfb?.stop();
      this.#clients.remove(comm);
      port.close();
    };
    port.addEventListener('message', (event: MessageEvent<ArrayBuffer | string | null>) => {
      try {
        if (event.data === null) close();
        else if (typeof event.data === 'string') comm.receive(event.data);
        else rfb?.peer.push(new Uint8Array(event.data));
      } catch {
        // Not RFB, or not our frames: where the next message begins is unknown.
        port.postMessage(null);
        close();
      }
    });
    port.start();
  }

  #startRfb(port: MessagePort): { peer: RfbPeer; stop: () => void } {
    const peer: RfbPeer = new RfbPeer(
      this.#shell.frame,
      this.#shell.eventsFor(() => watcher),
      (bytes) => {
        port.postMessage(bytes.buffer, [bytes.buffer]);
      },
    );
    const watcher: Watcher = peer;
    const unwatch = this.#shell.watch(watcher);
    return {
      peer,
      stop: () => {
        unwatch();
        peer.close();
      },
    };
  }

  #open(app: 'terminal' | 'clock' | 'sketch'): void {
    const offset = 40 + 32 * (this.#opened++ % 8);
    if (app === 'terminal') {
      const at = { x: offset, y: offset, width: 640, height: 380 };
      this.#shell.open((window) => terminal(window, this.#run), at);
    } else {
      this.#shell.open(app === 'clock' ? clock : sketch, { x: offset + 200, y: offset, width: 300, height: 320 });
    }
  }
}
