/** Against a server that says what OpenSSH's does not: other implementations do. The rest is in `server/auth`. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SshConversation, type SshConversationOptions } from './conversation.ts';
import { createKnownHosts } from './known-hosts.ts';
import type { SshStep } from './rounds.ts';

const HOST_KEY = ssh2.utils.generateKeyPairSync('ed25519').private;

let dir: string;
let ending: (() => void)[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-conversation-'));
  ending = [];
});
afterEach(() => {
  for (const end of ending) end();
  rmSync(dir, { recursive: true });
});

async function listen(server: NetServer | ssh2.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function sshd(authenticate: (context: AuthContext, connection: Connection) => void): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [HOST_KEY], banner: 'Hello' }, (connection) => {
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => authenticate(context, connection));
    ending.push(() => connection.end());
  });
  return listen(server);
}

function conversation(port: number, more: Partial<SshConversationOptions> = {}): SshConversation {
  const made = new SshConversation({
    host: '127.0.0.1',
    port,
    username: 'ada',
    knownHosts: createKnownHosts({ path: join(dir, 'known_hosts'), trustFirst: () => true }),
    ...more,
  });
  ending.push(() => made.close());
  return made;
}

function success(step: SshStep): void {
  expect(step.kind).toBe('success');
  if (step.kind === 'success') step.client.end();
}

it('changes a password by the password method', async () => {
  const changed: string[] = [];
  const port = await sshd((context) => {
    if (context.method !== 'password') {
      context.reject(['password']);
    } else if (context.password === 'old') {
      context.requestChange('Your password has expired.', (next) => {
        changed.push(next);
        context.accept();
      });
    } else {
      context.reject(['password']);
    }
  });
  const login = conversation(port);
  expect(await login.begin()).toMatchObject({ round: { kind: 'password', notice: 'Hello' } });
  expect(await login.answer(['old'])).toMatchObject({
    round: { kind: 'new-password', prompt: 'Your password has expired.' },
  });
  success(await login.answer(['new']));
  expect(changed).toEqual(['new']);
});

it('goes through several rounds with several prompts each, titles and all', async () => {
  const answers: string[][] = [];
  const port = await sshd((context) => {
    if (context.method !== 'keyboard-interactive') {
      context.reject(['keyboard-interactive', 'password']);
      return;
    }
    const prompts = [
      { prompt: 'One: ', echo: true },
      { prompt: 'Two: ', echo: false },
    ];
    context.prompt(prompts, 'Title', 'Please say', (first) => {
      answers.push(first);
      context.prompt([{ prompt: 'Three: ', echo: false }], (second) => {
        answers.push(second);
        context.accept();
      });
    });
  });
  const login = conversation(port);
  expect(await login.begin()).toMatchObject({
    round: {
      kind: 'keyboard-interactive',
      name: 'Title',
      instruction: 'Please say',
      prompts: [
        { prompt: 'One: ', echo: true },
        { prompt: 'Two: ', echo: false },
      ],
    },
  });
  await expect(login.answer(['1'])).rejects.toMatchObject({ code: 'bad-request' });
  expect(await login.answer(['1', ''])).toMatchObject({ round: { prompts: [{ prompt: 'Three: ' }] } });
  success(await login.answer(['3']));
  expect(answers).toEqual([['1', ''], ['3']]);
});

it('falls back to the password where keyboard-interactive asks nothing, and tries no second answer', async () => {
  const tried: string[] = [];
  const port = await sshd((context) => {
    tried.push(context.method);
    context.reject(['keyboard-interactive', 'password']);
  });
  const login = conversation(port);
  expect(await login.begin()).toMatchObject({ round: { kind: 'password' } });
  await expect(login.answer(['wrong'])).rejects.toMatchObject({ code: 'login-failed' });
  expect(tried).toEqual(['none', 'keyboard-interactive', 'password']);
  await expect(login.answer(['again'])).rejects.toMatchObject({ code: 'login-expired' });
});

it('lets in whom the server lets in without a question', async () => {
  success(await conversation(await sshd((context) => context.accept())).begin());
});

it('comes again where sshd has no room at the moment', async () => {
  const port = await sshd((context) => context.accept());
  let turns = 0;
  const crowded = await listen(
    createServer((socket) => {
      if (++turns < 3) {
        socket.destroy();
        return;
      }
      const way = connect(port, '127.0.0.1');
      socket.pipe(way).pipe(socket);
      for (const end of [socket, way]) end.on('error', () => undefined);
    }),
  );
  success(await conversation(crowded).begin());
  expect(turns).toBe(3);
});

it('says what is wrong where there is no sshd, something else, nothing at all, or one that breaks off', async () => {
  await expect(conversation(9).begin()).rejects.toMatchObject({ code: 'ssh-unreachable' });
  const web = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  await expect(conversation(web).begin()).rejects.toMatchObject({ code: 'ssh-unreachable' });
  const silent = await listen(createServer((socket) => void ending.push(() => socket.destroy())));
  await expect(conversation(silent, { connectMs: 50 }).begin()).rejects.toMatchObject({ code: 'ssh-unreachable' });
  const rude = await sshd((context, connection) => {
    if (context.method === 'none') context.reject(['password']);
    else connection.end();
  });
  const login = conversation(rude);
  await login.begin();
  await expect(login.answer(['x'])).rejects.toMatchObject({ code: 'ssh-lost' });
  const odd = await sshd((context) => context.reject(['hostbased']));
  await expect(conversation(odd).begin()).rejects.toMatchObject({ code: 'ssh-method' });
});

it('that broke off between two rounds says so to whoever answers next, once', async () => {
  let hangUp = () => {};
  const port = await sshd((context, connection) => {
    hangUp = () => connection.end();
    context.reject(['password']);
  });
  const login = conversation(port);
  await login.begin();
  hangUp();
  await expect.poll(() => login.answer([]).catch((error: { code: string }) => error.code)).toBe('ssh-lost');
  await expect(login.answer(['x'])).rejects.toMatchObject({ code: 'login-expired' });
});

it('gives up when told to, also while the server thinks', async () => {
  let asked = () => {};
  const thinking = new Promise<void>((resolve) => (asked = resolve));
  const port = await sshd((context) => {
    if (context.method === 'none') context.reject(['password']);
    else asked();
  });
  const login = conversation(port);
  await login.begin();
  const answer = login.answer(['x']);
  await thinking;
  login.close();
  await expect(answer).rejects.toMatchObject({ code: 'login-expired' });
});
