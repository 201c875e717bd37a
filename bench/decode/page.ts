/** The browser's half: plays a recording into one of the two viewers and says how long it took. */
import RFB from '@novnc/novnc';
import { ScreenClient, type ScreenEvent } from '../../src/screen/client.ts';
import type { AloneRequest } from './alone.ts';
import { parseRecording, type Stream } from './recording.ts';

export interface Played {
  /** From the first byte behind the handshake to the return of the last paint call. */
  ms: number;
  memory: number;
}

export interface BenchPage {
  load(name: string): Promise<void>;
  ours(updates: number, repeats: number): Promise<Played>;
  novnc(updates: number, repeats: number): Promise<Played>;
  /** Milliseconds of decoding alone, `repeats` times the whole stream in one piece, per time. */
  decode(repeats: number): Promise<number>;
  /** In real time from a socket; resolves when the server has closed it. */
  realtime(url: string): Promise<void>;
  difference(who: 'ours' | 'novnc'): Promise<number>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}

const alone = new Worker(new URL('./alone.ts', import.meta.url), { type: 'module' });
const events: ScreenEvent[] = [];
const waiting: { wanted: ScreenEvent['type']; resolve: () => void }[] = [];
const host = element('ours');
const canvas = document.createElement('canvas');
host.append(canvas);
const client = new ScreenClient(canvas, (event) => {
  events.push(event);
  for (const wait of waiting.filter((one) => one.wanted === event.type)) {
    waiting.splice(waiting.indexOf(wait), 1);
    wait.resolve();
  }
});

