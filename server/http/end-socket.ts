/** Ends a socket of somebody who may not go on: with a reason, and soon whether the other side plays along or not. */
import type { WebSocket } from 'ws';
import type { Action, Auth } from '../auth/port.ts';
import { CLOSE_REFUSED } from '../../src/contract/socket.ts';

/** What has been asked to close goes on being heard until it answers; that must not be up to it. */
const PATIENCE_MS = 500;

export function endSocket(socket: WebSocket, reason: string): void {
  socket.close(CLOSE_REFUSED, reason);
  const timer = setTimeout(() => socket.terminate(), PATIENCE_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Ends a socket with the login or the permission that it lives by. False: it is gone already, and nothing is watched. */
export function endWithLogin(socket: WebSocket, auth: Pick<Auth, 'watch'>, jti: string, action: Action): boolean {
  if (socket.readyState !== socket.OPEN) return false;
  socket.once(
    'close',
    auth.watch(jti, action, (reason) => endSocket(socket, reason)),
  );
  return true;
}
