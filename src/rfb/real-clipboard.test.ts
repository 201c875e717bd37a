/** The extended clipboard with an Xvnc whose clipboard is on, and a program of X that copies and pastes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import type { RectangleDecoder, RfbEvent } from './events.ts';
import { RfbSession } from './session.ts';

const TEXT = 'Grüße, 世界 🎉\nund mehr';
const directory = mkdtempSync(join(tmpdir(), 'casement-clipboard-'));
const path = join(directory, 'rfb');
let server: ChildProcess;
let display = '';
const programs: ChildProcess[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  const place = ['-rfbport', '-1', '-rfbunixpath', path, '-rfbunixmode', '0600', '-nolisten', 'tcp'];
  server = spawn('Xvnc', ['-displayfd', '3', '-geometry', '64x48', '-SecurityTypes', 'None', ...place], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = server.stdio[3];
  if (!pipe || !('on' in pipe)) throw new Error('no pipe');
  const [number] = (await once(pipe, 'data')) as [Buffer];
  display = `:${number.toString().trim()}`;
}, 20_000);

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(async () => {
  for (const process of [...programs, server]) {
    if (process.exitCode !== null || process.signalCode !== null) continue;
    const gone = once(process, 'exit');
    process.kill('SIGTERM');
    await gone;
  }
  rmSync(directory, { recursive: true, force: true });
});

/** Reads past pixels without keeping them. */
function passOver(): RectangleDecoder {
  let left = 0;
  const resume = (reader: ByteReader): number => {
    const take = Math.min(left, reader.available);
    reader.skip(take);
    left -= take;
    return left > 0 ? 1 : 0;
  };
  return {
    resize: () => undefined,
    begin: (_encoding, _x, _y, width, height, reader) => {
      left = width * height * 4;
      return resume(reader);
    },
    resume,
  };
}

/** A session, and a way to wait for an event of it; what the connection breaks by is thrown there. */
async function open(clipboard: boolean) {
  const socket = connect(path);
  sockets.push(socket);
  const reader = new ByteReader(new Uint8Array(1 << 20), 0, 0);
  const events: RfbEvent[] = [];
  /** Types of the messages sent, and of the clipboard's how long they were. */
  const sent: string[] = [];
  let broken: string | undefined;
  const session = new RfbSession(
    reader,
    passOver(),
    {
      send: (bytes) => {
        if (bytes[0] === 6) sent.push((bytes[4] ?? 0) & 0x80 ? 'extended' : 'plain');
        socket.write(bytes);
      },
      event: (event) => events.push(event),
      updated: () => undefined,
    },
    {
      shared: true,
      viewOnly: false,
      quality: null,
      compression: 2,
      abilities: { jpeg: false, h264: false },
      encodings: ['raw'],
      clipboard,
    },
  );
  const take = async (): Promise<void> => {
    for (;;) {
      const need = session.advance();
      if (typeof need !== 'number') await need;
      else while (reader.available < need) await once(socket, 'data');
    }
  };
  socket.on('data', (chunk) => {
    reader.bytes.copyWithin(0, reader.position, reader.end);
    reader.end -= reader.position;
    reader.position = 0;
    reader.bytes.set(chunk, reader.end);
    reader.end += chunk.length;
  });
  take().catch((error: unknown) => {
    broken = `${error instanceof Error ? error.message : 'it'} ended the session`;
  });
  const until = (wanted: () => boolean): Promise<void> =>
    expect.poll(() => broken ?? wanted(), { timeout: 10_000, interval: 20 }).toBe(true);
  await until(() => events.some(({ type }) => type === 'connected'));
  return { session, events, sent, until };
}

function xclip(...args: string[]): ChildProcess {
  const child = spawn('xclip', ['-quiet', '-selection', 'clipboard', '-target', 'UTF8_STRING', ...args], {
    env: { ...process.env, DISPLAY: display },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  programs.push(child);
  return child;
}

/** Copies, as a program in the session does. */
function copy(text: string): void {
  xclip('-in').stdin?.end(text);
}

/** Pastes, as a program in the session does. */
async function paste(): Promise<string> {
  const child = xclip('-out');
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  await once(child, 'close');
  return Buffer.concat(parts).toString();
}

it('hears what a program copies, in Unicode', async () => {
  const { events, until } = await open(true);
  copy(TEXT);
  await until(() => events.some((event) => event.type === 'clipboard' && event.text === TEXT));
});

it('gives a program what it pastes, in Unicode', async () => {
  const { session, sent, until } = await open(true);
  // The server has said what it has once ours was said back.
  await until(() => sent.includes('extended'));
  session.clipboard(TEXT);
  await expect.poll(paste, { timeout: 10_000 }).toBe(TEXT);
  expect(sent).not.toContain('plain');
});

it('falls back to Latin-1 where it was not asked for', async () => {
  const { session, events, sent, until } = await open(false);
  session.clipboard('Grüße, 世界');
  await expect.poll(paste, { timeout: 10_000 }).toBe('Grüße, ??');
  copy('Zurück');
  await until(() => events.some((event) => event.type === 'clipboard' && event.text === 'Zurück'));
  expect(sent).toEqual(['plain']);
});
