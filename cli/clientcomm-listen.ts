/**
 * `clientcomm --listen`: what the page around the viewer says to the session, for programs in it. Each message is a line
 * of JSON, answered by a line on standard input; or a program is run with its data, whose output is the answer.
 */
import type { ChildProcess } from 'node:child_process';
import { LINK_BACK_MS, openLink, RETRY_MS, type Failure, type LinkFrame, type LinkLine } from './clientcomm-link.ts';

const MAX_DATA_BYTES = 1024 * 1024;
/** Messages that may wait for the program; a page that asks faster hears `busy`. */
const MAX_QUEUE = 64;

export interface ListenIo {
  readonly env: Record<string, string | undefined>;
  readonly cwd: string;
  /** Lines of standard input. */
  readLines(line: (text: string) => void, end: () => void): void;
  out(text: string): void;
  err(text: string): void;
}

export interface ListenOptions {
  readonly id: string;
  readonly dir: string;
  /** Absent: all types. */
  readonly type: string | undefined;
  /** Run for each message; absent: messages are printed. */
  readonly exec: string | undefined;
}

type Message = NonNullable<LinkFrame['message']>;
interface Answer {
  readonly data?: string;
  readonly error?: Failure;
  readonly ack?: true;
}
/** What is done with messages. `answer` of a question that is over is dropped. */
interface Handler {
  heard(message: Message, answer: (answer: Answer) => void): void;
  cancel(number: number): void;
}

/** Resolves with the reason why it cannot go on. It goes on over a link that is killed and comes back. */
export function listen(options: ListenOptions, io: ListenIo): Promise<Failure> {
  let line: LinkLine | undefined;
  const reply = (number: number, answer: Answer) => {
    if (number !== 0) line?.send({ n: 0, call: 'reply', input: { number, ...answer } });
  };
  const handler = options.exec === undefined ? printer(io, reply) : runner(options.exec, io);
  return new Promise((resolve) => {
    let until = performance.now() + LINK_BACK_MS;
    const open = () =>
      openLink(options.dir, {
        welcome(opened) {
          line = opened;
          const { id, type } = options;
          opened.send({ n: 1, call: 'listen', input: { id, ...(type === undefined ? {} : { type }) } });
        },
        frame(frame, opened) {
          const { message, number } = frame;
          const fail = (error: Failure) => {
            opened.close();
            resolve(error);
          };
          if (frame.t === 'result') until = Infinity;
          else if (frame.t === 'heard' && message) {
            handler.heard(message, (answer) => {
              // A link that came back knows nothing of what was asked before it.
              if (line === opened) reply(message.number, answer);
            });
          } else if (frame.t === 'cancel' && number !== undefined) handler.cancel(number);
          else if (frame.t === 'over') fail({ name: 'disconnected', message: 'the session is over' });
          else if (frame.t === 'failure' || frame.t === 'error') fail(frame.error ?? { name: 'internal' });
        },
        lost() {
          line = undefined;
          if (until === Infinity) until = performance.now() + LINK_BACK_MS;
          if (performance.now() > until) {
            resolve({ name: 'disconnected', message: 'the session’s link does not run' });
            return;
          }
          setTimeout(open, RETRY_MS);
        },
      });
    open();
  });
}

/** A line for each message; `{"number", "data"}` or `{"number", "error"}` on standard input answers one. */
function printer(io: ListenIo, reply: (number: number, answer: Answer) => void): Handler {
  const open = new Set<number>();
  let mute = false;
  const settle = (number: number, answer: Answer) => {
    if (open.delete(number)) reply(number, answer);
  };
  io.readLines(
    (text) => {
      const answer = parseAnswer(text);
      if (typeof answer === 'string') io.err(`clientcomm: ${answer}\n`);
      else if (answer.ack) reply(answer.number, { ack: true });
      else settle(answer.number, answer.error ? { error: answer.error } : { data: answer.data ?? '' });
    },
    () => {
      // Nobody can answer any more, and nobody is to wait for it.
      mute = true;
      for (const number of open) settle(number, { error: { name: 'unhandled' } });
    },
  );
  return {
    heard({ type, number, data, from }) {
      if (number !== 0) open.add(number);
      io.out(`${JSON.stringify({ type, number, data, ...(from === undefined ? {} : { from }) })}\n`);
      if (mute) settle(number, { error: { name: 'unhandled' } });
    },
    cancel: (number) => void open.delete(number),
  };
}

