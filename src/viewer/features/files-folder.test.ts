/** A folder in the browser against a server that refuses some of it, has some of it already, breaks off, or fills up. */
import { describe, expect, it } from 'vitest';
import { FileError, type FilesClient } from './files-client.ts';
import { FolderJob } from './files-folder.ts';
import type { Tree } from './files-tree.ts';
import type { Batch } from './files-upload.ts';

const MIB = 1024 * 1024;

class FakeServer {
  /** What is there, by paths below the place. */
  readonly there = new Map<string, number>();
  readonly made: string[] = [];
  /** What calls fail with, by call and path; once, or as long as it stands here. */
  readonly refused = new Map<string, string>();
  readonly once = new Map<string, string>();
  readonly cancelled: string[] = [];
  /** Bytes at the same time, at most, and uploads. */
  most = 0;
  waits = 0;
  #ids = new Map<string, { path: string; size: number }>();
  #open = 0;
  readonly batch: Batch = { several: true, forAll: undefined };
  onPut: (path: string) => Promise<void> = () => Promise.resolve();
  onWait: () => void = () => undefined;

  #check(call: string, path: string): void {
    const key = `${call} ${path}`;
    const once = this.once.get(key);
    this.once.delete(key);
    const code = once ?? this.refused.get(key);
    if (code !== undefined) throw new FileError(code);
  }

  readonly client: FilesClient = {
    call: (async (call: string, input: Record<string, never>) => {
      if (call === 'make') {
        const { folder, below } = input as unknown as { folder: string; below: string[] };
        const path = below.join('/');
        this.#check('make', path);
        this.made.push(path);
        return { folder: `/real/${folder}/${path}`, made: true };
      }
      if (call === 'begin') {
        const { folder, name, size } = input as unknown as { folder: string; name: string; size: number };
        const path = `${folder.replace('/real/~/place/', '')}/${name}`;
        this.#check('begin', path);
        this.#open++;
        this.most = Math.max(this.most, this.#open);
        this.#ids.set(path, { path, size });
        return { id: path, folder, offset: 0, exists: this.there.has(path) };
      }
      const { id, exists } = input as unknown as { id: string; exists?: string };
      this.#open--;
      if (call === 'cancel') {
        this.cancelled.push(id);
        return null;
      }
      this.#check('finish', id);
      if (this.there.has(id) && exists === undefined) throw new FileError('file-exists');
      this.there.set(id, this.#ids.get(id)?.size ?? -1);
      return { folder: id.slice(0, id.lastIndexOf('/')), name: id.slice(id.lastIndexOf('/') + 1) };
    }) as FilesClient['call'],
    put: async (id, _offset, piece, progress, signal) => {
      await this.onPut(id);
      if (signal.aborted) throw new FileError('stopped');
      this.#check('put', id);
      progress(piece.size);
    },
  };

  job(files: Readonly<Record<string, number>>, folders: readonly string[] = [], tree: Partial<Tree> = {}): FolderJob {
    const source = {
      name: 'top',
      read: async (): Promise<Tree> => ({
        folders: folders.map((path) => path.split('/')),
        files: Object.entries(files).map(([path, size]) => {
          const parts = path.split('/');
          return { below: parts.slice(0, -1), file: new File([new Uint8Array(size)], parts.at(-1) ?? '') };
        }),
        unreadable: [],
        ...tree,
      }),
    };
    return new FolderJob(source, '~/place', {
      client: this.client,
      again: async () => {
        this.waits++;
        this.onWait();
      },
      changed: () => undefined,
      now: () => 0,
      batch: this.batch,
    });
  }
}

const failures = (job: FolderJob) => job.failures.map(({ path, error }) => [path, error.code]);

describe('a folder', () => {
  it('is there with all that is in it, each folder asked for once', async () => {
    const server = new FakeServer();
    const job = server.job({ a: 1, 'sub/b': 2, 'sub/c': 3, 'sub/deep/d': 0 }, [
      'sub',
      'sub/deep',
      'empty',
      'empty/too',
    ]);
    await job.run();
    expect([job.state, job.done, job.files, job.sent, job.size]).toEqual(['done', 4, 4, 6, 6]);
    expect([...server.there.keys()].toSorted()).toEqual(['top/a', 'top/sub/b', 'top/sub/c', 'top/sub/deep/d']);
    expect(server.made.toSorted()).toEqual(['top', 'top/empty', 'top/empty/too', 'top/sub', 'top/sub/deep']);
    expect(job.folder).toBe('/real/~/place/top');
  });

  it('sends small files together and large ones alone', async () => {
    const server = new FakeServer();
    const small = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`s${at}`, 10]));
    await server.job(small).run();
    expect(server.most).toBe(4);
    const other = new FakeServer();
    await other.job({ a: 2 * MIB, b: 2 * MIB, c: 2 * MIB }).run();
    expect(other.most).toBe(1);
  });

  it('keeps what fails in a list, a folder once, and tries only that again', async () => {
    const server = new FakeServer();
    server.refused.set('make top/locked', 'file-denied');
    server.refused.set('begin top/bad', 'file-name');
    const job = server.job({ 'locked/a': 1, 'locked/b': 1, bad: 1, good: 1, 'sub/good': 1 });
    await job.run();
    expect([job.state, job.done, job.retriable]).toEqual(['failed', 2, true]);
    expect(failures(job).toSorted()).toEqual([
      ['bad', 'file-name'],
      ['locked/', 'file-denied'],
    ]);
    server.refused.clear();
    server.there.clear();
    job.queue();
    expect(job.state).toBe('waiting');
    await job.run();
    expect([job.state, job.done, failures(job)]).toEqual(['done', 5, []]);
    expect([...server.there.keys()].toSorted()).toEqual(['top/bad', 'top/locked/a', 'top/locked/b']);
  });

  it.each(['disk-full', 'files-off', 'session-not-running'])('stops at %s, and goes on from there', async (code) => {
    const server = new FakeServer();
    server.once.set('put top/b', code);
    const job = server.job({ a: 2 * MIB, b: 2 * MIB, c: 2 * MIB });
    await job.run();
    expect([job.state, job.failure?.code, job.done, failures(job)]).toEqual(['failed', code, 1, []]);
    expect([...server.there.keys()]).toEqual(['top/a']);
    await job.run();
    expect([job.state, job.done, [...server.there.keys()]]).toEqual(['done', 3, ['top/a', 'top/b', 'top/c']]);
  });

  it('says why when it cannot be made, or is too large', async () => {
    const server = new FakeServer();
    server.refused.set('make top', 'folder-taken');
    const job = server.job({ a: 1 });
    await job.run();
    expect([job.state, job.failure?.code, server.there.size]).toEqual(['failed', 'folder-taken', 0]);
    const never = new FolderJob({ name: 'top', read: () => Promise.reject(new FileError('folder-many')) }, '~', {
      client: server.client,
      again: async () => undefined,
      changed: () => undefined,
      now: () => 0,
      batch: server.batch,
    });
    await never.run();
    expect([never.state, never.failure?.code]).toEqual(['failed', 'folder-many']);
  });

  it('has what the browser could not read among its failures, and nothing to try again for that', async () => {
    const server = new FakeServer();
    const job = server.job({ a: 1 }, [], { unreadable: ['x', 'y/'] });
    await job.run();
    expect([job.state, job.done, job.retriable]).toEqual(['failed', 1, false]);
    expect(failures(job)).toEqual([
      ['x', 'not-readable'],
      ['y/', 'not-readable'],
    ]);
  });

  it('waits for the connection, for its folders as for its files', async () => {
    const server = new FakeServer();
    server.once.set('make top', 'offline');
    server.once.set('make top/sub', 'file-key');
    server.once.set('put top/sub/a', 'offline');
    const states: string[] = [];
    const job = server.job({ 'sub/a': 1 });
    server.onWait = () => states.push(job.state);
    await job.run();
    expect([job.state, server.waits, states]).toEqual(['done', 3, ['paused', 'paused', 'paused']]);
  });

  it('asks about one name at a time, or once for all', async () => {
    for (const [choice, all, questions, done, skipped] of [
      ['replace', false, 6, 6, 0],
      ['replace', true, 1, 6, 0],
      [undefined, false, 6, 0, 6],
      [undefined, true, 1, 0, 6],
    ] as const) {
      const server = new FakeServer();
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      for (const name of names) server.there.set(`top/${name}`, -1);
      const job = server.job(Object.fromEntries(names.map((name) => [name, 5])));
      const run = job.run();
      const asked = new Set<string>();
      for (let turn = 0; turn < questions; turn++) {
        await expect.poll(() => job.state === 'asking' && !asked.has(job.askedAbout ?? '')).toBe(true);
        asked.add(job.askedAbout ?? '');
        job.decide(choice, all);
      }
      await run;
      expect([job.state, asked.size, job.done, job.skipped]).toEqual(['done', questions, done, skipped]);
      expect([job.sent, job.size]).toEqual([done * 5, done * 5]);
      expect([...server.there.values()]).toEqual(names.map(() => (choice === 'replace' ? 5 : -1)));
    }
  });

  it('ends all that is under way when it is cancelled, begins nothing more, and stays cancelled', async () => {
    const server = new FakeServer();
    const job = server.job({ a: 1, b: 2 * MIB, c: 1, d: 1 });
    server.onPut = async (path) => {
      if (path === 'top/b') job.stop();
    };
    await job.run();
    expect([job.state, job.done, server.cancelled]).toEqual(['stopped', 1, ['top/b']]);
    expect([...server.there.keys()]).toEqual(['top/a']);
  });

  it('leaves what has arrived when the page goes', async () => {
    const server = new FakeServer();
    const job = server.job({ a: 2 * MIB, b: 1 });
    server.onPut = async () => job.leave();
    await job.run();
    expect([server.cancelled, server.there.size]).toEqual([[], 0]);
  });
});
