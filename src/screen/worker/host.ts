/** Answers the page's side of a screen, in a worker or, where that cannot be, on the page's own thread. */
import decoderUrl from '../../../decoder/build/decoder.wasm?url';
import type { FromWorker, ToWorker } from '../messages.ts';
import type { OpenOptions, ScreenEvent, ScreenStats } from '../types.ts';
import { Connection } from './connection.ts';
import { WasmDecoder } from './decoder.ts';
import { hasVideo } from './has-video.ts';
import { Painter, type AnyCanvas } from './painter.ts';

export interface ScreenHost {
  init(canvas: AnyCanvas): void;
  receive(message: ToWorker): void;
  dispose(): void;
}

type Reply = (message: FromWorker, transfer?: Transferable[]) => void;

export function createScreenHost(reply: Reply, thread: ScreenStats['thread']): ScreenHost {
  const loading = load();
  /** Messages that come while the decoder is being compiled, in order. */
  let early: ToWorker[] | undefined = [];
  let canvas: AnyCanvas | undefined;
  let decoder: WasmDecoder | undefined;
  let painter: Painter | undefined;
  let connection: Connection | undefined;
  /** Why nothing can be opened here, once that is known. */
  let broken: string | undefined;
  let abilities = { jpeg: true, h264: false };
  let epoch = 0;

  const emit = (of: number, event: ScreenEvent): void => {
    const transfer = event.type === 'cursor' ? [event.rgba.buffer] : [];
    reply({ type: 'event', epoch: of, event }, transfer);
  };

  const start = async (module: WebAssembly.Module): Promise<void> => {
    abilities = { jpeg: true, h264: await hasVideo() };
    if (!canvas) throw new Error('no canvas');
    decoder = new WasmDecoder(module, (x, y, width, height) => painter?.damage.add(x, y, width, height));
    painter = new Painter(canvas, () => emit(epoch, { type: 'painted-first' }));
  };

  const fail = (of: number, detail: string): void => {
    emit(of, { type: 'closed', code: 1006, reason: '', error: { code: 'viewer-unsupported', detail } });
  };

  const open = (of: number, options: OpenOptions): void => {
    connection?.close();
    epoch = of;
    if (!decoder || !painter) {
      fail(of, broken ?? 'no canvas');
      return;
    }
    connection = new Connection(options, abilities, decoder, painter, (event) => emit(of, event));
  };

  const stats = (): ScreenStats => ({
    bytesIn: connection?.bytesIn ?? 0,
    bytesOut: connection?.bytesOut ?? 0,
    updates: connection?.session.updates ?? 0,
    rectangles: connection?.session.rectangles ?? 0,
    encodings: connection?.session.encodings ?? {},
    paints: painter?.paints ?? 0,
    paintedPixels: painter?.paintedPixels ?? 0,
    decodeMs: connection?.decodeMs ?? 0,
    paintMs: painter?.paintMs ?? 0,
    lastPaint: painter?.lastPaint ?? 0,
    unpainted: !(painter?.damage.empty ?? true),
    memory: decoder?.memoryBytes ?? 0,
    thread,
  });

  const act = (message: ToWorker): void => {
    const session = connection?.session;
    switch (message.type) {
      case 'init':
        break;
      case 'open':
        open(message.epoch, message.options);
        break;
      case 'close':
        if (message.epoch === epoch) connection?.close();
        break;
      case 'key':
        session?.key(message.down, message.keysym, message.xtCode);
        break;
      case 'pointer':
        session?.pointer(message.x, message.y, message.buttons);
        break;
      case 'resize':
        session?.resize(message.width, message.height, message.layout);
        break;
      case 'second':
        painter?.setSecond(message.canvas);
        break;
      case 'text':
        connection?.sendText(message.json);
        break;
      case 'clipboard':
        session?.clipboard(message.text);
        break;
      case 'server-key':
        connection?.answerServerKey(message.fingerprint, message.accepted);
        break;
      case 'refresh':
        session?.refresh();
        break;
      case 'view-only':
        session?.setViewOnly(message.viewOnly);
        break;
      case 'quality':
        session?.setPicture({ quality: message.quality, compression: message.compression });
        break;
      case 'visible':
        painter?.setVisible(message.visible);
        connection?.pause(!message.visible);
        break;
      case 'screenshot': {
        const rgba = new Uint8ClampedArray(decoder?.rgba() ?? []);
        const screenshot = { width: decoder?.width ?? 0, height: decoder?.height ?? 0, rgba };
        reply({ type: 'screenshot', id: message.id, screenshot }, [rgba.buffer]);
        break;
      }
      case 'stats':
        reply({ type: 'stats', id: message.id, stats: stats() });
        break;
    }
  };

  const receive = (message: ToWorker): void => {
    if (early) early.push(message);
    else act(message);
  };

  return {
    init(surface) {
      canvas = surface;
      void loading
        .then(start)
        .catch((cause: unknown) => {
          broken = String(cause);
        })
        .then(() => {
          const waiting = early ?? [];
          early = undefined;
          waiting.forEach(act);
        });
    },
    receive,
    dispose() {
      connection?.close();
      connection = undefined;
      painter?.dispose();
    },
  };
}

async function load(): Promise<WebAssembly.Module> {
  const response = await fetch(decoderUrl);
  if (!response.ok) throw new Error(`the decoder could not be loaded (${response.status})`);
  // Servers that name another type than application/wasm still work this way.
  return WebAssembly.compile(await response.arrayBuffer());
}
