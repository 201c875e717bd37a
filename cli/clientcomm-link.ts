/** A connection of `clientcomm` to the user's link. Loads nothing that a single question does not need. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { encodeText, FrameDecoder, FrameKind } from '../server/sessions/frames.ts';
import { linkPaths } from '../server/sessions/paths.ts';

/** The protocol's version, as the link's `wire.ts` has it; a test compares the two. */
export const WIRE_VERSION = 6;
/** A link that was killed is back within this time; a script need not notice. */
export const LINK_BACK_MS = 3000;
export const RETRY_MS = 50;

export interface Failure {
  readonly name: string;
  readonly message?: string;
}

/** What the link says, as far as it is looked at. */
export interface LinkFrame {
  readonly t: string;
  readonly result?: unknown;
  readonly error?: Failure;
  readonly message?: { readonly type: string; readonly number: number; readonly data: string; readonly from?: string };
  readonly number?: number;
}

export interface LinkLine {
  send(request: object): void;
  close(): void;
}

export interface LinkEvents {
  welcome(line: LinkLine): void;
  frame(frame: LinkFrame, line: LinkLine): void;
  /** Once, unless `close` was called: there is no link, or it went away. */
  lost(): void;
}

export function openLink(dir: string, events: LinkEvents): void {
  const paths = linkPaths(dir);
  let socketPath: string;
  let token: string;
  try {
    socketPath = (JSON.parse(readFileSync(paths.info, 'utf8')) as { socket: string }).socket;
    token = readFileSync(paths.token, 'utf8').trim();
  } catch {
    events.lost();
    return;
  }
  const socket = connect(socketPath);
  let open = true;
  const end = () => {
    const was = open;
    open = false;
    socket.destroy();
    return was;
  };
  const lost = () => {
    if (end()) events.lost();
  };
  const line: LinkLine = {
    send: (request) => void socket.write(encodeText(JSON.stringify(request))),
    close: () => void end(),
  };
  const decoder = new FrameDecoder({
    text: (kind, text) => {
      if (kind !== FrameKind.link || !open) return;
      const frame = JSON.parse(text) as LinkFrame;
      if (frame.t === 'welcome') events.welcome(line);
      else events.frame(frame, line);
    },
    binary: () => undefined,
  });
  socket.on('data', (chunk: Buffer) => {
    try {
      decoder.push(chunk);
    } catch {
      lost();
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', lost);
  socket.write(encodeText(JSON.stringify({ kind: 'clientcomm', v: WIRE_VERSION, token })));
}