let stream: Stream;
let reference: { sha256: string; rgba: Uint8ClampedArray | undefined };

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id}`);
  return found;
}

function next(wanted: ScreenEvent['type']): Promise<void> {
  return new Promise((resolve) => waiting.push({ wanted, resolve }));
}

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));
const now = (): number => performance.timeOrigin + performance.now();

/** The other end of a port: counts update requests, which follow every decoded update. */
function counting(port: MessagePort): { until(requests: number): Promise<void> } {
  let requests = 0;
  let check = (): void => undefined;
  port.addEventListener('message', (event: MessageEvent<ArrayBuffer | null>) => {
    if (event.data === null || new Uint8Array(event.data)[0] !== 3) return;
    requests++;
    check();
  });
  port.start();
  return {
    until: (wanted) =>
      new Promise((resolve) => {
        check = () => {
          if (requests >= wanted) resolve();
        };
        check();
      }),
  };
}

async function playOurs(updates: number): Promise<Played> {
  const { port1, port2 } = new MessageChannel();
  const requests = counting(port1);
  const connected = next('connected');
  client.open({ transport: { kind: 'port', port: port2 }, quality: 6 });
  for (const bytes of stream.handshake) port1.postMessage(bytes.slice().buffer);
  await connected;
  const buffers = stream.chunks.map((chunk) => chunk.bytes.slice().buffer);
  await frame();
  const start = now();
  for (const buffer of buffers) port1.postMessage(buffer, [buffer]);
  // One request is sent after the handshake, and one after each update.
  await requests.until(updates + 1);
  for (;;) {
    const stats = await client.stats();
    if (!stats.unpainted) {
      client.close();
      port1.close();
      return { ms: stats.lastPaint - start, memory: stats.memory };
    }
    await frame();
  }
}

/** What noVNC takes for a data channel. */
class Channel {
  binaryType = 'arraybuffer';
  protocol = '';
  readyState = 'open';
  onopen: (() => void) | null = null;
  onclose: ((event: unknown) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  requests = 0;
  check: () => void = () => undefined;
  send(data: Uint8Array): void {
    if (data[0] === 3) this.requests++;
    this.check();
  }
  close(): void {
    this.readyState = 'closed';
    this.onclose?.({ code: 1000, reason: '', wasClean: true });
  }
}

async function playNovnc(updates: number): Promise<Played> {
  const target = element('novnc');
  target.replaceChildren();
  const channel = new Channel();
  const rfb = new RFB(target, channel, { shared: true });
  await new Promise<void>((resolve) => {
    rfb.addEventListener('connect', () => resolve());
    const pump = (index: number): void => {
      const bytes = stream.handshake[index];
      if (!bytes) return;
      channel.onmessage?.({ data: bytes.slice().buffer });
      setTimeout(() => pump(index + 1), 1);
    };
    setTimeout(() => pump(0), 5);
  });
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => channel.onmessage?.({ data: event.data }));
  port2.start();
  const buffers = stream.chunks.map((chunk) => chunk.bytes.slice().buffer);
  await frame();
  const decoded = new Promise<void>((resolve) => {
    channel.check = () => {
      if (channel.requests >= updates + 1) resolve();
    };
  });
  const start = now();
  for (const buffer of buffers) port1.postMessage(buffer, [buffer]);
  await decoded;
  await rfb._display.flush();
  const ms = now() - start;
  port1.close();
  port2.close();
  last = rfb;
  return { ms, memory: 0 };
}

let last: RFB | undefined;

async function repeated(play: (updates: number) => Promise<Played>, updates: number, repeats: number): Promise<Played> {
  let ms = 0;
  let memory = 0;
  for (let i = 0; i < repeats; i++) {
    last?.disconnect();
    last = undefined;
    const played = await play(updates);
    ms += played.ms;
    memory = played.memory;
  }
  return { ms: ms / repeats, memory };
}

/** A wrong picture stays wrong for longer. */
const STALE_MS = 1000;
/** Levels by which pictures from JPEGs may differ. */
const LOSSY = 8;
/** The last 32 × 32 corner may hold a cursor. */
const CORNER = 32;

async function differenceOf(shown: HTMLCanvasElement): Promise<number> {
  await frame();
  await frame();
  const { width, height } = stream;
  if (shown.width !== width || shown.height !== height) return 255;
  const copy = document.createElement('canvas');
  copy.width = width;
  copy.height = height;
  const context = copy.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no context');
  context.drawImage(shown, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  if (!reference.rgba) return (await sha256(data)) === reference.sha256 ? 0 : 255;
  let worst = 0;
  for (let y = 0; y < height; y++) {
    const columns = y >= height - CORNER ? width - CORNER : width;
    for (let at = y * width * 4; at < (y * width + columns) * 4; at++) {
      const difference = Math.abs((data[at] ?? 0) - (reference.rgba[at] ?? 0));
      if (difference > worst) worst = difference;
    }
  }
  return worst;
}

async function sha256(rgba: Uint8ClampedArray): Promise<string> {
  const { width, height } = stream;
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.set(rgba.subarray(i * 4, i * 4 + 3), i * 3);
  for (let y = height - CORNER; y < height; y++) rgb.fill(0, (y * width + width - CORNER) * 3, (y + 1) * width * 3);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', rgb));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function pictureOf(name: string): Promise<Uint8ClampedArray | undefined> {
  const response = await fetch(`/recordings/${name}.png`);
  if (!response.ok) return undefined;
  const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: 'none' });
  const copy = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = copy.getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return context?.getImageData(0, 0, bitmap.width, bitmap.height).data;
}

window.bench = {
  async load(name) {
    const response = await fetch(`/recordings/${name}.rfb`);
    if (!response.ok) throw new Error(`no recording ${name}`);
    stream = parseRecording(new Uint8Array(await response.arrayBuffer()));
    reference = { sha256: stream.finalRgbSha256, rgba: await pictureOf(name) };
  },
  ours: (updates, repeats) => repeated(playOurs, updates, repeats),
  novnc: (updates, repeats) => repeated(playNovnc, updates, repeats),
  async decode(repeats) {
    const whole = new Uint8Array(stream.bytes);
    let at = 0;
    for (const { bytes } of stream.chunks) {
      whole.set(bytes, at);
      at += bytes.length;
    }
    const request: AloneRequest = { handshake: stream.handshake, stream: whole, repeats };
    alone.postMessage(request, [whole.buffer]);
    return new Promise((resolve) => {
      alone.addEventListener('message', (event: MessageEvent<number>) => resolve(event.data), { once: true });
    });
  },
  async realtime(url) {
    const closed = next('closed');
    client.open({ transport: { kind: 'websocket', url }, quality: 6 });
    await closed;
  },
  async difference(who) {
    const shown = who === 'ours' ? canvas : element('novnc').querySelector('canvas');
    if (!shown) throw new Error('no canvas');
    // What a page reads from a worker's canvas is a frame or more behind what was painted there.
    const until = performance.now() + STALE_MS;
    for (;;) {
      const difference = await differenceOf(shown);
      if (difference <= (stream.lossy ? LOSSY : 0) || performance.now() > until) return difference;
    }
  },
};
