/** The engine of the server, in a thread of its own that whoever asks may end at any time. One call a worker. */
import { loadEngine } from '../../../sandbox/engine.ts';
import { Sandbox } from '../../../sandbox/run.ts';
import type { FromDryRun, ToDryRun } from './browser-run.ts';

const post = (message: FromDryRun) => self.postMessage(message);

loadEngine().then(
  (engine) => {
    const sandbox = new Sandbox(engine, () => performance.now());
    self.addEventListener('message', ({ data }: MessageEvent<ToDryRun>) => {
      const { outcome, logs, ms } = sandbox.run(data.text, data.input);
      post({ type: 'ran', outcome, logs, ms });
    });
    post({ type: 'ready' });
  },
  (cause: unknown) => post({ type: 'broken', message: String(cause) }),
);
