/** Connections follow each other on one decoder: what is over touches it no more. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScreenEvent } from '../types.ts';
import { Connection } from './connection.ts';
import { WasmDecoder } from './decoder.ts';
import { Painter } from './painter.ts';

class Socket extends EventTarget {
  static readonly OPEN = 1;
  readonly readyState = 1;
  readonly sent: Uint8Array[] = [];
  send(data: Uint8Array) {
    this.sent.push(data);
  }
  close() {}
  receive(...bytes: (string | number)[]) {
    const data = Uint8Array.from(bytes.flatMap((one) => (typeof one === 'string' ? [...Buffer.from(one)] : one)));
    this.dispatchEvent(new MessageEvent('message', { data: data.buffer }));
  }
  lose() {
    this.dispatchEvent(Object.assign(new Event('close'), { code: 1006, reason: '' }));
  }
}

const ABILITIES = { jpeg: true, h264: false };
const GREETING = 'RFB 003.008\n';
const VNC_AUTH = 2;
const CHALLENGE = '0123456789abcdef';

let sockets: Socket[];
let events: ScreenEvent[];
let decoder: WasmDecoder;
let painter: Painter;

beforeEach(async () => {
  sockets = [];
  events = [];
  vi.stubGlobal(
    'WebSocket',
    class extends Socket {
      constructor() {
        super();
        sockets.push(this);
      }
    },
  );
  const module = await WebAssembly.compile(await readFile('decoder/build/decoder.wasm'));
  decoder = new WasmDecoder(module, () => undefined);
  painter = new Painter({ width: 1, height: 1, getContext: () => ({}) }, () => undefined);
});
afterEach(() => {
  painter.dispose();
  vi.unstubAllGlobals();
});

function open() {
  const options = { transport: { kind: 'websocket', url: 'ws://host/' }, password: 'secret' } as const;
  const connection = new Connection(options, ABILITIES, decoder, painter, (event) => events.push(event));
  return { connection, socket: sockets.at(-1) as Socket };
}

describe('a connection that ends while it waits for code', () => {
  it.each(['closed by us', 'lost'])('leaves the bytes of the next one alone: %s', async (how) => {
    const first = open();
    // What follows the challenge has to wait until there is something that can answer it.
    first.socket.receive(GREETING, 1, VNC_AUTH, CHALLENGE, 'of the first');
    if (how === 'lost') first.socket.lose();
    const over = events.splice(0);
    expect(over.map(({ type }) => type)).toEqual(how === 'lost' ? ['closed'] : []);
    first.connection.close();
    const second = open();
    second.socket.receive('RFB 0');
    await vi.dynamicImportSettled();
    second.socket.receive('03.008\n', 1, VNC_AUTH, CHALLENGE);
    await expect.poll(() => second.socket.sent.length).toBe(3);
    expect(Buffer.from(second.socket.sent[0] ?? []).toString()).toBe(GREETING);
    expect(second.socket.sent[2]).toHaveLength(16);
    expect(events).toEqual([]);
  });
});
