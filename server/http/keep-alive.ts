/** Notices a peer that is gone without a word: cable pulled, laptop shut. */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

const INTERVAL_MS = 25_000;
/** Rounds without a sign of life. A slow line may hold a pong back behind megabytes, so sending counts as one, too. */
const MISSED = 2;

/** Ends by itself with the socket. */
export function keepAlive(socket: WebSocket, wire: Socket, intervalMs = INTERVAL_MS): void {
  let missed = 0;
  let sent = 0;
  const alive = () => {
    missed = 0;
  };
  socket.on('pong', alive);
  socket.on('message', alive);
  const timer = setInterval(() => {
    const out = wire.bytesWritten - wire.writableLength;
    if (out - sent > 1024) alive();
    sent = out;
    if (++missed > MISSED) {
      socket.terminate();
      return;
    }
    if (socket.readyState === socket.OPEN) socket.ping();
  }, intervalMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}
