/** Files through a real link, as its user: what profile and role allow, large ones, and those that break off. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileTransfer } from '../../src/contract/allowances.ts';
import type { Upload } from '../../src/contract/files.ts';
import { ProfileSettings } from '../../src/contract/profile.ts';
import { quiet, TestMachine } from './link.test-support.ts';
import type { FileClient, SessionHost } from './port.ts';

const TIMEOUT = 120_000;
const MIB = 1024 * 1024;
const machine = new TestMachine();
let dir: string;
let host: SessionHost;
/** Below the real home, which is the link's. */
let folder: string;
let session: string;

beforeAll(async () => {
  await machine.build();
  dir = machine.directory('one');
  host = machine.host(dir);
  folder = mkdtempSync(join(machine.user.home, '.casement-test-'));
  session = await begin('both');
}, TIMEOUT);
afterAll(async () => {
  await machine.dispose();
  rmSync(folder, { recursive: true, force: true });
}, TIMEOUT);

async function begin(fileTransfer: FileTransfer): Promise<string> {
  const limits = ProfileSettings.parse({ fileTransfer });
  const start = machine.start('xterm', { profile: fileTransfer, limits });
  return (await host.start(machine.user, start, quiet)).id;
}
const client = (rest: Partial<FileClient> = {}): FileClient => ({
  session,
  login: machine.user.login,
  role: 'master',
  ...rest,
});
const wish = (name: string, size: number): Upload => ({ folder, name, size, modified: 1 });
const refused = (code: string) => expect.objectContaining({ code }) as Error;

async function write(upload: Upload, offset: number, pieces: Iterable<Buffer>, who = client()): Promise<void> {
  const into = await host.files.write(who, upload, offset);
  await new Promise<void>((resolve, reject) => {
    into.once('error', reject);
    const send = async () => {
      for (const piece of pieces) {
        if (!into.write(piece)) await new Promise((go) => into.once('drain', go));
      }
      into.once('finish', resolve).end();
    };
    send().catch(reject);
  });
}

/** Most memory that the process has ever had, in MiB. */
const peak = (pid: number) =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Infinity) / 1024;
/** Begins that measurement anew. */
const resetPeak = (pid: number) => writeFileSync(`/proc/${pid}/clear_refs`, '5');

