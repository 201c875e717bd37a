/** Connecting to a link, for every kind of connection. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { CasementError, isErrorCode, type ApiError } from '../../src/contract/errors.ts';
import { encodeText, FrameDecoder, FrameKind } from './frames.ts';
import { readRunningLink } from './link-lock.ts';
import type { LinkPaths } from './paths.ts';
import {
  type CallInput,
  type CallName,
  type CallResult,
  CallResults,
  LINK_VERSION,
  LinkFrame,
  type LinkHello,
  type LinkWelcome,
} from './wire.ts';

const WELCOME_MS = 5000;

/** No link runs in the directory, or it went away before it said welcome. */
export class NoLink extends Error {}

export type WithoutCredentials<T> = T extends unknown ? Omit<T, 'v' | 'token'> : never;

/** What comes after the welcome. */
export interface ConnectionHandler {
  /** JSON of the link's own (`LinkFrame`), unparsed. */
  link(text: string): void;
  text(text: string): void;
  binary(piece: Buffer): void;
  /** Once. */
  closed(): void;
}

export interface Connection {
  readonly socket: Socket;
  readonly welcome: LinkWelcome;
}

export function fromApiError(error: ApiError): CasementError {
  const code = isErrorCode(error.name) ? error.name : 'internal';
  return new CasementError(code, {
    message: error.message,
    ...(error.details === undefined ? {} : { details: error.details }),
  });
}

/** To the link of a directory of this account's own. Rejects with `NoLink`, or with the `CasementError` of a refusal. */
export function connectLink(
  paths: LinkPaths,
  hello: WithoutCredentials<LinkHello>,
  handler: ConnectionHandler,
): Promise<Connection> {
  const info = readRunningLink(paths);
  let token: string;
  try {
    token = readFileSync(paths.token, 'utf8').trim();
  } catch {
    token = '';
  }
  if (!info || token === '') return Promise.reject(new NoLink('no link runs here'));
  return greetLink(connect(info.socket), token, hello, handler);
}

/**
 * Says hello on a connection with a link, whoever made it. `token` is empty on one that the link made: it knows whom it
 * connected to. Rejects as `connectLink` does; the socket is closed then.
 */
export function greetLink(
  socket: Socket,
  token: string,
  hello: WithoutCredentials<LinkHello>,
  handler: ConnectionHandler,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let welcomed = false;
    const timer = setTimeout(() => socket.destroy(), WELCOME_MS);
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const first = (text: string) => {
      const frame = LinkFrame.safeParse(JSON.parse(text));
      if (!frame.success) throw new CasementError('link-failed');
      if (frame.data.t === 'error') throw fromApiError(frame.data.error);
      if (frame.data.t !== 'welcome') throw new CasementError('link-failed');
      welcomed = true;
      clearTimeout(timer);
      resolve({ socket, welcome: frame.data });
    };
    const decoder = new FrameDecoder({
      text: (kind, text) => {
        if (!welcomed) first(text);
        else if (kind === FrameKind.link) handler.link(text);
        else handler.text(text);
      },
      binary: (piece) => {
        if (!welcomed) throw new CasementError('link-failed');
        handler.binary(piece);
      },
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch (error) {
        fail(error instanceof Error ? error : new NoLink(String(error)));
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (welcomed) handler.closed();
      else fail(new NoLink('the link went away'));
    });
    socket.resume();
    socket.write(encodeText(JSON.stringify({ ...hello, v: LINK_VERSION, token } satisfies LinkHello)));
  });
}

/** One question to the link of a directory of this account's own. Rejects as `connectLink`, and with its answer's error. */
export async function askLink<Name extends CallName>(
  paths: LinkPaths,
  name: Name,
  input: CallInput<Name>,
): Promise<CallResult<Name>> {
  let settle: { resolve(result: unknown): void; reject(error: Error): void } | undefined;
  const answer = new Promise<unknown>((resolve, reject) => (settle = { resolve, reject }));
  const connection = await connectLink(
    paths,
    { kind: 'control' },
    {
      link: (text) => {
        const frame = LinkFrame.safeParse(JSON.parse(text));
        if (!frame.success || !('n' in frame.data)) return;
        if (frame.data.t === 'result') settle?.resolve(frame.data.result);
        else if (frame.data.t === 'failure') settle?.reject(fromApiError(frame.data.error));
      },
      text: () => undefined,
      binary: () => undefined,
      closed: () => settle?.reject(new NoLink('the link went away')),
    },
  );
  try {
    connection.socket.write(encodeText(JSON.stringify({ n: 1, call: name, input })));
    // The schema gives exactly what the call is typed with.
    return CallResults[name].parse(await answer) as CallResult<Name>;
  } finally {
    connection.socket.destroy();
  }
}
