/**
 * The page's side of a screen. Pixels never come here: a worker holds the socket, the decoder and the canvas, and this
 * class only hands input down and events up. Where a canvas cannot be handed to a worker the same core runs here.
 */
import type { FromWorker, ToWorker } from './messages.ts';
import { startWorker } from './start-worker.ts';
import type { Area, OpenOptions, ScreenEvent, ScreenStats, Screenshot } from './types.ts';

export { areasShown } from './areas.ts';
export type {
  Area,
  Capabilities,
  OpenOptions,
  ScreenEvent,
  ScreenRect,
  ScreenStats,
  Screenshot,
  ServerKey,
  Transport,
} from './types.ts';

/** The other side, in a worker or on this thread. */
interface Peer {
  post(message: ToWorker, transfer?: Transferable[]): void;
  terminate(): void;
}

/**
 * One canvas, one remote screen at a time. `open()` may be called again and again with the same canvas; the last
 * picture stays until the next one comes. Every `open()` ends in exactly one `closed` event, unless `dispose()` came first.
 */
export class ScreenClient {
  readonly #canvas: HTMLCanvasElement;
  readonly #onEvent: (event: ScreenEvent) => void;
  readonly #peer: Promise<Peer>;
  readonly #answers = new Map<number, (message: FromWorker) => void>();
  readonly #visibility = (): void => this.#post({ type: 'visible', visible: !document.hidden });
  #ready: Peer | undefined;
  #epoch = 0;
  #open = false;
  #nextId = 1;
  #disposed = false;
  #broken: string | undefined;

  constructor(canvas: HTMLCanvasElement, onEvent: (event: ScreenEvent) => void) {
    this.#canvas = canvas;
    this.#onEvent = onEvent;
    const workerPossible = typeof Worker === 'function' && 'transferControlToOffscreen' in canvas;
    this.#peer = workerPossible ? Promise.resolve(this.#startWorker()) : this.#startHere();
    this.#peer.then(
      (peer) => {
        this.#ready = peer;
      },
      (cause: unknown) => this.#fail(String(cause)),
    );
    document.addEventListener('visibilitychange', this.#visibility);
  }

