/**
 * What is typed on a keyboard and what arrives in an xterm, over the real Xvnc: physical keys by the session's layout,
 * characters by their keysyms, and text that no key has. The rows say what is printed on keyboards of that country.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysymOfCharacter } from '../../src/contract/keysym.ts';
import { contradicts, LAYOUTS, TELLING } from '../../src/input/layouts.ts';
import { scanCodeOf } from '../../src/input/scancodes.ts';
import { keyEvent, pointerEvent, qemuKeyEvent } from '../../src/rfb/encode.ts';
import { quiet, Recorder, TestMachine, until, viewerClient } from './link.test-support.ts';
import type { SessionHost } from './port.ts';

const TIMEOUT = 120_000;
const machine = new TestMachine();
let host: SessionHost;
let recorder: Recorder;
let session: string;
let out: string;

/** Keys one after the other: `S-` with Shift, `G-` with AltGr. */
type Row = readonly [keys: string, text: string];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  us: [
    ...rows('KeyQ q S-KeyQ Q KeyZ z S-Digit2 @ S-Digit3 # S-Quote " Quote \' Backslash \\ S-Backslash | Backquote `'),
    ...rows('S-Backquote ~ BracketLeft [ S-BracketRight } Slash / S-Slash ? S-Minus _ NumpadAdd +'),
  ],
  gb: [
    ...rows('KeyQ q S-Digit2 " S-Digit3 £ S-Quote @ Quote \' Backslash # S-Backslash ~ IntlBackslash \\'),
    ...rows('S-IntlBackslash | Backquote ` S-Backquote ¬ G-Digit4 €'),
  ],
  de: [
    ...rows('KeyZ y KeyY z S-KeyY Z Minus ß S-Minus ? BracketLeft ü S-BracketLeft Ü Semicolon ö S-Quote Ä Backslash #'),
    ...rows('IntlBackslash < S-IntlBackslash > G-IntlBackslash | G-KeyQ @ G-KeyE € G-Digit7 { G-Digit8 [ G-Digit9 ]'),
    ...rows('G-Digit0 } G-Minus \\ G-BracketRight ~ G-KeyM µ G-Digit2 ² S-Digit3 § S-Backquote °'),
    ['Equal KeyE', 'é'],
    ['S-Equal KeyA', 'à'],
    ['Backquote KeyO', 'ô'],
    ['Backquote Space', '^'],
  ],
  fr: [
    ...rows('KeyQ a KeyA q KeyZ w KeyW z Semicolon m S-Semicolon M Digit1 & S-Digit1 1 Digit2 é Digit7 è Digit9 ç'),
    ...rows('Digit0 à Quote ù Minus ) G-Digit0 @ G-Digit3 # G-Digit4 { G-Digit5 [ G-Digit6 | G-Digit8 \\ G-Minus ]'),
    ...rows('G-Equal } G-KeyE € Slash ! KeyM , S-KeyM ? S-Slash § Backslash * S-Backslash µ BracketRight $'),
    ['BracketLeft KeyE', 'ê'],
    ['S-BracketLeft KeyI', 'ï'],
  ],
  es: [
    ...rows('Semicolon ñ S-Semicolon Ñ Backslash ç Equal ¡ S-Equal ¿ Backquote º G-Digit1 | G-Digit2 @ G-Digit3 #'),
    ...rows("G-KeyE € G-BracketLeft [ G-BracketRight ] G-Quote { G-Backslash } G-Backquote \\ S-Digit7 / Minus '"),
    ['Quote KeyA', 'á'],
    ['S-Quote KeyU', 'ü'],
    ['BracketLeft KeyE', 'è'],
    ['S-BracketLeft KeyO', 'ô'],
  ],
  ch: [
    ...rows('KeyZ y KeyY z S-Digit1 + S-Digit2 " S-Digit3 * BracketLeft ü S-BracketLeft è Semicolon ö S-Semicolon é'),
    ...rows("Quote ä S-Quote à Backslash $ S-Backslash £ Minus ' G-Digit2 @ G-Digit3 # G-BracketLeft ["),
    ...rows('G-BracketRight ] G-Quote { G-Backslash } G-IntlBackslash \\ G-KeyE € Backquote §'),
    ['Equal KeyE', 'ê'],
    ['S-Equal KeyA', 'à'],
    ['BracketRight KeyU', 'ü'],
  ],
  'ch(fr)': rows('KeyZ y BracketLeft è S-BracketLeft ü Semicolon é S-Semicolon ö Quote à S-Quote ä G-Digit2 @'),
  se: [
    ...rows('BracketLeft å Quote ä Semicolon ö S-Semicolon Ö Minus + Backslash \' S-Backslash * S-Digit2 " G-Digit2 @'),
    ...rows('G-Digit4 $ G-Digit7 { G-Digit8 [ G-Digit9 ] G-Digit0 } G-Minus \\ G-IntlBackslash | G-KeyE € Backquote §'),
    ['Equal KeyE', 'é'],
    ['BracketRight KeyU', 'ü'],
    ['S-BracketRight KeyO', 'ô'],
    ['G-BracketRight KeyN', 'ñ'],
  ],
  no: [
    ...rows('BracketLeft å Semicolon ø Quote æ S-Quote Æ Equal \\ Backquote | S-Backquote § G-Digit2 @ G-Digit7 {'),
    ['S-Equal KeyE', 'è'],
    ['G-Equal KeyE', 'é'],
  ],
  dk: [
    ...rows('BracketLeft å Semicolon æ Quote ø S-Quote Ø Backquote ½ S-Backquote § G-Equal | G-IntlBackslash \\'),
    ...rows('G-Digit2 @ G-Digit8 ['),
    ['Equal KeyE', 'é'],
  ],
  fi: rows('BracketLeft å Quote ä Semicolon ö Backquote § G-Digit2 @ G-KeyE € G-Minus \\'),
  jp: [
    ...rows('KeyQ q S-Digit2 " S-Digit7 \' BracketLeft @ S-BracketLeft ` BracketRight [ Backslash ] Semicolon ;'),
    ...rows('S-Semicolon + Quote : S-Quote * Equal ^ S-Equal ~ S-Minus = IntlYen \\ S-IntlYen | IntlRo \\ S-IntlRo _'),
  ],
  'us(dvorak)': [
    ...rows("KeyQ ' KeyW , KeyE . KeyR p KeyS o KeyD e KeyZ ; Minus [ BracketLeft / Slash z S-KeyW < S-KeyZ :"),
    ...rows('S-KeyA A Quote - S-Quote _ Digit1 1'),
  ],
};

