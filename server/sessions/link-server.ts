/** The link's connections, made to its unix socket or by itself to a server: who is there, what for, and the calls of control connections. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { CasementError, type ApiError } from '../../src/contract/errors.ts';
import { encodeText, FrameDecoder, FrameKind } from './frames.ts';
import { type Link, toOutgoing } from './link.ts';
import type { LinkSession } from './link-session.ts';
import type { Listener, ListenerFrame } from './listeners.ts';
import { Viewer } from './viewer.ts';
import {
  DialRefusal,
  LINK_VERSION,
  type LinkFrame,
  LinkHello,
  LinkRequest,
  type ServerInvitation,
  type StreamClient,
} from './wire.ts';

/** Whoever connects says what for within this time. */
const HELLO_MS = 5000;
/** Calls of one connection that may be under way at the same time. */
const MAX_CALLS = 2048;

interface Connection {
  text(kind: number, text: string): void;
  binary(piece: Buffer): void;
}

export interface LinkServerOptions {
  readonly link: Link;
  readonly token: string;
  readonly log: (line: string) => void;
  /** Asked for on the link's own socket: connect to a server, and come back when it has said hello. */
  readonly serve: (invitation: ServerInvitation) => Promise<null>;
}

/** A connection that the link made to a server it was told of, so that needs no token. */
export interface Outgoing {
  /** The server has said hello. */
  welcomed(): void;
  /** The server does not know this link. */
  refused(): void;
  /** The server wants one more connection. */
  dial(nonce: string): void;
}

/** Does not listen yet. */
export function createLinkServer(options: LinkServerOptions): Server {
  return createServer((socket) => accept(socket, options));
}

export function accept(socket: Socket, options: LinkServerOptions, outgoing?: Outgoing): void {
  let connection: Connection | undefined;
  const timer = setTimeout(() => socket.destroy(), HELLO_MS);
  const decoder = new FrameDecoder({
    text: (kind, text) => {
      if (connection) {
        connection.text(kind, text);
        return;
      }
      clearTimeout(timer);
      try {
        connection = greet(socket, text, options, outgoing);
      } catch (error) {
        refuse(socket, error);
        connection = deaf;
      }
    },
    binary: (piece) => {
      if (!connection) throw new CasementError('bad-request');
      connection.binary(piece);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      decoder.push(chunk);
    } catch (error) {
      options.log(`a connection was closed: ${String(error)}`);
      socket.destroy();
    }
  });
  // The close that follows does the work.
  socket.on('error', () => undefined);
  socket.on('close', () => clearTimeout(timer));
}

function write(socket: Socket, frame: LinkFrame | ListenerFrame): void {
  if (!socket.destroyed && socket.writable) socket.write(encodeText(JSON.stringify(frame), FrameKind.link));
}

function toApiError(error: unknown): ApiError {
  return (error instanceof CasementError ? error : new CasementError('internal', { cause: error })).toJSON();
}

function refuse(socket: Socket, error: unknown): void {
  write(socket, { t: 'error', error: toApiError(error) });
  socket.end();
}

const deaf: Connection = { text: () => undefined, binary: () => undefined };