  open(options: OpenOptions): void {
    if (this.#disposed) return;
    if (this.#open) this.close();
    this.#epoch++;
    this.#open = true;
    if (this.#broken !== undefined) {
      this.#fail(this.#broken);
      return;
    }
    const { transport } = options;
    this.#post({ type: 'open', epoch: this.#epoch, options }, transport.kind === 'port' ? [transport.port] : undefined);
    this.#visibility();
  }

  /** Ends the connection; `closed` with code 1000 follows at once. */
  close(): void {
    if (!this.#open) return;
    this.#post({ type: 'close', epoch: this.#epoch });
    this.#emit({ type: 'closed', code: 1000, reason: '' });
  }

  /** `xtCode`: the PC scan code (extended ones with 0x80 set), sent where the server understands it; 0 = unknown. */
  key(down: boolean, keysym: number, xtCode = 0): void {
    this.#post({ type: 'key', down, keysym, xtCode });
  }

  /** Framebuffer coordinates, 0 to 65535; `buttons` is RFB's mask, bit 7 and up for back, forward and the like. */
  pointer(x: number, y: number, buttons: number): void {
    this.#post({ type: 'pointer', x, y, buttons });
  }

  /**
   * Asks the server for another size. Kept until the server says that it can, dropped where it never does. `layout`: its
   * screens, where there is to be more than one.
   */
  resize(width: number, height: number, layout?: readonly Area[]): void {
    this.#post({ type: 'resize', width, height, ...(layout ? { layout } : {}) });
  }

  /**
   * A second canvas for the second of the server's screens from the left, which the first canvas does not show then. It
   * may be of another window's page. `null`: no longer. Throws where a canvas cannot be handed over.
   */
  second(canvas: HTMLCanvasElement | null): void {
    const surface = canvas?.transferControlToOffscreen() ?? null;
    this.#post({ type: 'second', canvas: surface }, surface ? [surface] : undefined);
  }

  /** One JSON text frame; a long one is sent in parts. */
  sendText(json: string): void {
    this.#post({ type: 'text', json });
  }

  clipboard(text: string): void {
    this.#post({ type: 'clipboard', text });
  }

  /** As in `OpenOptions`, while connected. */
  setViewOnly(viewOnly: boolean): void {
    this.#post({ type: 'view-only', viewOnly });
  }

  /** Whether the server with this key is the right one; without effect where nobody asked. */
  answerServerKey(fingerprint: string, accepted: boolean): void {
    this.#post({ type: 'server-key', fingerprint, accepted });
  }

  /** Asks for the whole picture anew. */
  refresh(): void {
    this.#post({ type: 'refresh' });
  }

  /** As in `OpenOptions`, while connected. */
  setQuality(quality: number | null, compression: number): void {
    this.#post({ type: 'quality', quality, compression });
  }

  /** A copy of the framebuffer; 0 × 0 before the first connection. */
  async screenshot(): Promise<Screenshot> {
    const answer = await this.#ask((id) => ({ type: 'screenshot', id }));
    if (answer.type !== 'screenshot') throw new Error('the worker answered something else');
    return answer.screenshot;
  }

  async stats(): Promise<ScreenStats> {
    const answer = await this.#ask((id) => ({ type: 'stats', id }));
    if (answer.type !== 'stats') throw new Error('the worker answered something else');
    return answer.stats;
  }

  /** Ends everything. No event comes after this. */
  dispose(): void {
    if (this.#disposed) return;
    this.#post({ type: 'close', epoch: this.#epoch });
    this.#disposed = true;
    this.#open = false;
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#peer.then(
      (peer) => peer.terminate(),
      () => undefined,
    );
  }

  #startWorker(): Peer {
    const worker = startWorker();
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => this.#receive(event.data));
    worker.addEventListener('error', (event) => this.#fail(event.message || 'the worker could not be loaded'));
    const canvas = this.#canvas.transferControlToOffscreen();
    // Transferred after the page has settled, a canvas is not drawn until something about its element changes.
    this.#canvas.style.transform = 'translateZ(0)';
    const init: ToWorker = { type: 'init', canvas };
    worker.postMessage(init, [canvas]);
    return {
      post: (message, transfer = []) => worker.postMessage(message, transfer),
      terminate: () => worker.terminate(),
    };
  }

  async #startHere(): Promise<Peer> {
    const { createScreenHost } = await import('./worker/host.ts');
    const host = createScreenHost((message) => this.#receive(message), 'main');
    host.init(this.#canvas);
    return { post: (message) => host.receive(message), terminate: () => host.dispose() };
  }

  #post(message: ToWorker, transfer?: Transferable[]): void {
    if (this.#disposed) return;
    if (this.#ready) {
      this.#ready.post(message, transfer);
      return;
    }
    this.#peer.then(
      (peer) => peer.post(message, transfer),
      () => undefined,
    );
  }

  #ask(question: (id: number) => ToWorker): Promise<FromWorker> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#post(question(id));
    });
  }

  #receive(message: FromWorker): void {
    if (this.#disposed) return;
    if (message.type === 'event') {
      if (this.#open && message.epoch === this.#epoch) this.#emit(message.event);
      return;
    }
    this.#answers.get(message.id)?.(message);
    this.#answers.delete(message.id);
  }

  #emit(event: ScreenEvent): void {
    if (event.type === 'closed') this.#open = false;
    this.#onEvent(event);
  }

  /** The worker is of no use: this connection ends, and so does every later one. */
  #fail(detail: string): void {
    this.#broken = detail;
    if (this.#disposed || !this.#open) return;
    this.#emit({ type: 'closed', code: 1006, reason: '', error: { code: 'viewer-unsupported', detail } });
  }
}
