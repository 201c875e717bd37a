/** Files of real accounts: read and written as whoever the session runs as, and nobody else's. */
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ConnectResult } from '../src/contract/connect.ts';
import type { FileCall, FileCallInput, FileCallResult } from '../src/contract/files.ts';
import { SOCKET_VERSION } from '../src/contract/socket.ts';
import { AccountsMachine, type Person, TestService } from './testing/accounts-machine.ts';
import { NO_ACCOUNTS, type TestUser } from './testing/unix-users.ts';

const TIMEOUT = 90_000;
const machine = new AccountsMachine();
const { users } = machine;

class Viewer {
  readonly #base: string;
  readonly #key: string;
  readonly #socket: WebSocket;

  private constructor(base: string, key: string, socket: WebSocket) {
    this.#base = base;
    this.#key = key;
    this.#socket = socket;
  }

  static async of(person: Person, id: string): Promise<Viewer> {
    const { port, password } = await person.call<ConnectResult>('POST', '/api/connect', { id });
    const base = `http://127.0.0.1:${port}`;
    const socket = new WebSocket(`${base.replace('http', 'ws')}/ws/session/${id}`, { headers: { origin: base } });
    const key = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => socket.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ticket: password })));
      socket.once('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString()) as { files?: { key: string } };
        if (frame.files) resolve(frame.files.key);
        else reject(new Error(data.toString()));
      });
    });
    return new Viewer(base, key, socket);
  }

  async call<Name extends FileCall>(name: Name, input: FileCallInput<Name>): Promise<FileCallResult<Name>> {
    const answer = await this.#fetch(`/files/${name}`, 'POST', JSON.stringify(input), 'application/json');
    const body = (await answer.json()) as { result: FileCallResult<Name>; error?: { name: string } };
    if (body.error) throw new Error(body.error.name);
    return body.result;
  }

  async upload(folder: string, name: string, text: string): Promise<void> {
    const { id } = await this.call('begin', { folder, name, size: text.length, modified: 1 });
    const answer = await this.#fetch(`/files/upload/${id}`, 'PUT', text, 'application/octet-stream');
    if (!answer.ok) throw new Error(await answer.text());
    await this.call('finish', { id });
  }

  async download(path: string): Promise<string> {
    const { url } = await this.call('offer', { path });
    return (await fetch(this.#base + url)).text();
  }

  close(): void {
    this.#socket.close();
  }

  #fetch(path: string, method: string, body: string, type: string): Promise<Response> {
    const headers = { authorization: `Viewer ${this.#key}`, 'content-type': type, 'upload-offset': '0' };
    return fetch(this.#base + path, { method, body, headers });
  }
}

function write(user: TestUser, name: string, text: string, mode: number): string {
  const path = join(user.home, name);
  writeFileSync(path, text, { mode });
  chownSync(path, user.uid, user.uid);
  return path;
}

describe.skipIf(NO_ACCOUNTS !== undefined)(`files of accounts${NO_ACCOUNTS ? ` (${NO_ACCOUNTS})` : ''}`, () => {
  let server: TestService;
  let takeBack: () => void;
  beforeAll(async () => {
    await machine.begin();
    takeBack = machine.allowSudo();
  }, TIMEOUT);
  afterAll(async () => {
    takeBack();
    await machine.end();
  }, TIMEOUT);

  it('are those of the session’s user, by that user’s rights alone', { timeout: TIMEOUT }, async () => {
    server = await new TestService(machine).run();
    const [ada, eve] = [await server.login(users.add()), await server.login(users.add())];
    const secret = write(eve.user, 'secret', 'hers', 0o600);
    const shared = write(machine.service, 'shared', 'everybody’s', 0o644);
    const closed = join(ada.user.home, 'closed');
    mkdirSync(closed, { mode: 0o755 });
    const { id } = await ada.session();
    const viewer = await Viewer.of(ada, id);

    await viewer.upload('~', 'mine.txt', 'mine');
    expect(statSync(join(ada.user.home, 'mine.txt')).uid).toBe(ada.user.uid);
    expect(await viewer.download('~/mine.txt')).toBe('mine');
    const { folder } = await viewer.call('make', { folder: '~', below: ['tree', 'leaf'] });
    expect(['tree', 'tree/leaf'].map((name) => statSync(join(ada.user.home, name)).uid)).toEqual([
      ada.user.uid,
      ada.user.uid,
    ]);
    await viewer.upload(folder, 'mine.txt', 'mine');
    // Whatever else the user may read.
    expect(await viewer.download(shared)).toBe('everybody’s');

    const token = join(eve.user.home, '.local/share/casement/link/token');
    // Her link is started beside the login's answer.
    await expect.poll(() => existsSync(token), { timeout: TIMEOUT }).toBe(true);
    for (const path of [secret, '/etc/shadow', token]) {
      await expect(viewer.download(path), path).rejects.toThrow('file-denied');
    }
    symlinkSync(secret, join(ada.user.home, 'hers'));
    await expect(viewer.download('~/hers')).rejects.toThrow('file-denied');
    await expect(viewer.call('list', { path: eve.user.home })).rejects.toThrow(/file-(?:denied|outside)/);
    await expect(viewer.upload('~/closed', 'x', 'x')).rejects.toThrow('file-denied');
    await expect(viewer.call('make', { folder: '~/closed', below: ['x'] })).rejects.toThrow('file-denied');
    await expect(viewer.call('make', { folder: eve.user.home, below: ['x'] })).rejects.toThrow(
      /file-(?:denied|outside)/,
    );
    // Root's folder in the user's home: what is in it stays as it was.
    expect(() => readFileSync(join(closed, 'x'))).toThrow('ENOENT');
    viewer.close();
    await ada.call('POST', '/api/terminate', { id });
  });

  it('are those of the account that a bookmark runs the session as', { timeout: TIMEOUT }, async () => {
    const [boss, person, account] = [users.add(), users.add(), users.add()];
    server = await new TestService(machine, { sudo: true, admins: [boss.login] }).run();
    const admin = await server.login(boss);
    const made = await admin.call<{ id: string }>('POST', '/api/bookmarks', {
      name: 'Lent',
      command: 'sleep 600',
      geometry: '640x480',
      runAs: account.login,
      system: true,
    });
    const secret = write(person, 'secret', 'the person’s own', 0o600);
    const ada = await server.login(person);
    const { id } = await ada.session({ bookmarkId: made.id });
    const viewer = await Viewer.of(ada, id);
    expect((await viewer.call('list', { path: '~' })).home).toBe(account.home);
    await viewer.upload('~', 'lent.txt', 'lent');
    expect(statSync(join(account.home, 'lent.txt')).uid).toBe(account.uid);
    await expect(viewer.download(secret)).rejects.toThrow('file-denied');
    viewer.close();
    await ada.call('POST', '/api/terminate', { id });
  });
});
