/** The worker's entry. Everything it does is in `worker/host.ts`. */
import type { ToWorker } from './messages.ts';
import { createScreenHost } from './worker/host.ts';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const host = createScreenHost((message, transfer = []) => scope.postMessage(message, transfer), 'worker');

scope.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  if (event.data.type === 'init') host.init(event.data.canvas);
  else host.receive(event.data);
});
