/**
 * Sending a ClientComm message from a session's script, by the user's link. Small on purpose: scripts call it in loops,
 * so nothing is loaded that is not needed for one question and one answer.
 */
import { dirname, isAbsolute, resolve as resolvePath } from 'node:path';
import { type ClientCommArguments, parseArguments, USAGE, UsageError } from './clientcomm-args.ts';
import { type Failure, LINK_BACK_MS, openLink, RETRY_MS } from './clientcomm-link.ts';
import { listen, type ListenIo } from './clientcomm-listen.ts';

export const Exit = { done: 0, error: 1, usage: 2, nobody: 3, timeout: 4 } as const;

/** The contract's limit of a message's data, in bytes of UTF-8. */
const MAX_DATA_BYTES = 1024 * 1024;
export interface ClientCommIo extends ListenIo {
  readStdin(): Uint8Array;
  /** The program's arguments as the system has them; Node puts a replacement where they are not UTF-8. */
  readArguments(): Uint8Array;
}

interface Client {
  readonly id: string;
  readonly login: string;
  readonly role: string;
  readonly connected: number;
}
type Reply =
  | { kind: 'result'; result: unknown }
  | { kind: 'failure'; error: Failure }
  /** There is no link, or it went away. `asked`: after the question had been put. */
  | { kind: 'lost'; asked: boolean };

/** Returns the exit code. */
export async function runClientComm(argv: readonly string[], io: ClientCommIo): Promise<number> {
  let options: ClientCommArguments;
  try {
    options = parseArguments(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`clientcomm: ${error.message}\n${USAGE}`);
    return Exit.usage;
  }
  if (options.help) {
    io.out(USAGE);
    return Exit.done;
  }
  const id = options.id ?? io.env['FASTX_SESSION_ID'];
  if (!id) {
    io.err('clientcomm: no session: give --id, or run it inside a session\n');
    return Exit.usage;
  }
  const dir = linkDirectory(options, io);
  if (dir === undefined) {
    io.err('clientcomm: no link directory: give --config_path, or run it inside a session\n');
    return Exit.usage;
  }
  if (options.listen) {
    const { listenType: type, exec } = options;
    return fail({ kind: 'failure', error: await listen({ id, dir, type, exec }, io) }, io);
  }
  const request = options.list ? { n: 1, call: 'clients', input: { id } } : message(options, id, io);
  if (typeof request === 'string') {
    io.err(`clientcomm: ${request}\n`);
    return Exit.error;
  }
  const reply = await askPatiently(dir, request);
  return options.list ? printClients(reply, options.json, io) : printAnswer(reply, io);
}

function linkDirectory(options: ClientCommArguments, io: ClientCommIo): string | undefined {
  const given = options.configPath ?? io.env['FX_CONFIG_DIR'];
  if (given) return isAbsolute(given) ? given : resolvePath(io.cwd, given);
  const session = io.env['FASTX_SESSION_DIR'];
  return session ? dirname(dirname(session)) : undefined;
}

function message(options: ClientCommArguments, id: string, io: ClientCommIo): object | string {
  const read = readData(options, io);
  const data = read !== undefined && options.type === 'fx-download' ? fromHere(read, io.cwd) : read;
  if (data === undefined) return 'format: the data is not UTF-8';
  if (Buffer.byteLength(data) > MAX_DATA_BYTES) return 'too-large: the data may have 1 MiB';
  const { type, clients, timeoutMs } = options;
  return { n: 1, call: 'clientcomm', input: { id, type, data, clients, timeoutMs } };
}

/** `undefined`: not UTF-8. */
function readData({ message: words }: ClientCommArguments, io: ClientCommIo): string | undefined {
  if (words !== undefined && !words.includes('\uFFFD')) return words;
  const bytes = words === undefined ? io.readStdin() : io.readArguments();
  // Checked before it is decoded: whoever sends a gigabyte is told without its being looked at.
  if (words === undefined && bytes.length > MAX_DATA_BYTES) return ' '.repeat(MAX_DATA_BYTES + 1);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return words ?? text;
  } catch {
    return undefined;
  }
}

/** The path of `fx-download`, made absolute: whoever gets the message does not know where the script is. */
function fromHere(data: string, cwd: string): string {
  const whole = (path: string) => (isAbsolute(path) || /^~(\/|$)/.test(path) ? path : resolvePath(cwd, path));
  if (!data.trimStart().startsWith('{')) return data.trim() === '' ? data : whole(data.replace(/\n$/, ''));
  try {
    const offer: unknown = JSON.parse(data);
    if (typeof offer !== 'object' || offer === null || !('path' in offer) || typeof offer.path !== 'string')
      return data;
    return JSON.stringify({ ...offer, path: whole(offer.path) });
  } catch {
    return whole(data);
  }
}

async function askPatiently(dir: string, request: object): Promise<Reply> {
  const until = performance.now() + LINK_BACK_MS;
  for (;;) {
    const reply = await ask(dir, request);
    if (reply.kind !== 'lost' || reply.asked || performance.now() > until) return reply;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function ask(dir: string, request: object): Promise<Reply> {
  return new Promise((resolve) => {
    let asked = false;
    openLink(dir, {
      welcome(line) {
        asked = true;
        line.send(request);
      },
      frame(frame, line) {
        if (frame.t === 'result') resolve({ kind: 'result', result: frame.result });
        else if (frame.t === 'failure' || frame.t === 'error') {
          resolve({ kind: 'failure', error: frame.error ?? { name: 'internal' } });
        } else return;
        line.close();
      },
      lost: () => resolve({ kind: 'lost', asked }),
    });
  });
}

function printClients(reply: Reply, json: boolean, io: ClientCommIo): number {
  if (reply.kind !== 'result') return fail(reply, io);
  const clients = reply.result as Client[];
  if (json) {
    io.out(`${JSON.stringify(clients)}\n`);
    return Exit.done;
  }
  const rows = [
    ['ID', 'ROLE', 'LOGIN', 'CONNECTED'],
    ...clients.map((client) => [client.id, client.role, client.login, new Date(client.connected).toISOString()]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const row of rows) {
    io.out(`${row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ')}\n`);
  }
  return Exit.done;
}

function printAnswer(reply: Reply, io: ClientCommIo): number {
  if (reply.kind !== 'result') return fail(reply, io);
  const { answer } = reply.result as { answer?: { data?: string; error?: Failure } };
  if (answer?.error) return fail({ kind: 'failure', error: answer.error }, io);
  if (answer) io.out(`${answer.data ?? ''}\n`);
  return Exit.done;
}

function fail(reply: Exclude<Reply, { kind: 'result' }>, io: ClientCommIo): number {
  if (reply.kind === 'lost') {
    const what = reply.asked ? 'the connection was lost before an answer came' : 'the session’s link does not run';
    io.err(`clientcomm: disconnected: ${what}\n`);
    return Exit.error;
  }
  const { name, message } = reply.error;
  io.err(`clientcomm: ${name}${message ? `: ${message}` : ''}\n`);
  if (name === 'no-clients') return Exit.nobody;
  return name === 'timeout' ? Exit.timeout : Exit.error;
}