describe('files through the link', { timeout: TIMEOUT }, () => {
  it('go in and out, and are listed', async () => {
    const upload = wish('note.txt', 11);
    expect(await host.files.begin(client(), upload)).toEqual({ folder, offset: 0, exists: false });
    await write(upload, 0, [Buffer.from('hello '), Buffer.from('world')]);
    expect(await host.files.finish(client(), upload, undefined)).toEqual({ folder, name: 'note.txt' });
    const { entries, home } = await host.files.list(client(), folder);
    expect([home, entries.map(({ name, size }) => [name, size])]).toEqual([machine.user.home, [['note.txt', 11]]]);
    const found = await host.files.find(client(), join(folder, 'note.txt'));
    const read = await host.files.read(client(), found, 6, 5);
    expect(Buffer.concat(await read.toArray()).toString()).toBe('world');
  });

  it('go into folders that are made for them', async () => {
    const made = join(folder, 'made', 'below');
    expect(await host.files.make(client(), folder, ['made', 'below'])).toEqual({ folder: made, made: true });
    const upload = { ...wish('in.txt', 2), folder: made };
    await host.files.begin(client(), upload);
    await write(upload, 0, [Buffer.from('in')]);
    await host.files.finish(client(), upload, undefined);
    expect(readFileSync(join(made, 'in.txt'), 'utf8')).toBe('in');
    for (const below of [['..'], ['made', '../..'], ['a/b']]) {
      await expect(host.files.make(client(), folder, below)).rejects.toThrow(refused('file-name'));
    }
  });

  it.each([
    ['off', []],
    ['upload', ['list', 'begin', 'write', 'make']],
    ['download', ['list', 'find', 'read']],
  ] as const)('are for nobody in more ways than the profile says: %s', async (mode, allowed) => {
    writeFileSync(join(folder, 'there'), 'x');
    const found = await host.files.find(client(), join(folder, 'there'));
    const who = client({ session: await begin(mode) });
    const upload = wish('never', 1);
    const all: Record<string, () => Promise<unknown>> = {
      list: () => host.files.list(who, folder),
      begin: () => host.files.begin(who, upload),
      write: () => write(upload, 0, [], who),
      make: () => host.files.make(who, folder, ['tree', 'below']),
      find: () => host.files.find(who, found.path),
      read: async () => (await host.files.read(who, found, 0, 1)).toArray(),
    };
    for (const [name, call] of Object.entries(all)) {
      if ((allowed as readonly string[]).includes(name)) await call();
      else await expect(call(), name).rejects.toThrow(refused('files-off'));
    }
    if (mode !== 'upload') {
      await expect(host.files.finish(who, upload, undefined)).rejects.toThrow(refused('files-off'));
      await expect(host.files.cancel(who, upload)).rejects.toThrow(refused('files-off'));
    }
    await host.terminate(who.session);
    await expect(host.files.list(who, folder)).rejects.toThrow(refused('session-not-running'));
  });

  it('are for nobody who only watches, and for no other person', async () => {
    const [upload, path] = [wish('never', 1), join(folder, 'note.txt')];
    const found = await host.files.find(client(), path);
    for (const who of [
      client({ role: 'viewer' }),
      client({ role: 'inactive' }),
      client({ role: 'master-viewer' }),
      client({ login: 'somebody-else' }),
    ]) {
      await expect(host.files.list(who, folder)).rejects.toThrow(refused('files-off'));
      await expect(host.files.find(who, path)).rejects.toThrow(refused('files-off'));
      await expect(host.files.begin(who, upload)).rejects.toThrow(refused('files-off'));
      await expect(host.files.write(who, upload, 0)).rejects.toThrow(refused('files-off'));
      await expect(host.files.make(who, folder, ['tree'])).rejects.toThrow(refused('files-off'));
      await expect(host.files.read(who, found, 0, 1)).rejects.toThrow(refused('files-off'));
    }
  });

  it('of 5 GiB are read from any place, while neither link nor server holds more than a few of their bytes', async () => {
    const path = join(folder, 'sparse');
    const size = 5 * 1024 * MIB;
    writeFileSync(path, '');
    truncateSync(path, size);
    const handle = await open(path, 'r+');
    await handle.write(Buffer.from('the end'), 0, 7, size - 7);
    await handle.close();
    const found = await host.files.find(client(), path);
    expect(found.size).toBe(size);
    const last = await host.files.read(client(), found, size - 7, 7);
    expect(Buffer.concat(await last.toArray()).toString()).toBe('the end');

    const link = machine.linkPid(dir);
    for (const pid of [link, process.pid]) resetPeak(pid);
    const before = [link, process.pid].map(peak);
    let got = 0;
    const from = 4608 * MIB;
    for await (const piece of await host.files.read(client(), found, from, size - from))
      got += (piece as Buffer).length;
    expect(got).toBe(size - from);
    const grown = [link, process.pid].map((pid, at) => peak(pid) - (before[at] ?? 0));
    expect(grown[0]).toBeLessThan(96);
    expect(grown[1]).toBeLessThan(192);
    rmSync(path);
  });

  it('that are read more slowly than they come wait on the disk', async () => {
    const path = join(folder, 'slow');
    writeFileSync(path, '');
    truncateSync(path, 1024 * MIB);
    const found = await host.files.find(client(), path);
    const link = machine.linkPid(dir);
    for (const pid of [link, process.pid]) resetPeak(pid);
    const before = [link, process.pid].map(peak);
    const source = await host.files.read(client(), found, 0, found.size);
    // Nobody reads. A file in between shows that the link has had time, and is not held up by that.
    await once(source, 'readable');
    const other = wish('meanwhile', 16 * MIB);
    await write(
      other,
      0,
      Array.from({ length: 16 }, () => Buffer.alloc(MIB)),
    );
    await host.files.cancel(client(), other);
    for (const [at, pid] of [link, process.pid].entries()) expect(peak(pid) - (before[at] ?? 0)).toBeLessThan(96);
    source.destroy();
    rmSync(path);
  });

  it('go on where they broke off, also when the link was killed in between', async () => {
    const bytes = Buffer.alloc(24 * MIB, 'casement');
    bytes.writeUInt32BE(0xdecade, 17 * MIB);
    const upload = wish('broken', bytes.length);
    const into = await host.files.write(client(), upload, 0);
    const broken = new Promise<Error>((resolve) => into.once('error', resolve));
    into.write(bytes.subarray(0, 9 * MIB));
    // What was asked of a link that ends at that moment is asked of the next.
    const there = async (): Promise<number> => {
      try {
        return (await host.files.begin(client(), upload)).offset;
      } catch (error) {
        expect(error).toMatchObject({ code: 'link-failed' });
        return there();
      }
    };
    let offset = 0;
    while (offset === 0) offset = await there();
    process.kill(machine.linkPid(dir), 'SIGKILL');
    expect(await broken).toMatchObject({ code: 'link-failed' });
    offset = await there();
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual(9 * MIB);
    const pieces = [bytes.subarray(offset, 20 * MIB), bytes.subarray(20 * MIB)];
    await write(upload, offset, pieces);
    await host.files.finish(client(), upload, undefined);
    const sum = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(sum(readFileSync(join(folder, 'broken')))).toBe(sum(bytes));
  });

  it('that cannot be written say so in the middle, and the session goes on', async () => {
    const upload = wish('small', 1000);
    await expect(write(upload, 0, [Buffer.alloc(600), Buffer.alloc(600)])).rejects.toThrow(refused('too-large'));
    const sub = join(folder, 'sub');
    mkdirSync(sub);
    const gone = { ...upload, folder: sub };
    rmSync(sub, { recursive: true });
    await expect(write(gone, 0, [Buffer.alloc(1)])).rejects.toThrow(refused('file-unknown'));
    expect(host.get(session)?.status).toBe('running');
  });
});
