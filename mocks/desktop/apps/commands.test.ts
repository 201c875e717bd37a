import { describe, expect, it } from 'vitest';
import type { ServerFrame } from '../../../src/contract/socket.ts';
import { Clients } from '../clients.ts';
import { Comm } from '../comm.ts';
import { clientcomm } from './clientcomm-command.ts';
import { LineEditor } from './line-editor.ts';
import { splitWords } from './words.ts';

const readFrame: (text: string) => ServerFrame = JSON.parse;

function session() {
  const clients = new Clients();
  const frames: ServerFrame[] = [];
  const output: string[] = [];
  const comm = new Comm(
    'demo-1',
    { id: 's-1234', name: 'Demo', parents: [] },
    { welcomed: () => undefined, answer: (answer) => clients.answered(answer) },
    (text) => frames.push(readFrame(text)),
  );
  clients.add(comm);
  const abort = new AbortController();
  const run = (...words: string[]) =>
    clientcomm(
      words,
      clients,
      { write: (text) => output.push(text), fail: (text) => output.push(`! ${text}`) },
      abort.signal,
    );
  return { clients, comm, frames, output, abort, run };
}

describe('clientcomm in the demo’s terminal', () => {
  it('tells everybody, and says with 3 that nobody is there', async () => {
    const { comm, frames, run } = session();
    expect(await run('hello')).toBe(3);
    comm.receive('{"t":"hello","v":1,"ticket":"x"}');
    expect(await run('hello', 'there')).toBe(0);
    expect(frames).toMatchObject([
      { t: 'welcome', role: 'master', session: { id: 's-1234' } },
      { t: 'clientcomm', message: { type: 'fx-notify', number: 0, data: 'hello there' } },
    ]);
  });

  it('asks one client, waits, and prints the answer', async () => {
    const { comm, frames, output, run } = session();
    comm.receive('{"t":"hello","v":1,"ticket":"x"}');
    const asked = run('--clients=master', '--type', 'demo-type', 'Save?');
    const message = frames.find((frame) => frame.t === 'clientcomm');
    expect(message).toMatchObject({ message: { type: 'demo-type', number: 1, data: 'Save?' } });
    comm.receive('{"t":"answer","answer":{"number":1,"ack":true}}');
    comm.receive('{"t":"answer","answer":{"number":1,"data":"{\\"button\\":\\"Yes\\"}"}}');
    expect(await asked).toBe(0);
    expect(output).toEqual(['{"button":"Yes"}']);
  });

  it('fails when the one who was asked leaves, and when it is interrupted', async () => {
    const { clients, comm, frames, run, abort } = session();
    comm.receive('{"t":"hello","v":1,"ticket":"x"}');
    const asked = run('--clients=demo-1', 'x');
    clients.remove(comm);
    expect(await asked).toBe(1);
    clients.add(comm);
    const again = run('--clients=demo-1', 'x');
    abort.abort();
    expect(await again).toBe(4);
    expect(frames.at(-1)).toEqual({ t: 'cancel', number: 2 });
  });

  it('refuses a crowd without a comma, unknown options, and no message', async () => {
    const { run } = session();
    expect(await run('--clients=viewer', 'x')).toBe(2);
    expect(await run('--colour=red', 'x')).toBe(2);
    expect(await run()).toBe(2);
  });
});

describe('a command line', () => {
  it('is words, with quotes and backslashes', () => {
    expect(splitWords(`a "b c" 'd "e"' f\\ g "" `)).toEqual({ ok: true, words: ['a', 'b c', 'd "e"', 'f g', ''] });
    expect(splitWords('"open')).toEqual({ ok: false, quote: '"' });
  });

  it('is edited and remembered', () => {
    const editor = new LineEditor();
    const press = (keysym: number, text = '') => editor.key({ keysym, text, control: false, shift: false });
    for (const char of 'ab') press(char.charCodeAt(0), char);
    press(0xff51);
    press(0x78, 'x');
    expect([editor.text, editor.cursor]).toEqual(['axb', 2]);
    press(0xff08);
    expect(editor.take()).toBe('ab');
    press(0xff52);
    expect(editor.text).toBe('ab');
  });
});
