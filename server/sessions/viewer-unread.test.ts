/** A viewer that takes nothing of what it has the link send it. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Viewer, type ViewerEvents } from './viewer.ts';

let server: Server;
let host: Socket;
let peer: Socket;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  peer.pause();
  [host] = await accepted;
});
afterEach(() => {
  host.destroy();
  peer.destroy();
  server.close();
});

function viewer(events: Partial<ViewerEvents>): Viewer {
  const client = { clientId: 'guest', login: 'someone', role: 'inactive', ip: '' } as const;
  return new Viewer(host, client, '/nowhere', events as ViewerEvents, null);
}

it('is closed before it fills the link’s memory', () => {
  const closed = vi.fn();
  const one = viewer({ closed });
  const data = 'x'.repeat(1024 * 1024);
  for (let number = 1; number <= 20; number++) one.send({ t: 'clientcomm', message: { type: 'x', number, data } });
  expect(closed).not.toHaveBeenCalled();
  for (let number = 21; number <= 200; number++) one.send({ t: 'clientcomm', message: { type: 'x', number, data } });
  expect(closed).toHaveBeenCalledOnce();
});

it('is closed as well where it is the one who asks', () => {
  const closed = vi.fn();
  const one: Viewer = viewer({
    closed,
    frame: () => one.send({ t: 'answer', answer: { number: 1, data: 'x'.repeat(10_000) } }),
  });
  const asked = JSON.stringify({ t: 'clientcomm', message: { type: 'x', number: 1, data: '' } });
  for (let times = 0; times < 20_000 && closed.mock.calls.length === 0; times++) one.text(asked);
  expect(closed).toHaveBeenCalledOnce();
});