function rows(text: string): Row[] {
  const words = text.split(' ');
  return words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ''] as const] : []));
}

/** What the next lines are that arrive in the terminal; each was followed by Enter. */
async function arrived(count: number): Promise<string[]> {
  const read = () => readFileSync(out, 'utf8').split('\n').slice(0, -1);
  await until(() => read().length >= seen + count, 30_000);
  const lines = read().slice(seen);
  seen += count;
  return lines;
}
let seen = 0;

const send = (message: Uint8Array) => recorder.stream.sendBinary(Buffer.from(message));
const say = (frame: object) => recorder.stream.sendText(JSON.stringify(frame));

/** One key as an ordinary viewer of the tables in `src/input` would send it. */
function physical(down: boolean, code: string): void {
  const xt = scanCodeOf(code);
  if (xt === undefined) throw new Error(`${code} has no scan code`);
  // A keysym that is wrong for certain: the server goes by the key.
  send(qemuKeyEvent(down, 0x78, xt));
}

function byKeys(keys: string): void {
  for (const stroke of keys.split(' ')) {
    const [, modifier, code = ''] = /^(?:([SG])-)?(.+)$/.exec(stroke) ?? [];
    const held = modifier === 'S' ? 'ShiftLeft' : modifier === 'G' ? 'AltRight' : undefined;
    if (held) physical(true, held);
    physical(true, code);
    physical(false, code);
    if (held) physical(false, held);
  }
}

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ', (letter) => `Key${letter}`);
const SHIFT = 0xffe1;
const LEVEL_3 = 0xfe03;
const RETURN = 0xff0d;

/** As a browser tells it where only characters are known: the modifiers of the last key, and what it wrote. */
function byCharacter(keys: string, text: string): void {
  const modifier = /(?:^| )([SG])-\S+$/.exec(keys)?.[1];
  const held = modifier === 'S' ? SHIFT : modifier === 'G' ? LEVEL_3 : undefined;
  if (held) send(keyEvent(true, held));
  send(keyEvent(true, keysymOfCharacter(text)));
  send(keyEvent(false, keysymOfCharacter(text)));
  if (held) send(keyEvent(false, held));
}

function enter(): void {
  send(keyEvent(true, RETURN));
  send(keyEvent(false, RETURN));
}

async function setLayout(layout: string): Promise<unknown> {
  const before = recorder.text('keyboard').length;
  say({ t: 'keyboard', layout });
  await recorder.when(() => recorder.text('keyboard').length > before);
  return recorder.text('keyboard').at(-1)?.['layout'];
}

beforeAll(async () => {
  await machine.build();
  host = machine.host(machine.directory('keys'));
  out = join(machine.base, 'typed');
  const command = `LC_ALL=C.UTF-8 exec xterm -u8 -e sh -c 'stty -echo; exec cat >${out}'`;
  ({ id: session } = await host.start(machine.user, machine.start(command), quiet));
  recorder = new Recorder(await host.openStream(session, viewerClient()));
  await recorder.handshake();
  await until(() => {
    // The pointer gives the window the keyboard, once it is there.
    send(pointerEvent(100, 100, 0, false));
    if (!existsSync(out)) return false;
    enter();
    return readFileSync(out, 'utf8') !== '';
  });
  // Strokes that came before the terminal was ready may still be on their way: everything up to here is left out.
  say({ t: 'type', text: 'ready\n' });
  await until(() => readFileSync(out, 'utf8').endsWith('ready\n'));
  seen = readFileSync(out, 'utf8').split('\n').length - 1;
}, TIMEOUT);
afterAll(() => machine.dispose(), TIMEOUT);

