/** How large things are drawn and which windows there are, over the real Xvnc: who may say so, and who is left alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quiet, Recorder, TestMachine, until, viewerClient } from './link.test-support.ts';
import type { SessionHost } from './port.ts';
import { openX, type XConnection } from './x-client.ts';
import { decodeCookie } from './xauthority.ts';

const TIMEOUT = 60_000;
const INPUT_ONLY = 2;
const machine = new TestMachine();
let host: SessionHost;
let directory: string;

beforeAll(async () => {
  await machine.build();
  directory = machine.directory('screen');
  host = machine.host(directory);
}, TIMEOUT);
afterAll(() => machine.dispose(), TIMEOUT);

/** A program of the session's. */
async function program(id: string): Promise<XConnection> {
  const cookie = decodeCookie(readFileSync(join(directory, 'sessions', id, 'xauth')));
  const display = host.get(id)?.display;
  if (!cookie || display === null || display === undefined) throw new Error('no display');
  return openX(display, cookie, { onEvent: () => undefined, onLost: () => undefined });
}

async function owner(x: XConnection): Promise<number> {
  const selection = await x.atom('_XSETTINGS_S0');
  return new Promise((resolve, reject) =>
    x.client.GetSelectionOwner(selection, (error, window) => (error ? reject(error) : resolve(window))),
  );
}

async function untilOwned(x: XConnection): Promise<void> {
  let now = await owner(x);
  for (const end = Date.now() + 15_000; now === 0 && Date.now() < end;) now = await owner(x);
  expect(now).not.toBe(0);
}

async function take(x: XConnection): Promise<number> {
  const window = x.client.AllocID();
  x.client.CreateWindow(window, x.root, -1, -1, 1, 1, 0, 0, INPUT_ONLY, 0, { overrideRedirect: 1 });
  x.client.SetSelectionOwner(window, await x.atom('_XSETTINGS_S0'), 0);
  return window;
}

async function dots(x: XConnection): Promise<string> {
  const text = (await x.property(x.root, await x.atom('RESOURCE_MANAGER'))).toString('latin1');
  return /^Xft\.dpi:\s*(\d+)/m.exec(text)?.[1] ?? '';
}

async function untilDots(x: XConnection, wanted: string): Promise<void> {
  let now = await dots(x);
  for (const end = Date.now() + 15_000; now !== wanted && Date.now() < end;) now = await dots(x);
  expect(now).toBe(wanted);
}

const viewer = async (id: string, role: 'master' | 'viewer', clientId: string) =>
  new Recorder(await host.openStream(id, viewerClient({ role, clientId })));
const say = (recorder: Recorder, frame: object) => recorder.stream.sendText(JSON.stringify(frame));
const desktop = (command: string) => host.start(machine.user, machine.start(command), quiet);

it(
  'is said by whoever is in control, and by nobody else',
  async () => {
    const { id } = await desktop('sleep 600');
    const [master, guest] = [await viewer(id, 'master', 'a'), await viewer(id, 'viewer', 'b')];
    const x = await program(id);
    say(guest, { t: 'screen', scale: 3 });
    say(guest, { t: 'ping', at: 1 });
    await guest.when(() => guest.text('pong').length > 0);
    say(master, { t: 'screen', scale: 2 });
    await untilDots(x, '192');
    await untilOwned(x);
    // What is no scale, and what is absurd.
    for (const frame of [
      { t: 'screen', scale: -1 },
      { t: 'screen', scale: 'large' },
      { t: 'screen', scale: 2, ground: 'url(x)' },
    ]) {
      say(master, frame);
    }
    say(master, { t: 'screen', scale: 1e6 });
    await untilDots(x, '384');
    x.close();
  },
  TIMEOUT,
);

it(
  'leaves settings to whoever has them, or takes them over',
  async () => {
    const { id } = await desktop('sleep 600');
    const master = await viewer(id, 'master', 'a');
    const x = await program(id);
    const theirs = await take(x);
    say(master, { t: 'screen', scale: 2 });
    await untilDots(x, '192');
    expect(await owner(x)).toBe(theirs);
    x.close();

    const other = await desktop('sleep 600');
    const control = await viewer(other.id, 'master', 'a');
    const y = await program(other.id);
    say(control, { t: 'screen', scale: 2 });
    await untilDots(y, '192');
    await untilOwned(y);
    const taken = await take(y);
    say(control, { t: 'screen', scale: 1.5 });
    await untilDots(y, '144');
    expect(await owner(y)).toBe(taken);
    y.close();
  },
  TIMEOUT,
);

it(
  'windows are told to whoever may choose among them, and nothing else on the display is closed',
  async () => {
    const command = 'sh -c "xterm -T One -e sleep 600 & xterm -T Two -e sleep 600 & wait"';
    const { id } = await host.start(machine.user, machine.start(command, { geometry: 'rootless' }), quiet);
    const [master, guest] = [await viewer(id, 'master', 'a'), await viewer(id, 'viewer', 'b')];
    const list = () => (master.text('windows').at(-1)?.['windows'] ?? []) as { id: number; title: string }[];
    await master.when(() => list().length === 2);
    await master.when(() => list().every(({ title }) => title === 'One' || title === 'Two'));
    const x = await program(id);
    const [one, two] = list();
    for (const window of [x.root, 0, -1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      say(master, { t: 'window', id: window, action: 'close' });
    }
    say(guest, { t: 'window', id: one?.id, action: 'close' });
    say(guest, { t: 'ping', at: 1 });
    await guest.when(() => guest.text('pong').length > 0);
    say(master, { t: 'window', id: two?.id, action: 'close' });
    await master.when(() => list().length === 1);
    expect(list()).toMatchObject([{ id: one?.id }]);
    expect(guest.text('windows')).toEqual([]);
    say(master, { t: 'window', id: one?.id, action: 'close' });
    await until(() => host.get(id)?.status === 'ended');
    x.close();
  },
  TIMEOUT,
);