function greet(socket: Socket, text: string, options: LinkServerOptions, outgoing: Outgoing | undefined): Connection {
  const json = parse(text);
  if (outgoing && DialRefusal.safeParse(json).success) {
    outgoing.refused();
    socket.destroy();
    return deaf;
  }
  const hello = LinkHello.safeParse(json);
  if (!hello.success) throw new CasementError('bad-request');
  const { v, token } = hello.data;
  if (!outgoing && !sameToken(token, options.token)) throw new CasementError('unauthenticated');
  if (v !== LINK_VERSION) {
    throw new CasementError('version-mismatch', { message: `The link speaks version ${LINK_VERSION}, not ${v}.` });
  }
  outgoing?.welcomed();
  switch (hello.data.kind) {
    case 'control':
      return control(socket, options, outgoing);
    case 'clientcomm':
      write(socket, { t: 'welcome', v: LINK_VERSION, pid: process.pid });
      return calls(socket, options, outgoing, ['clients', 'clientcomm', 'listen', 'reply']);
    case 'stream':
      return stream(socket, options.link, hello.data);
    case 'file':
      return file(socket, options.link, hello.data);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function sameToken(given: string, own: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(own)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function control(socket: Socket, options: LinkServerOptions, outgoing: Outgoing | undefined): Connection {
  const { link } = options;
  write(socket, {
    t: 'welcome',
    v: LINK_VERSION,
    pid: process.pid,
    sessions: link.sessions.map((session) => session.describe()),
  });
  const stop = link.subscribe((id, session) =>
    write(socket, { t: 'session', id, session: session?.describe() ?? null }),
  );
  socket.on('close', stop);
  return calls(socket, options, outgoing);
}

/** Answers questions; of those in `allowed` only, where that is given. */
function calls(
  socket: Socket,
  { link, serve }: LinkServerOptions,
  outgoing: Outgoing | undefined,
  allowed?: readonly LinkRequest['call'][],
): Connection {
  let open = 0;
  let listening: { session: LinkSession; listener: Listener } | undefined;
  const cancels = new Set<() => void>();
  socket.on('close', () => {
    for (const cancel of cancels) cancel();
  });

  const answer = async (request: LinkRequest): Promise<unknown> => {
    if (allowed && !allowed.includes(request.call)) throw new CasementError('forbidden');
    switch (request.call) {
      case 'start':
        return link.calls.start(request.input);
      case 'disconnect':
        return link.calls.disconnect(request.input);
      case 'terminate':
        return link.calls.terminate(request.input);
      case 'purge':
        return link.calls.purge(request.input);
      case 'params':
        return link.calls.params(request.input);
      case 'extend':
        return link.calls.extend(request.input);
      case 'log':
        return link.calls.log(request.input);
      case 'files':
        return link.calls.files(request.input);
      case 'adopt':
        return link.calls.adopt(request.input);
      case 'begun':
        return link.calls.begun(request.input);
      case 'run': {
        const { n } = request;
        const running = link.run(request.input, (stream, text) => write(socket, { t: 'output', n, stream, text }));
        cancels.add(running.cancel);
        try {
          return await running.result;
        } finally {
          cancels.delete(running.cancel);
        }
      }
      case 'serve':
        // A server has no say in which others the link connects to.
        if (outgoing) throw new CasementError('forbidden');
        return serve(request.input);
      case 'dial':
        if (!outgoing) throw new CasementError('bad-request');
        outgoing.dial(request.input.nonce);
        return null;
      case 'clients':
        return link.get(request.input.id).describe().clients;
      case 'listen': {
        if (listening) throw new CasementError('bad-request', { message: 'This connection listens already.' });
        const session = link.get(request.input.id);
        if (session.isOver) throw new CasementError('session-not-running');
        const listener: Listener = {
          type: request.input.type,
          send: (frame) => write(socket, frame),
          get queued() {
            return socket.writableLength;
          },
        };
        socket.on('close', session.listeners.add(listener));
        listening = { session, listener };
        return null;
      }
      case 'reply':
        listening?.session.listeners.reply(listening.listener, request.input);
        return null;
      case 'clientcomm': {
        // Whoever asked and went away wants no answer: the dialog on the screen goes too.
        let cancelThis: (() => void) | undefined;
        try {
          return await link.get(request.input.id).clientcomm.send(toOutgoing(request.input), (cancel) => {
            cancelThis = cancel;
            cancels.add(cancel);
          });
        } finally {
          if (cancelThis) cancels.delete(cancelThis);
        }
      }
    }
  };

  return {
    text: (_kind, text) => {
      const json = parse(text);
      const request = LinkRequest.safeParse(json);
      if (!request.success) {
        const n = typeof json === 'object' && json !== null && 'n' in json ? json.n : undefined;
        if (typeof n !== 'number') throw new CasementError('bad-request');
        const field = request.error.issues[0]?.path.slice(1).join('.') ?? '';
        write(socket, {
          t: 'failure',
          n,
          error: toApiError(new CasementError('bad-request', { details: { field } })),
        });
        return;
      }
      const { n } = request.data;
      if (open >= MAX_CALLS) {
        write(socket, { t: 'failure', n, error: toApiError(new CasementError('busy')) });
        return;
      }
      open++;
      answer(request.data)
        .then(
          (result) => write(socket, { t: 'result', n, result }),
          (error: unknown) => write(socket, { t: 'failure', n, error: toApiError(error) }),
        )
        .finally(() => open--);
    },
    binary: () => {
      throw new CasementError('bad-request');
    },
  };
}

/** The bytes of one file; the connection ends with them. */
function file(socket: Socket, link: Link, hello: Extract<LinkHello, { kind: 'file' }>): Connection {
  link.files.admit(hello.client, hello.stream.way === 'write' ? 'upload' : 'download');
  write(socket, { t: 'welcome', v: LINK_VERSION, pid: process.pid });
  return link.files.carry(socket, hello.stream, {
    done: (bytes) => {
      write(socket, { t: 'done', bytes });
      socket.end();
    },
    failed: (error) => refuse(socket, error),
  });
}

function stream(socket: Socket, link: Link, hello: Extract<LinkHello, { kind: 'stream' }>): Connection {
  const session = link.get(hello.session);
  if (session.status !== 'running') throw new CasementError('session-not-running');
  write(socket, { t: 'welcome', v: LINK_VERSION, pid: process.pid });
  const client: StreamClient = hello.client;
  const viewer = new Viewer(
    socket,
    client,
    session.paths.rfbSocket,
    {
      resized: (size) => session.resized(size),
      clipboard: (frame) => session.clipboard.receive(viewer, frame),
      input: () => session.input(),
      keyboard: (layout) => session.setKeyboard(layout),
      type: (text, write) => session.keyboard.type(text, write),
      screen: ({ scale, ground }) => session.setScale(scale, ground),
      window: ({ id, action }) => session.actOnWindow(id, action),
      extend: () => {
        try {
          session.extend();
        } catch {
          // Too late, or asked for twice: the viewer is told the deadline anyway.
        }
      },
      frame: (frame) => {
        if (frame.t === 'answer') {
          session.clientcomm.answer(viewer, frame.answer);
          return;
        }
        void session.listeners.receive(viewer, frame.message);
      },
      closed: () => {
        session.listeners.left(viewer);
        session.left(viewer);
      },
    },
    session.maxSize,
  );
  session.connect(viewer, hello.params);
  return {
    text: (kind, text) => {
      if (kind === FrameKind.text) viewer.text(text);
    },
    binary: (piece) => viewer.binary(piece),
  };
}
