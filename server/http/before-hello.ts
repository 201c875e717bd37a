/** The first frame of a socket whose owner is not known yet: one JSON text, small and soon. */
import type { FastifyRequest } from 'fastify';
import type { RawData, WebSocket } from 'ws';
import { CasementError } from '../../src/contract/errors.ts';

/** Bytes. A hello is a few hundred; whoever sends more before saying who they are is cut off. */
const MAX_BYTES = 64 * 1024;
const MAX_WAIT_MS = 10_000;

/** Call it in the same turn as the upgrade, or the frame is missed. @throws CasementError `bad-request`, `timeout` */
export function limitBeforeHello(request: FastifyRequest, socket: WebSocket): Promise<unknown> {
  const wire = request.raw.socket;
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const onBytes = (chunk: Buffer) => {
      bytes += chunk.length;
      // A larger frame would be gathered in memory first, so it is the wire that is watched.
      if (bytes > MAX_BYTES) socket.terminate();
    };
    const onMessage = (data: RawData, isBinary: boolean) => {
      stop();
      try {
        if (isBinary) throw new SyntaxError('binary');
        resolve(JSON.parse(asBuffer(data).toString('utf8')));
      } catch {
        reject(new CasementError('bad-request'));
      }
    };
    const onClose = () => {
      stop();
      reject(new CasementError('disconnected'));
    };
    const timer = setTimeout(() => {
      stop();
      reject(new CasementError('timeout'));
    }, MAX_WAIT_MS);
    const stop = () => {
      clearTimeout(timer);
      wire.off('data', onBytes);
      socket.off('message', onMessage);
      socket.off('close', onClose);
    };
    wire.on('data', onBytes);
    socket.on('message', onMessage);
    socket.on('close', onClose);
  });
}

/** `ws` hands over one Buffer as long as nobody changes `binaryType`; the other two are for its type's sake. */
export function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
