/** A way for bytes and text, whatever carries them. */
import type { Transport } from '../types.ts';

export interface Line {
  send(data: Uint8Array<ArrayBuffer> | string): void;
  close(): void;
}

export interface LineEvents {
  opened(): void;
  binary(bytes: Uint8Array): void;
  text(text: string): void;
  /** Once; nothing comes after it. */
  closed(code: number, reason: string): void;
}

/** RFC 6455: closed without a close frame. */
const ABNORMAL = 1006;

/** Throws where the address is none. */
export function connect(transport: Transport, events: LineEvents): Line {
  return transport.kind === 'websocket'
    ? connectSocket(transport.url, transport.protocols, events)
    : connectPort(transport.port, events);
}

function connectSocket(url: string, protocols: string[] | undefined, events: LineEvents): Line {
  const socket = new WebSocket(url, protocols ?? []);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => events.opened());
  socket.addEventListener('message', (event: MessageEvent<ArrayBuffer | string>) => {
    if (typeof event.data === 'string') events.text(event.data);
    else events.binary(new Uint8Array(event.data));
  });
  socket.addEventListener('close', (event) => events.closed(event.code, event.reason));
  return {
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
    },
    close: () => socket.close(1000),
  };
}

/** The other end says that it is gone by sending `null`. */
function connectPort(port: MessagePort, events: LineEvents): Line {
  let open = true;
  const end = (code: number): void => {
    if (!open) return;
    open = false;
    port.close();
    events.closed(code, '');
  };
  port.addEventListener('message', (event: MessageEvent<ArrayBuffer | string | null>) => {
    if (!open) return;
    if (event.data === null) end(ABNORMAL);
    else if (typeof event.data === 'string') events.text(event.data);
    else events.binary(new Uint8Array(event.data));
  });
  port.start();
  queueMicrotask(() => events.opened());
  return {
    send: (data) => {
      if (!open) return;
      if (typeof data === 'string') port.postMessage(data);
      else port.postMessage(data.buffer, [data.buffer]);
    },
    close: () => {
      if (open) port.postMessage(null);
      end(1000);
    },
  };
}
