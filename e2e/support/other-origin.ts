/** A page of somebody else's, on an origin of its own, that embeds the viewer by hand: an iframe and window messages. */
import { createServer, type Server } from 'node:http';

const PAGE = `<!doctype html><title>Somebody's portal</title>
<iframe id="viewer" width="1000" height="700" allow="fullscreen; clipboard-read; clipboard-write"></iframe>
<iframe id="second" width="600" height="400"></iframe>
<script src="/page.js"></script>`;

/**
 * Notes every message, answers the custom type \`site-save\` and the documented \`security.*\`, and asks by number. Written
 * as a page for the documented protocol is: no version, no checks, bodies of the documented shapes.
 */
const SCRIPT = `
window.received = [];
window.password = {};
const pending = new Map();
let next = 1;
window.addEventListener('message', (event) => {
  const { msg, number, result, error } = event.data || {};
  const from = [...document.querySelectorAll('iframe')].find((frame) => frame.contentWindow === event.source);
  window.received.push({ origin: event.origin, frame: from ? from.id : '', data: event.data });
  if (msg === 'site-save') {
    event.source.postMessage({ msg, number, result: 'saved ' + event.data.body.what }, event.origin);
  }
  if (msg === 'site-twice') {
    event.source.postMessage({ msg, number, result: 'first' }, event.origin);
    event.source.postMessage({ msg, number, result: 'second' }, event.origin);
  }
  if (msg === 'security.password') event.source.postMessage({ msg, body: window.password }, event.origin);
  if (msg === 'security.none') event.source.postMessage({ msg, body: {} }, event.origin);
  if (number && (result !== undefined || error) && pending.has(number)) {
    pending.get(number)(error ? { error } : { result });
    pending.delete(number);
  }
});
window.embed = (url, id = 'viewer') => { document.getElementById(id).src = url; };
window.ask = (msg, body, id = 'viewer') => new Promise((resolve) => {
  const number = next++;
  pending.set(number, resolve);
  document.getElementById(id).contentWindow.postMessage({ msg, body, number }, '*');
});
window.tell = (message, id = 'viewer') => document.getElementById(id).contentWindow.postMessage(message, '*');
`;

/** What the page offers to a test. */
export interface PageWindow {
  readonly received: readonly { origin: string; frame: string; data: { msg: string; body?: unknown; code?: string } }[];
  password: unknown;
  embed(url: string, id?: string): void;
  ask(msg: string, body?: unknown, id?: string): Promise<{ result?: unknown; error?: { name: string } }>;
  tell(message: unknown, id?: string): void;
}
declare global {
  interface Window extends PageWindow {}
}

export class OtherOrigin {
  readonly origin: string;
  readonly #server: Server;

  private constructor(origin: string, server: Server) {
    this.origin = origin;
    this.#server = server;
  }

  static async start(port: number): Promise<OtherOrigin> {
    const server = createServer((request, response) => {
      const script = request.url === '/page.js';
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
      response.end(script ? SCRIPT : PAGE);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new OtherOrigin(`http://127.0.0.1:${port}`, server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
