/** An upload in the browser against a server that refuses, forgets, breaks off and has other ideas of where to go on. */
import { describe, expect, it } from 'vitest';
import { FileError, type FilesClient } from './files-client.ts';
import { type Batch, UploadJob } from './files-upload.ts';

const MIB = 1024 * 1024;

interface Told {
  readonly call: string;
  readonly offset?: number;
  readonly size?: number;
  readonly exists?: string;
}

class FakeServer {
  readonly told: Told[] = [];
  /** Bytes that are there. */
  there = 0;
  exists = false;
  readonly batch: Batch = { several: true, forAll: undefined };
  /** What the calls to come fail with, first in, first out; `undefined`: that one succeeds. */
  readonly failures: { call: string; error: FileError; keep?: number }[] = [];
  waits = 0;
  onWait: () => void = () => undefined;
  onCall: (call: string) => void = () => undefined;

  #fail(call: string): number | undefined {
    const next = this.failures[0];
    if (next?.call !== call) return undefined;
    this.failures.shift();
    if (next.keep !== undefined) this.there += next.keep;
    throw next.error;
  }

  job(size: number, name = 'file.bin'): UploadJob {
    const file = new File([new Uint8Array(size)], name, { lastModified: 5 });
    const client: FilesClient = {
      // The calls that an upload makes.
      call: (async (call: string, input: { exists?: string }) => {
        this.told.push({ call, ...(input.exists === undefined ? {} : { exists: input.exists }) });
        this.#fail(call);
        this.onCall(call);
        if (call === 'begin') return { id: 'id', folder: '/home/me/x', offset: this.there, exists: this.exists };
        if (call === 'finish')
          return { folder: '/home/me/x', name: input.exists === 'keep-both' ? 'file (2).bin' : name };
        return null;
      }) as FilesClient['call'],
      put: async (_id, offset, piece, progress) => {
        this.told.push({ call: 'put', offset, size: piece.size });
        this.#fail('put');
        if (offset !== this.there) throw new FileError('file-offset', '', { offset: this.there });
        progress(piece.size);
        this.there += piece.size;
      },
    };
    return new UploadJob(file, '~/x', {
      client,
      again: async () => {
        this.waits++;
        this.onWait();
      },
      changed: () => undefined,
      now: () => 0,
      batch: this.batch,
    });
  }

  get puts() {
    return this.told.filter(({ call }) => call === 'put').map(({ offset, size }) => [offset, size]);
  }
}

const broken = (code: string, details?: object) => new FileError(code, '', details);