function parseAnswer(text: string): ({ number: number } & Answer) | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'format: an answer is one line of JSON';
  }
  const { number, data, error, ack } = (typeof json === 'object' && json !== null ? json : {}) as {
    [Name in 'number' | 'data' | 'error' | 'ack']?: unknown;
  };
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1) return 'format: an answer has a number';
  if (ack === true) return { number, ack };
  if (error !== undefined) {
    const { name, message } = (typeof error === 'object' && error !== null ? error : {}) as {
      name?: unknown;
      message?: unknown;
    };
    if (typeof name !== 'string') return 'format: an error has a name';
    return { number, error: { name, ...(typeof message === 'string' ? { message } : {}) } };
  }
  // Like a page, whose handlers return anything.
  const written = typeof data === 'string' ? data : JSON.stringify(data ?? null);
  if (Buffer.byteLength(written) > MAX_DATA_BYTES) return { number, error: { name: 'too-large' } };
  return { number, data: written };
}

/** One after the other, in the order in which they came; what runs is ended when nobody waits for it any more. */
function runner(program: string, io: ListenIo): Handler {
  const queue: { message: Message; answer: (answer: Answer) => void }[] = [];
  let running: { number: number; child: ChildProcess } | undefined;
  let busy = false;

  const next = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let one = queue.shift(); one; one = queue.shift()) {
      const { message, answer } = one;
      answer(await run(program, message, io, (child) => (running = { number: message.number, child })));
      running = undefined;
    }
    busy = false;
  };

  return {
    heard(message, answer) {
      if (queue.length >= MAX_QUEUE) {
        answer({ error: { name: 'busy' } });
        return;
      }
      // However long it takes, somebody works on it.
      answer({ ack: true });
      queue.push({ message, answer });
      void next();
    },
    cancel(number) {
      const at = queue.findIndex(({ message }) => message.number === number);
      if (at >= 0) queue.splice(at, 1);
      if (running?.number === number) running.child.kill();
    },
  };
}

/** Exit codes mean what they mean of `clientcomm` itself. */
const ERROR_OF: Readonly<Record<number, string>> = { 2: 'format', 4: 'timeout' };

async function run(
  program: string,
  { type, data, from }: Message,
  io: ListenIo,
  begun: (child: ChildProcess) => void,
): Promise<Answer> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    const child = spawn(program, [], {
      cwd: io.cwd,
      env: { ...io.env, CLIENTCOMM_TYPE: type, CLIENTCOMM_FROM: from ?? '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    begun(child);
    const pieces: Buffer[] = [];
    let length = 0;
    child.stdout.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= MAX_DATA_BYTES + 1) pieces.push(piece);
      else child.kill();
    });
    child.on('error', (error) => {
      io.err(`clientcomm: ${program}: ${error.message}\n`);
      resolve({ error: { name: 'unhandled', message: 'The program could not be run.' } });
    });
    child.on('close', (code, signal) => {
      const name = ERROR_OF[code ?? -1] ?? 'unhandled';
      const how = code === null ? `was ended by ${String(signal)}` : `ended with code ${code}`;
      if (length > MAX_DATA_BYTES + 1) resolve({ error: { name: 'too-large' } });
      else if (code !== 0) resolve({ error: { name, message: `The program ${how}.` } });
      else resolve(answerOf(Buffer.concat(pieces)));
    });
    // One that does not read what it is given is no error.
    child.stdin.on('error', () => undefined);
    child.stdin.end(data);
  });
}

/** As `$(…)` of a shell has it, but for the last line's end only. */
function answerOf(output: Buffer): Answer {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(output).replace(/\n$/, '');
  } catch {
    return { error: { name: 'format', message: 'The program’s output is not UTF-8.' } };
  }
  return Buffer.byteLength(text) > MAX_DATA_BYTES ? { error: { name: 'too-large' } } : { data: text };
}
