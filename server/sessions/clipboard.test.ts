import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import x11, { type XClient } from 'x11';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClipboardMode } from '../../src/contract/allowances.ts';
import { CLIP_PIECE_BYTES, type ClipServerFrame, type ClipViewerFrame } from '../../src/contract/clipboard.ts';
import type { Role } from '../../src/contract/session.ts';
import { type ClipboardViewer, SessionClipboard } from './clipboard.ts';
import { xvncArguments } from './xvnc.ts';
import { COOKIE_NAME, encodeXauthority, newCookie } from './xauthority.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-clipboard-'));
const auth = join(dir, 'Xauthority');
const cookie = newCookie();
const ends: (() => unknown)[] = [];
const open: SessionClipboard[] = [];
let display = 0;

/** A real X server, with the arguments of a session's. */
async function startServer(name: string, prepare: (display: number) => void = () => undefined): Promise<number> {
  writeFileSync(auth, encodeXauthority(cookie), { mode: 0o600 });
  const options = {
    id: name,
    name,
    geometry: '320x200',
    maxGeometry: null,
    rfbSocket: join(dir, name),
    xauth: auth,
  };
  const server = spawn('Xvnc', xvncArguments(options), { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const pipe = server.stdio[3];
  if (!pipe || !('on' in pipe)) throw new Error('no pipe');
  const [text] = (await once(pipe, 'data')) as [Buffer];
  ends.push(async () => {
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    await gone;
  });
  const number = Number(text.toString());
  prepare(number);
  return number;
}

beforeAll(async () => {
  display = await startServer('first');
}, 20_000);

afterEach(() => {
  for (const clipboard of open.splice(0)) clipboard.stop();
});

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
  rmSync(dir, { recursive: true, force: true });
});

const env = (on = display) => ({ ...process.env, DISPLAY: `:${on}`, XAUTHORITY: auth });

/** What a program in the session pastes. */
async function pasted(target = 'UTF8_STRING', selection = 'clipboard', on = display): Promise<Buffer> {
  const child = spawn('xclip', ['-o', '-selection', selection, '-t', target], { env: env(on) });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  await once(child, 'close');
  return Buffer.concat(pieces);
}

