/**
 * Carries frames between a viewer's WebSocket and its session's stream, untouched and uncopied. Back-pressure goes both
 * ways, so a side that stops reading costs a bounded buffer and no more.
 */
import type { RawData, WebSocket } from 'ws';
import { CLOSE_ENDED, CLOSE_KICKED, CLOSE_LOST, CLOSE_REFUSED } from '../../src/contract/socket.ts';
import type { ViewerStream } from '../sessions/port.ts';
import { asBuffer } from './before-hello.ts';

/** Bytes that may wait for a viewer before the session is asked to stop. Kernel buffers hide some 4 MiB more. */
export const HIGH_WATER = 256 * 1024;
const LOW_WATER = HIGH_WATER / 4;
/** Bytes of one text frame: 16 Ki characters of a part, JSON-escaped at worst sixfold, and what is around them. */
const MAX_TEXT_BYTES = 128 * 1024;

/** `ended` and the others as close code and code of the error catalogue. */
const CLOSING = {
  ended: [CLOSE_ENDED, 'session-not-running'],
  kicked: [CLOSE_KICKED, 'kicked'],
  idle: [CLOSE_KICKED, 'idle-disconnected'],
  lost: [CLOSE_LOST, 'disconnected'],
  closed: [1000, 'disconnected'],
} as const;

export type StreamEnd = keyof typeof CLOSING;

export interface Relay {
  /** Sends what came from the session meanwhile, and carries on from there. */
  begin(): void;
}

/**
 * Takes both sides over: from here on the relay closes the one when the other ends. Until `begin()` nothing reaches
 * the viewer, so that a welcome can be sent first.
 */
export function createRelay(socket: WebSocket, stream: ViewerStream, onEnd: (reason: StreamEnd) => void): Relay {
  let begun = false;
  let ended = false;
  let held = false;
  /** Frames that came before `begin()`. The stream is paused then, so there are few. */
  let early: (Buffer | string)[] = [];

  const sent = () => {
    if (held && !ended && socket.bufferedAmount <= LOW_WATER) {
      held = false;
      stream.resume();
    }
  };
  const send = (frame: Buffer | string) => {
    if (!begun) {
      early.push(frame);
      return;
    }
    if (socket.readyState !== socket.OPEN) return;
    socket.send(frame, sent);
    if (!held && socket.bufferedAmount > HIGH_WATER) {
      held = true;
      stream.pause();
    }
  };
  const end = (reason: StreamEnd) => {
    if (ended) return;
    ended = true;
    early = [];
    onEnd(reason);
  };

  stream.onBinary = send;
  stream.onText = send;
  stream.onDrain = () => socket.resume();
  stream.onClose = (reason) => {
    end(reason);
    const [code, name] = CLOSING[reason];
    // A viewer that stopped reading may be paused and full: what waits for it is dropped with it.
    socket.resume();
    socket.close(code, name);
  };
  stream.pause();

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (ended) return;
    const bytes = asBuffer(data);
    if (!isBinary && bytes.length > MAX_TEXT_BYTES) {
      socket.close(CLOSE_REFUSED, 'too-large');
      return;
    }
    const roomy = isBinary ? stream.sendBinary(bytes) : stream.sendText(bytes.toString('utf8'));
    if (!roomy) socket.pause();
  });
  socket.once('close', () => {
    if (ended) return;
    end('closed');
    stream.close();
  });

  return {
    begin() {
      begun = true;
      const waiting = early;
      early = [];
      for (const frame of waiting) send(frame);
      if (!held && !ended) stream.resume();
    },
  };
}
