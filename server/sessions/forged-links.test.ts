/** What a user's own process can make of this server by speaking the link's protocol: nothing of anybody else's. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/contract/session.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { encodeText, FrameDecoder, FrameKind } from './frames.ts';
import { createSessionHost, type OpenHost } from './host.ts';
import type { LentSession } from './lent.ts';
import { LinkDoor } from './link-door.ts';
import type { SessionStart, UnixUser } from './port.ts';
import type { Refusal } from './session-owners.ts';
import { LINK_VERSION } from './wire.ts';

const ada: UnixUser = { login: 'ada', uid: 40_001, gid: 40_001, home: '/home/ada' };
const eve: UnixUser = { login: 'eve', uid: 40_002, gid: 40_002, home: '/home/eve' };
const sim: UnixUser = { login: 'sim', uid: 40_003, gid: 40_003, home: '/home/sim' };
const quiet = { step: () => undefined };
const SECRETS = new Map([ada, eve, sim].map(({ login }, at) => [login, String(at).repeat(64)]));

/** Speaks the link's side of the protocol, and says whatever it is told to. */
class FakeLink {
  readonly socket: Socket;
  readonly heard: { n?: number; call?: string; input?: { id: string; owner?: string; login?: string } }[] = [];
  #welcomed = false;
  readonly #waiting: object[] = [];
  /** What `start` is answered with. */
  answer: (id: string) => object = (id) => ({ t: 'result', result: sessionOf(id) });