/** A program in the session copies, and holds it until something else is copied. */
async function copied(data: Buffer | string, target = 'UTF8_STRING', selection = 'clipboard'): Promise<void> {
  const child = spawn('xclip', ['-i', '-quiet', '-selection', selection, '-t', target], {
    env: env(),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  ends.push(() => child.kill('SIGKILL'));
  child.stdin.end(data);
}

/** Resolves once that is what programs paste. */
async function settled(text: string): Promise<void> {
  while ((await pasted()).toString() !== text);
}

class Person implements ClipboardViewer {
  readonly id = 'v';
  role: Role = 'master';
  clipboard = true;
  readonly frames: ClipServerFrame[] = [];
  readonly session: SessionClipboard;
  #wake = () => {};
  #n = 0;

  constructor(
    mode: ClipboardMode = 'both',
    rest: { role?: Role; clipboard?: boolean } = {},
    session?: SessionClipboard,
  ) {
    Object.assign(this, rest);
    this.session =
      session ?? new SessionClipboard({ mode, display: () => ({ display, cookie }), input: () => undefined });
    open.push(this.session);
    this.session.connected(this);
  }

  send(frame: ClipServerFrame): void {
    this.frames.push(frame);
    this.#wake();
  }

  async frame<T extends ClipServerFrame['t']>(
    t: T,
    wanted: (frame: Extract<ClipServerFrame, { t: T }>) => boolean = () => true,
  ): Promise<Extract<ClipServerFrame, { t: T }>> {
    for (;;) {
      for (const frame of this.frames) {
        if (frame.t === t && wanted(frame as Extract<ClipServerFrame, { t: T }>)) {
          return frame as Extract<ClipServerFrame, { t: T }>;
        }
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  offer(kinds: string[], selection = 'clipboard') {
    return this.frame('clip.offer', (one) => one.selection === selection && one.kinds.join() === kinds.join());
  }

  /** The display is watched: what is there already has been told. */
  async ready(): Promise<this> {
    for (const selection of ['clipboard', 'primary'])
      await this.frame('clip.offer', (one) => one.selection === selection);
    return this;
  }

  async get(serial: number, kind: 'text' | 'html' | 'png'): Promise<Buffer | string> {
    const n = ++this.#n;
    this.session.receive(this, { t: 'clip.get', n, serial, kind });
    const pieces: Buffer[] = [];
    for (;;) {
      const at = pieces.length;
      const answers = () =>
        this.frames.filter((one) => (one.t === 'clip.data' || one.t === 'clip.fail') && one.n === n);
      while (answers().length <= at) await new Promise<void>((resolve) => (this.#wake = resolve));
      const answer = answers()[at];
      if (answer?.t === 'clip.fail') return answer.reason;
      if (answer?.t !== 'clip.data') throw new Error('neither');
      pieces.push(Buffer.from(answer.data, 'base64'));
      if (answer.left === 0) return Buffer.concat(pieces);
      this.session.receive(this, { t: 'clip.next', n });
    }
  }

  async put(
    content: Partial<Record<'text' | 'html' | 'png', Buffer | string>>,
    selections: ('clipboard' | 'primary')[] = ['clipboard'],
  ): Promise<string> {
    const n = ++this.#n;
    const entries = Object.entries(content).map(([kind, data]) => [kind, Buffer.from(data)] as const);
    const parts = entries.map(([kind, data]) => ({ kind: kind as 'text', bytes: data.length }));
    const all = Buffer.concat(entries.map(([, data]) => data));
    const piece = (i: number) => all.subarray(i * CLIP_PIECE_BYTES, (i + 1) * CLIP_PIECE_BYTES).toString('base64');
    const frame: ClipViewerFrame = { t: 'clip.put', n, selections, parts, data: piece(0) };
    this.session.receive(this, frame);
    for (let i = 1; ; i++) {
      const answers = () =>
        this.frames.filter(
          (one) => ['clip.next', 'clip.done', 'clip.fail'].includes(one.t) && 'n' in one && one.n === n,
        );
      while (answers().length < i) await new Promise<void>((resolve) => (this.#wake = resolve));
      const answer = answers()[i - 1];
      if (answer?.t === 'clip.fail') return answer.reason;
      if (answer?.t === 'clip.done') return 'done';
      this.session.receive(this, { t: 'clip.data', n, data: piece(i) });
    }
  }
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const UNICODE = 'Größe 日本語 🎉\nzweite Zeile';

describe('into the session', () => {
  it('programs paste text, in both selections, and programs of old get what Latin-1 has', async () => {
    const person = new Person();
    expect(await person.put({ text: UNICODE }, ['clipboard', 'primary'])).toBe('done');
    expect((await pasted()).toString()).toBe(UNICODE);
    expect((await pasted('UTF8_STRING', 'primary')).toString()).toBe(UNICODE);
    expect((await pasted('STRING')).toString('latin1')).toBe('Größe ??? ?\nzweite Zeile');
    expect((await pasted('TARGETS')).toString()).toMatch(/UTF8_STRING[^]*STRING/);
  });

  it('HTML and an image', async () => {
    const person = new Person();
    expect(await person.put({ text: 'bold', html: '<b>bold</b>', png: PNG })).toBe('done');
    expect((await pasted('text/html')).toString()).toBe('<b>bold</b>');
    expect(await pasted('image/png')).toEqual(PNG);
    expect((await pasted('TARGETS')).toString()).toMatch(/text\/html\nimage\/png/);
  });

  it('16 MiB of text in pieces, and nothing over', async () => {
    const person = new Person();
    const long = 'äöü 0123456789\n'.repeat(Math.floor((16 * 1024 * 1024) / 18));
    expect(await person.put({ text: long })).toBe('done');
    expect((await pasted()).equals(Buffer.from(long))).toBe(true);
    expect(await person.put({ text: Buffer.alloc(16 * 1024 * 1024 + 1) })).toBe('too-large');
    expect((await pasted()).equals(Buffer.from(long))).toBe(true);
  }, 60_000);

  it('an image that is none, and pieces that are not what was announced, are refused', async () => {
    const person = new Person();
    expect(await person.put({ text: 'before' })).toBe('done');
    expect(await person.put({ png: 'GIF89a' })).toBe('unavailable');
    person.session.receive(person, {
      t: 'clip.put',
      n: 77,
      selections: ['clipboard'],
      parts: [{ kind: 'text', bytes: 1 }],
      data: Buffer.from('longer').toString('base64'),
    });
    await expect(person.frame('clip.fail', ({ n }) => n === 77)).resolves.toMatchObject({ reason: 'unavailable' });
    expect((await pasted()).toString()).toBe('before');
  });
});

describe('out of the session', () => {
  it.each(['clipboard', 'primary'])('%s: announced by its kinds, fetched when asked for', async (selection) => {
    const person = await new Person().ready();
    await copied(UNICODE, 'UTF8_STRING', selection);
    const { serial, fresh } = await person.frame(
      'clip.offer',
      (one) => one.selection === selection && one.fresh && one.kinds.includes('text'),
    );
    expect(fresh).toBe(true);
    expect((await person.get(serial, 'text')).toString()).toBe(UNICODE);
    expect(person.frames.filter(({ t }) => t === 'clip.data')).toHaveLength(1);
  });

  it('HTML, and images of some length', async () => {
    const person = await new Person().ready();
    await copied('<i>x</i>', 'text/html');
    expect((await person.get((await person.offer(['html'])).serial, 'html')).toString()).toBe('<i>x</i>');
    const image = Buffer.concat([PNG, Buffer.alloc(3_000_000, 7)]);
    await copied(image, 'image/png');
    const fetched = await person.get((await person.offer(['png'])).serial, 'png');
    expect(Buffer.from(fetched).equals(image)).toBe(true);
  }, 30_000);

  it('100 MiB: too large, and the session goes on', async () => {
    const person = await new Person().ready();
    await copied(Buffer.alloc(100 * 1024 * 1024, 'x'));
    const { serial } = await person.frame('clip.offer', (one) => one.fresh && one.kinds.includes('text'));
    expect(await person.get(serial, 'text')).toBe('too-large');
    expect(await person.put({ text: 'next' })).toBe('done');
    expect((await pasted()).toString()).toBe('next');
  }, 60_000);

  it('what is no UTF-8 arrives with replacement characters', async () => {
    const person = await new Person().ready();
    await copied(Buffer.from([0x61, 0xff, 0xfe, 0x62]));
    const { serial } = await person.frame('clip.offer', (one) => one.fresh && one.kinds.includes('text'));
    expect((await person.get(serial, 'text')).toString()).toBe('a\ufffd\ufffdb');
  });

  it('what was copied before is told as not fresh; what a viewer brought is told to nobody', async () => {
    await copied('from before');
    await settled('from before');
    const person = await new Person().ready();
    await expect(person.offer(['text'])).resolves.toMatchObject({ fresh: false });
    expect(await person.put({ text: 'mine' })).toBe('done');
    await person.frame('clip.offer', (one) => one.fresh && one.kinds.length === 0);
  });

  it('a program that never answers, and a flood of changes', async () => {
    const stubborn = await silentOwner();
    const person = await new Person().ready();
    const { serial } = await person.offer(['text']);
    expect(await person.get(serial, 'text')).toBe('timeout');
    for (let i = 0; i < 500; i++) await stubborn.own();
    expect(await person.put({ text: 'still there' })).toBe('done');
    expect((await pasted()).toString()).toBe('still there');
    expect(person.frames.length).toBeLessThan(100);
  }, 30_000);
});

it('a second session, whose X server numbers its atoms in another way, has a clipboard as well', async () => {
  const first = await new Person().ready();
  expect(await first.put({ text: 'in the first' })).toBe('done');
  const second = await startServer('second', (number) => {
    // Its first atoms are somebody else's, so that all that follow have other numbers.
    const env = { ...process.env, DISPLAY: `:${number}`, XAUTHORITY: auth };
    for (const name of ['OTHER_ONE', 'OTHER_TWO', 'OTHER_THREE']) {
      execFileSync('xprop', ['-root', '-f', name, '8s', '-set', name, 'x'], { env });
    }
  });
  const session = new SessionClipboard({
    mode: 'both',
    display: () => ({ display: second, cookie }),
    input: () => undefined,
  });
  const person = await new Person('both', {}, session).ready();
  expect(await person.put({ text: 'in the second' })).toBe('done');
  expect((await pasted('UTF8_STRING', 'clipboard', second)).toString()).toBe('in the second');
  expect((await pasted()).toString()).toBe('in the first');
}, 30_000);

describe('who may', () => {
  const cases: [ClipboardMode, { role?: Role; clipboard?: boolean }, string, boolean][] = [
    ['both', {}, 'done', true],
    ['to-remote', {}, 'done', false],
    ['to-local', {}, 'forbidden', true],
    ['off', {}, 'forbidden', false],
    ['both', { role: 'viewer' }, 'forbidden', false],
    ['both', { role: 'controller' }, 'forbidden', false],
    ['both', { role: 'inactive' }, 'forbidden', false],
    ['both', { role: 'master-viewer' }, 'forbidden', false],
    ['both', { clipboard: false }, 'forbidden', false],
  ];
  it.each(cases)('profile %s, %o: a paste is %s, a copy is told: %s', async (mode, rest, outcome, told) => {
    const session = new SessionClipboard({ mode, display: () => ({ display, cookie }), input: () => undefined });
    const person = new Person(mode, rest, session);
    const all = await new Person().ready();
    if (told) await person.ready();
    expect(await all.put({ text: 'before' })).toBe('done');
    expect(await person.put({ text: 'pasted' })).toBe(outcome);
    expect((await pasted()).toString()).toBe(outcome === 'done' ? 'pasted' : 'before');

    const heard = all.frames.length;
    await copied(`secret ${mode}`);
    await all.frame('clip.offer', (one) => all.frames.indexOf(one) >= heard && one.kinds.includes('text'));
    if (told) {
      const copy = (one: ClipServerFrame) => one.t === 'clip.offer' && one.selection === 'clipboard';
      let text = '';
      while (text !== `secret ${mode}`) {
        const last = person.frames.findLast(copy);
        text = last?.t === 'clip.offer' ? (await person.get(last.serial, 'text')).toString() : '';
      }
      return;
    }
    // Whatever serial it guesses.
    for (let serial = 0; serial < 6; serial++) expect(await person.get(serial, 'text')).toBe('forbidden');
    expect(person.frames.filter(({ t }) => t === 'clip.offer' || t === 'clip.data')).toEqual([]);
  });
});

/** Owns CLIPBOARD and says nothing to whoever asks. */
function silentOwner(): Promise<{ own(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const stream = connect(`/tmp/.X11-unix/X${display}`);
    ends.push(() => stream.destroy());
    const options = { display: `:${display}`, stream, auth: { name: COOKIE_NAME, data: cookie.toString('latin1') } };
    x11.createClient({ ...options, shm: false }, (error, opened) => {
      const root = opened?.screen[0]?.root;
      if (error || root === undefined) {
        reject(error ?? new Error('no screen'));
        return;
      }
      const client: XClient = opened.client;
      const window = client.AllocID();
      client.CreateWindow(window, root, 0, 0, 1, 1, 0, 0, 2, 0, {});
      client.InternAtom(false, 'CLIPBOARD', (_, clipboard) => {
        const own = () =>
          new Promise<void>((done) => {
            client.SetSelectionOwner(window, clipboard, 0);
            client.GetSelectionOwner(clipboard, () => done());
          });
        void own().then(() => resolve({ own }));
      });
    });
  });
}
