/** The door and those who connect to it, over real sockets. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeText, FrameDecoder, FrameKind } from './frames.ts';
import { LinkDoor } from './link-door.ts';
import type { UnixUser } from './port.ts';
import { ServerDialer } from './server-dialer.ts';
import { LINK_VERSION, type LinkDial } from './wire.ts';

const somebody: UnixUser = { login: 'somebody', uid: 4711, gid: 4711, home: '/nowhere' };
const SECRET = 'ab'.repeat(32);

describe('the door for links', () => {
  let dir: string;
  let doors: LinkDoor[];
  let dialers: ServerDialer[];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'casement-door-'));
    [doors, dialers] = [[], []];
  });
  afterEach(async () => {
    for (const dialer of dialers) dialer.stop();
    for (const door of doors) await door.close();
    rmSync(dir, { recursive: true });
  });

  /** A door that says hello, and the logins that came through it. */
  async function open() {
    const path = join(dir, 'run', 'links.sock');
    const door = new LinkDoor({ path, file: join(dir, 'links.json'), warn: () => undefined });
    doors.push(door);
    const came: string[] = [];
    door.onLink = ({ login }, socket) => {
      came.push(login);
      socket.resume();
      socket.write(encodeText('{}', FrameKind.link));
    };
    await door.open();
    return { door, came, path };
  }

  /** What a door answers to a first frame: what it says, or that it hangs up. */
  async function knock(path: string, hello: LinkDial | string): Promise<string> {
    const socket = connect(path);
    let said = '';
    const decoder = new FrameDecoder({ text: (_kind, text) => (said = text), binary: () => undefined });
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.write(typeof hello === 'string' ? hello : encodeText(JSON.stringify(hello), FrameKind.link));
    await once(socket, 'close');
    return said;
  }

  function dialer(file = 'servers.json') {
    const one = new ServerDialer({
      file: join(dir, file),
      log: () => undefined,
      accept: (socket: Socket, outgoing) => {
        const decoder = new FrameDecoder({
          text: (_kind, text) => (text.includes('refused') ? outgoing.refused() : outgoing.welcomed()),
          binary: () => undefined,
        });
        socket.on('data', (chunk: Buffer) => decoder.push(chunk));
      },
    });
    dialers.push(one);
    return one;
  }

  it('lets in who brings an invitation, once, and later who has its secret', async () => {
    const { door, came, path } = await open();
    const { token } = door.invite(somebody);
    const hello = { kind: 'control', v: LINK_VERSION, secret: SECRET } as const;
    expect(await knock(path, hello)).toContain('refused');
    expect(await knock(path, { ...hello, token })).toBe('{}');
    expect(await knock(path, { ...hello, secret: 'cd'.repeat(32), token })).toContain('refused');
    expect(await knock(path, hello)).toBe('{}');
    expect(came).toEqual(['somebody', 'somebody']);
    const kept = readFileSync(join(dir, 'links.json'), 'utf8');
    expect(kept).not.toContain(SECRET);
    expect(statSync(join(dir, 'links.json')).mode & 0o777).toBe(0o600);
  });

  it('hangs up on what is no hello, and on a stream that nobody asked for', async () => {
    const { path, came } = await open();
    expect(await knock(path, { kind: 'stream', v: LINK_VERSION, nonce: 'guess' })).toContain('refused');
    expect(await knock(path, 'GET / HTTP/1.1\r\n\r\n')).toBe('');
    expect(await knock(path, encodeText('x'.repeat(5000)).toString('latin1'))).toBe('');
    expect(came).toEqual([]);
  });

  it('is found again after it was closed and opened anew', async () => {
    const first = await open();
    const link = dialer();
    await link.invite(first.door.invite(somebody));
    expect(first.came).toEqual(['somebody']);
    await first.door.close();
    const second = await open();
    expect(second.door.returnsWithin('somebody')).toBeGreaterThan(0);
    await expect.poll(() => second.came).toEqual(['somebody']);
    expect(second.door.returnsWithin('somebody')).toBe(0);
    // The next link of the directory knows the server as well.
    link.stop();
    dialer().start();
    await expect.poll(() => second.came).toEqual(['somebody', 'somebody']);
  });

  it('is not entered by a link when others may write to its folder, or it is somebody else’s', async () => {
    const { door, path, came } = await open();
    const invitation = door.invite(somebody);
    await expect(dialer('a').invite({ ...invitation, uid: invitation.uid + 1 })).rejects.toThrow();
    chmodSync(dirname(path), 0o777);
    await expect(dialer('b').invite(invitation)).rejects.toThrow();
    expect(came).toEqual([]);
  });
});