describe.each(Object.entries(TABLES))('the layout %s', { timeout: TIMEOUT }, (layout, table) => {
  it('types what is printed on its keys, sent as physical keys', async () => {
    expect(await setLayout(layout)).toBe(layout);
    for (const [keys] of table) {
      byKeys(keys);
      enter();
    }
    const lines = await arrived(table.length);
    expect(table.map(([keys], at) => [keys, lines[at]])).toEqual(table);
  });

  it('types the same, sent as the characters that a browser tells', async () => {
    for (const [keys, text] of table) {
      byCharacter(keys, text);
      enter();
    }
    const lines = await arrived(table.length);
    expect(table.map(([keys], at) => [keys, lines[at]])).toEqual(table);
  });
});

describe('the layouts that the viewer knows', { timeout: TIMEOUT }, () => {
  it.each(LAYOUTS.map(({ name }) => name))('%s is in XKB, with the same on the telling keys', async (name) => {
    expect(await setLayout(name)).toBe(name);
    for (const code of TELLING) {
      byKeys(`${code} Space`);
      enter();
    }
    const plain = [...LETTERS, ...Array.from('34567890', (digit) => `Digit${digit}`)];
    byKeys(plain.join(' '));
    enter();
    const lines = await arrived(TELLING.length + 1);
    const written = Array.from(lines.pop() ?? '');
    expect(plain.filter((code, at) => contradicts(name, code, written[at] ?? ''))).toEqual([]);
    const wrong = TELLING.flatMap((code, at) => {
      const [written = '', ...rest] = Array.from(lines[at] ?? '');
      // A dead key takes the space.
      return rest.length === 0 || !contradicts(name, code, written) ? [] : [[code, lines[at]]];
    });
    expect(wrong).toEqual([]);
  });
});

describe('a layout that is changed while somebody types', { timeout: TIMEOUT }, () => {
  it('leaves what was pressed before as it was, and what is pressed after waits for it', async () => {
    for (let round = 0; round < 3; round++) {
      await setLayout('us');
      byKeys('KeyZ S-Digit2');
      say({ t: 'keyboard', layout: 'de' });
      byKeys('KeyZ S-Digit2');
      enter();
      expect(await arrived(1)).toEqual(['z@y"']);
    }
  });
});

describe('text that no key has', { timeout: TIMEOUT }, () => {
  it('arrives whole, in order and before the keys after it, with more characters than a keyboard has room for', async () => {
    await setLayout('us');
    const text = '東京都千代田区で会議、春夏秋冬。你好世界 안녕하세요 Ελληνικά Русский 😀 naïve €';
    say({ t: 'type', text });
    byKeys('S-KeyA KeyB');
    enter();
    expect(await arrived(1)).toEqual([`${text}Ab`]);
  });

  it('leaves the layout as it was', async () => {
    expect(await setLayout('de')).toBe('de');
    say({ t: 'type', text: '日本語入力漢字変換候補一二三四五六七' });
    byKeys('KeyY G-KeyQ');
    enter();
    expect(await arrived(1)).toEqual(['日本語入力漢字変換候補一二三四五六七z@']);
  });
});

describe('what is no layout', { timeout: TIMEOUT }, () => {
  it('is answered with none, or not at all, and changes nothing', async () => {
    await setLayout('us');
    expect(await setLayout('nowhere')).toBe(null);
    const answers = recorder.text('keyboard').length;
    for (const layout of ['-help', 'us -option', '../../etc', 'us(', 'US', '', 5]) say({ t: 'keyboard', layout });
    byKeys('KeyY S-Digit2');
    enter();
    expect(await arrived(1)).toEqual(['y@']);
    expect(recorder.text('keyboard')).toHaveLength(answers);
  });

  it('is nobody’s to set or to type who only watches', async () => {
    const watcher = new Recorder(await host.openStream(session, viewerClient({ clientId: 'w', role: 'viewer' })));
    const tell = (frame: object) => watcher.stream.sendText(JSON.stringify(frame));
    tell({ t: 'keyboard', layout: 'fr' });
    tell({ t: 'type', text: 'intruder\n' });
    tell({ t: 'ping', at: 1 });
    await watcher.when(() => watcher.text('pong').length > 0);
    byKeys('KeyQ');
    enter();
    expect(await arrived(1)).toEqual(['q']);
    expect(watcher.text('keyboard')).toEqual([]);
  });
});