  constructor(path: string, { login }: UnixUser, sessions: readonly Session[] = []) {
    this.socket = connect(path);
    const decoder = new FrameDecoder({
      text: (_kind, text) => {
        const frame = JSON.parse(text) as FakeLink['heard'][number] & { kind?: string };
        if (frame.kind === 'control') {
          this.write({ t: 'welcome', v: LINK_VERSION, pid: 1, sessions });
          this.#welcomed = true;
          for (const waiting of this.#waiting) this.write(waiting);
        } else {
          this.heard.push(frame);
          if (frame.call === 'start') this.say({ n: frame.n, ...this.answer(frame.input?.id ?? '') });
          else this.say({ t: 'result', n: frame.n, result: null });
        }
      },
      binary: () => undefined,
    });
    this.socket.on('data', (chunk: Buffer) => decoder.push(chunk));
    this.socket.on('error', () => undefined);
    this.write({ kind: 'control', v: LINK_VERSION, secret: SECRETS.get(login) ?? '' });
  }

  write(frame: object): void {
    this.socket.write(encodeText(JSON.stringify(frame), FrameKind.link));
  }

  /** After the welcome. */
  say(frame: object): void {
    if (this.#welcomed) this.write(frame);
    else this.#waiting.push(frame);
  }

  announce(session: Session, id = session.id): void {
    this.say({ t: 'session', id, session });
  }
}

describe('a link that lies', () => {
  let dir: string;
  let host: OpenHost;
  let path: string;
  let links: FakeLink[];
  let lent: LentSession[];
  let refused: Refusal[];
  let told: Map<string, Session | null>;

  function build(): OpenHost {
    const one = createSessionHost({
      linkDirFor: () => join(dir, 'link'),
      linkScript: '/nowhere',
      clientcommScript: '/nowhere',
      log: { info: () => undefined, warn: () => undefined },
      serverId: 'server-1',
      hostname: 'machine',
      lent: {
        list: async () => [...lent],
        add: async (more) => void lent.push(more),
        remove: async (session) => void (lent = lent.filter((left) => left.session !== session)),
      },
      expected: (id) => (id === 'job-of-ada' ? 'ada' : undefined),
      refused: (refusal) => refused.push(refusal),
      others: { doorPath: path, doorFile: join(dir, 'links.json'), linkCommand: ['/nowhere'], sudo: false },
    });
    one.subscribe((id, data) => told.set(id, data));
    return one;
  }

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'casement-forged-'));
    path = join(dir, 'run', 'links.sock');
    [links, lent, refused, told] = [[], [], [], new Map()];
    // The secrets are made known as a real link makes its own known: with an invitation.
    const door = new LinkDoor({ path, file: join(dir, 'links.json'), warn: () => undefined });
    await door.open();
    for (const user of [ada, eve, sim]) {
      const { token } = door.invite(user);
      const socket = connect(path);
      const hello = { kind: 'control', v: LINK_VERSION, secret: SECRETS.get(user.login), token };
      socket.write(encodeText(JSON.stringify(hello), FrameKind.link));
      await once(socket, 'close');
    }
    await door.close();
    host = build();
    await host.open();
  });
  afterEach(async () => {
    for (const { socket } of links) socket.destroy();
    await host.close();
    rmSync(dir, { recursive: true, force: true });
  });

  function link(user: UnixUser, sessions: readonly Session[] = []): FakeLink {
    const one = new FakeLink(path, user, sessions);
    links.push(one);
    return one;
  }
  const listed = (id: string) => expect.poll(() => host.get(id)?.id).toBe(id);
  const start = (more: Partial<SessionStart> = {}): SessionStart => ({
    id: 'lent-session',
    name: 'Lent',
    command: 'xterm',
    geometry: '640x480',
    params: {},
    profile: null,
    keyboardLayout: 'us',
    ...more,
  });

  it('about whose a session is, and where, is not believed', async () => {
    const claims = { login: 'ada', user: 'ada', serverId: 'server-9', hostname: 'elsewhere' };
    const forged = link(eve, [sessionOf('eves-first', claims)]);
    await listed('eves-first');
    forged.announce(sessionOf('eves-second', claims));
    await listed('eves-second');
    const truth = { login: 'eve', user: 'eve', serverId: 'server-1', hostname: 'machine' };
    for (const id of ['eves-first', 'eves-second']) {
      expect(host.get(id)).toMatchObject(truth);
      expect(told.get(id)).toMatchObject(truth);
    }
    expect(host.list().map(({ login }) => login)).toEqual(['eve', 'eve']);

    // In the answer to a start as well, also about which session it is.
    forged.answer = () => ({ t: 'result', result: sessionOf('session-of-ada', claims) });
    expect(await host.start(eve, start({ id: 'eves-third' }), quiet)).toMatchObject({ id: 'eves-third', ...truth });
  });

  it('about an id that another link has is refused, and reported once', async () => {
    link(ada, [sessionOf('session-of-ada', { name: 'Mine', login: 'ada' })]);
    await listed('session-of-ada');
    const forged = link(eve, [sessionOf('session-of-ada', { name: 'Taken', login: 'ada' })]);
    forged.announce(sessionOf('session-of-ada', { name: 'Taken again' }));
    forged.say({ t: 'session', id: 'session-of-ada', session: null });
    forged.announce(sessionOf('session-of-ada', { name: 'Under another' }), 'eves-own');
    // What comes behind it was read as well.
    forged.announce(sessionOf('eves-last'));
    await listed('eves-last');
    expect(host.get('session-of-ada')).toMatchObject({ name: 'Mine', login: 'ada' });
    expect(host.get('eves-own')).toBeUndefined();
    expect(told.get('session-of-ada')).toMatchObject({ name: 'Mine' });
    expect(refused).toEqual([{ account: 'eve', session: 'session-of-ada', owner: 'ada' }]);
    // Calls go to the link that has it.
    await host.disconnect('session-of-ada');
    expect(forged.heard).toEqual([]);
  });

  it('about a session that waits for a scheduler is refused', async () => {
    const forged = link(eve, [sessionOf('job-of-ada')]);
    forged.announce(sessionOf('eves-last'));
    await listed('eves-last');
    expect(host.get('job-of-ada')).toBeUndefined();
    expect(refused).toEqual([{ account: 'eve', session: 'job-of-ada', owner: 'ada' }]);
    link(ada, [sessionOf('job-of-ada')]);
    await listed('job-of-ada');
    expect(host.get('job-of-ada')?.login).toBe('ada');
  });

  it('cannot tell a start under its account whose it is, nor keep one that was another’s', async () => {
    const account = link(sim);
    account.answer = (id) => ({ t: 'result', result: sessionOf(id, { login: 'sim' }) });
    await expect.poll(() => account.socket.readyState).toBe('open');
    const session = await host.start(sim, start({ owner: 'ada' }), quiet);
    expect(session).toMatchObject({ id: 'lent-session', login: 'ada', user: 'sim' });
    const asked = account.heard.find(({ call }) => call === 'start')?.input;
    expect(asked).toMatchObject({ login: 'ada' });
    expect(asked).not.toHaveProperty('owner');
    account.announce(sessionOf('lent-session', { login: 'sim' }));
    await listed('lent-session');
    expect(host.get('lent-session')).toMatchObject({ login: 'ada', user: 'sim' });

    // The next server knows it before any link says so, and another link cannot be first with it.
    await host.close();
    host = build();
    await host.open();
    const forged = link(eve, [sessionOf('lent-session', { login: 'ada' }), sessionOf('eves-first')]);
    await listed('eves-first');
    expect(host.get('lent-session')).toBeUndefined();
    expect(refused).toEqual([{ account: 'eve', session: 'lent-session', owner: 'ada' }]);
    const back = link(sim, [sessionOf('lent-session', { login: 'sim' })]);
    await listed('lent-session');
    expect(host.get('lent-session')).toMatchObject({ login: 'ada', user: 'sim' });
    await host.terminate('lent-session');
    expect(forged.heard).toEqual([]);
    expect(back.heard.map(({ call }) => call)).toEqual(['terminate']);

    // Once it is gone nothing is left of it.
    back.say({ t: 'session', id: 'lent-session', session: null });
    await expect.poll(() => lent).toEqual([]);
  });

  it('is forgotten with what it no longer has', async () => {
    await host.close();
    lent = [
      { session: 'gone-session', account: 'sim', login: 'ada' },
      { session: 'kept-session', account: 'sim', login: 'ada' },
    ];
    host = build();
    await host.open();
    link(sim, [sessionOf('kept-session')]);
    await listed('kept-session');
    await expect.poll(() => lent.map(({ session }) => session)).toEqual(['kept-session']);
  });

  it('is not reached for an account by asking the person for its password', async () => {
    const asked: string[] = [];
    const ask = (stage: { stage: string }) => {
      asked.push(stage.stage);
      return Promise.resolve([]);
    };
    const failure = host.start(sim, start({ owner: 'ada' }), { ...quiet, ask });
    await expect(failure).rejects.toMatchObject({ code: 'run-as-failed' });
    expect(asked).toEqual([]);
    // It is ada's card, with what each way said as its log.
    expect(host.list()).toMatchObject([{ id: 'lent-session', login: 'ada', user: 'sim', status: 'failed' }]);
    expect((await host.log('lent-session', 1000)).log).toContain('link: ');
  });
});
