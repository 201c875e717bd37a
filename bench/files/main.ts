/**
 * A file of 4 GiB out of a session and one into it, by what a viewer does: over HTTP, through server and link.
 *
 * `peakMiB` is the most resident memory that each of the two ever had, from before the first byte on.
 */
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { TestServer } from '../../e2e/support/server.ts';
import { FILES_PATH, OFFSET_HEADER, VIEWER_SCHEME } from '../../src/contract/files.ts';
import { SOCKET_VERSION } from '../../src/contract/socket.ts';
import { rounded } from '../support/statistics.ts';

const MIB = 1024 * 1024;
const SIZE = 4096 * MIB;
/** As the viewer sends them. */
const PIECE = 8 * MIB;

interface Row {
  readonly way: string;
  readonly seconds: number;
  readonly mibPerSecond: number;
  readonly serverMiB: { readonly before: number; readonly peak: number };
  readonly linkMiB: { readonly before: number; readonly peak: number };
}

async function memory(pid: number, member: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${member}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
}

/** A viewer's connection, which gives the key; the socket stays open for as long as files are moved. */
async function viewer(server: TestServer, id: string): Promise<{ key: string; close(): void }> {
  const { password } = await server.api<{ password: string }>('POST', '/api/connect', { id });
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/session/${id}`, {
    headers: { origin: server.url },
  });
  const key = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () =>
      socket.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ticket: password, clientVersion: 'bench' })),
    );
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return;
      const frame: { t: string; files?: { key: string } } = JSON.parse(data.toString());
      if (frame.t === 'welcome' && frame.files) resolve(frame.files.key);
      else if (frame.t === 'error') reject(new Error(data.toString()));
    });
  });
  return { key, close: () => socket.close() };
}

export async function main(): Promise<Row[]> {
  const server = await TestServer.start();
  const folder = join(server.dataDir, 'home', 'bench');
  const rows: Row[] = [];
  try {
    const { session } = await server.api<{ session: { id: string } }>('POST', '/api/start', {
      command: 'xterm',
      geometry: '800x600',
    });
    await mkdir(folder);
    const { key, close } = await viewer(server, session.id);
    const authorization = `${VIEWER_SCHEME} ${key}`;
    const call = async <Result>(name: string, input: object): Promise<Result> => {
      const answer = await fetch(`${server.url}${FILES_PATH}/${name}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      const { result, error }: { result: Result; error?: unknown } = await answer.json();
      if (error) throw new Error(JSON.stringify(error));
      return result;
    };
    const link = await server.linkPid();

    const take = async (way: string, transfer: () => Promise<void>) => {
      const pids = [server.pid, link];
      for (const pid of pids) await writeFile(`/proc/${pid}/clear_refs`, '5');
      const before = await Promise.all(pids.map((pid) => memory(pid, 'VmRSS')));
      const began = performance.now();
      await transfer();
      const seconds = (performance.now() - began) / 1000;
      const peak = await Promise.all(pids.map((pid) => memory(pid, 'VmHWM')));
      const both = (at: number) => ({ before: rounded(before[at] ?? 0), peak: rounded(peak[at] ?? 0) });
      const row = {
        way,
        seconds: rounded(seconds),
        mibPerSecond: rounded(SIZE / MIB / seconds),
        serverMiB: both(0),
        linkMiB: both(1),
      };
      rows.push(row);
      console.log(
        `${way.padEnd(9)} ${row.seconds} s, ${row.mibPerSecond} MiB/s; resident before and at most, MiB: ` +
          `server ${row.serverMiB.before} → ${row.serverMiB.peak}, link ${row.linkMiB.before} → ${row.linkMiB.peak}`,
      );
    };

    const sparse = join(folder, 'out.bin');
    const handle = await open(sparse, 'w');
    await handle.truncate(SIZE);
    await handle.close();
    await take('download', async () => {
      const { url } = await call<{ url: string }>('offer', { path: sparse });
      let got = 0;
      const answer = await fetch(server.url + url);
      for await (const piece of answer.body ?? []) got += (piece as Uint8Array).length;
      if (got !== SIZE) throw new Error(`${got} bytes came`);
    });
    await rm(sparse);

    await take('upload', async () => {
      const upload = { folder, name: 'in.bin', size: SIZE, modified: 1 };
      const { id } = await call<{ id: string }>('begin', upload);
      const piece = Buffer.alloc(PIECE, 'casement');
      for (let offset = 0; offset < SIZE; offset += PIECE) {
        const answer = await fetch(`${server.url}${FILES_PATH}/upload/${id}`, {
          method: 'PUT',
          headers: { authorization, 'content-type': 'application/octet-stream', [OFFSET_HEADER]: String(offset) },
          body: piece,
        });
        if (!answer.ok) throw new Error(await answer.text());
        await answer.arrayBuffer();
      }
      await call('finish', { id });
      const { size } = await stat(join(folder, 'in.bin'));
      if (size !== SIZE) throw new Error(`${size} bytes arrived`);
    });
    close();
  } finally {
    await server.stop();
  }
  return rows;
}