describe('an upload', () => {
  it('goes in pieces and has its name at the end', async () => {
    const server = new FakeServer();
    const job = server.job(20 * MIB);
    await job.run();
    expect([job.state, job.sent, job.folder, job.name]).toEqual(['done', 20 * MIB, '/home/me/x', 'file.bin']);
    expect(server.puts).toEqual([
      [0, 8 * MIB],
      [8 * MIB, 8 * MIB],
      [16 * MIB, 4 * MIB],
    ]);
    expect(server.told.at(-1)?.call).toBe('finish');
  });

  it.each(['offline', 'file-key', 'file-transfer', 'busy', 'disconnected', 'link-failed'])(
    'waits after %s and goes on where the server is',
    async (code) => {
      const server = new FakeServer();
      server.failures.push({ call: 'put', error: broken(code), keep: 3 * MIB });
      const job = server.job(10 * MIB);
      const states: string[] = [];
      server.onWait = () => states.push(job.state);
      await job.run();
      expect([job.state, states, server.waits]).toEqual(['done', ['paused'], 1]);
      expect(server.puts).toEqual([
        [0, 8 * MIB],
        [3 * MIB, 7 * MIB],
      ]);
    },
  );

  it('goes on with what an earlier attempt of another day has left', async () => {
    const server = new FakeServer();
    server.there = 9 * MIB;
    const job = server.job(10 * MIB);
    await job.run();
    expect(server.puts).toEqual([[9 * MIB, MIB]]);
    expect(job.state).toBe('done');
  });

  it('follows the server to another place', async () => {
    const server = new FakeServer();
    server.failures.push({ call: 'put', error: broken('file-offset', { offset: MIB }), keep: MIB });
    const job = server.job(2 * MIB);
    await job.run();
    expect(server.puts).toEqual([
      [0, 2 * MIB],
      [MIB, MIB],
    ]);
    expect([job.state, server.waits]).toEqual(['done', 0]);
  });

  it('sends smaller pieces through a proxy that takes no large ones, and says so when none are small enough', async () => {
    const server = new FakeServer();
    server.failures.push({ call: 'put', error: broken('too-large') }, { call: 'put', error: broken('too-large') });
    const job = server.job(MIB);
    await job.run();
    expect(server.puts.map(([, size]) => size)).toEqual([MIB, MIB, MIB / 2, MIB / 2]);
    expect(job.state).toBe('done');
    const stubborn = new FakeServer();
    for (let at = 0; at < 10; at++) stubborn.failures.push({ call: 'put', error: broken('too-large') });
    const refused = stubborn.job(8 * MIB);
    await refused.run();
    expect([refused.state, refused.failure?.code]).toEqual(['failed', 'too-large']);
  });

  it.each(['disk-full', 'file-name', 'file-denied', 'file-outside', 'files-off', 'forbidden'])(
    'stops at %s, keeps what has arrived, and goes on when told to',
    async (code) => {
      const server = new FakeServer();
      server.failures.push({ call: 'put', error: broken(code), keep: MIB });
      const job = server.job(2 * MIB);
      await job.run();
      expect([job.state, job.failure?.code, server.waits]).toEqual(['failed', code, 0]);
      expect(server.told.some(({ call }) => call === 'cancel')).toBe(false);
      job.queue();
      expect(job.state).toBe('waiting');
      await job.run();
      expect([job.state, server.puts.at(-1)]).toEqual(['done', [MIB, MIB]]);
    },
  );

  it('asks before it sends a byte of a file whose name is taken', async () => {
    for (const choice of ['replace', 'keep-both', undefined] as const) {
      const server = new FakeServer();
      server.exists = true;
      const job = server.job(10);
      const run = job.run();
      await expect.poll(() => job.state).toBe('asking');
      expect(server.puts).toEqual([]);
      job.decide(choice);
      await run;
      expect(job.state).toBe(choice === undefined ? 'stopped' : 'done');
      if (choice === 'keep-both') expect(job.name).toBe('file (2).bin');
      expect(server.told.filter(({ call }) => call === 'finish')).toEqual(
        choice === undefined ? [] : [{ call: 'finish', exists: choice }],
      );
    }
  });

  it('asks once where what is said holds for all that were given together', async () => {
    for (const choice of ['replace', 'keep-both', undefined] as const) {
      const server = new FakeServer();
      server.exists = true;
      const [first, second] = [server.job(10), server.job(10)];
      const run = first.run();
      await expect.poll(() => first.state).toBe('asking');
      first.decide(choice, true);
      await run;
      await second.run();
      expect(second.state).toBe(choice === undefined ? 'stopped' : 'done');
      expect(server.told.filter(({ call }) => call === 'finish')).toHaveLength(choice === undefined ? 0 : 2);
      const other = new FakeServer();
      other.exists = true;
      const third = other.job(10);
      void third.run();
      await expect.poll(() => third.state).toBe('asking');
    }
  });

  it('asks as well when the name is taken meanwhile', async () => {
    const server = new FakeServer();
    server.failures.push({ call: 'finish', error: broken('file-exists') });
    const job = server.job(10);
    const run = job.run();
    await expect.poll(() => job.state).toBe('asking');
    job.decide('replace');
    await run;
    expect([job.state, server.told.at(-1)]).toEqual(['done', { call: 'finish', exists: 'replace' }]);
  });

  it('asks again whether it is done when only the answer was lost', async () => {
    const server = new FakeServer();
    server.failures.push({ call: 'finish', error: broken('offline') });
    const job = server.job(10);
    await job.run();
    expect([job.state, server.waits, server.puts.length]).toEqual(['done', 1, 1]);
  });

  it('leaves nothing when it is cancelled, at once, also while it waits', async () => {
    const server = new FakeServer();
    for (let at = 0; at < 5; at++) server.failures.push({ call: 'put', error: broken('offline') });
    const job = server.job(10);
    server.onWait = () => job.stop();
    await job.run();
    expect([job.state, server.waits, server.told.at(-1)?.call]).toEqual(['stopped', 1, 'cancel']);
  });

  it.each([
    ['that is new', 10, false],
    ['of no bytes', 0, false],
    ['whose name is taken', 10, true],
  ])('is over when it is cancelled while it begins: a file %s', async (_what, size, exists) => {
    const server = new FakeServer();
    server.exists = exists;
    const job = server.job(size);
    server.onCall = (call) => {
      if (call === 'begin') job.stop();
    };
    await job.run();
    expect([job.state, ...server.told.map(({ call }) => call)]).toEqual(['stopped', 'begin', 'cancel']);
  });

  it('is not finished after it was cancelled while that was tried', async () => {
    const server = new FakeServer();
    server.failures.push({ call: 'finish', error: broken('offline') });
    const job = server.job(10);
    server.onWait = () => job.stop();
    await job.run();
    expect(server.told.map(({ call }) => call)).toEqual(['begin', 'put', 'finish', 'cancel']);
  });

  it('keeps what has arrived when the page goes', async () => {
    const server = new FakeServer();
    server.failures.push({ call: 'put', error: broken('offline') });
    const job = server.job(10);
    server.onWait = () => job.leave();
    await job.run();
    expect(server.told.some(({ call }) => call === 'cancel')).toBe(false);
  });

  it('may be of no bytes', async () => {
    const server = new FakeServer();
    const job = server.job(0);
    await job.run();
    expect([job.state, server.puts]).toEqual(['done', []]);
  });
});
