/** One thread that runs one call at a time. Whoever started it ends it when a call takes too long. */
import type { MessagePort } from 'node:worker_threads';
import { checkFunction, runFunction } from '../../src/sandbox/run.ts';
import { loadEngine, type EngineModule } from '../../src/sandbox/engine.ts';
import type { FromWorker, Job } from './messages.ts';

const now = () => performance.now();

export async function work(port: MessagePort, module: EngineModule): Promise<void> {
  const engine = await loadEngine(module);
  const tell = (message: FromWorker) => port.postMessage(message);
  port.on('message', (job: Job) => {
    if (job.kind === 'check') {
      const failure = checkFunction(engine, job.text, now);
      tell({ kind: 'done', done: { kind: 'check', id: job.id, failure }, spoilt: failure !== null });
      return;
    }
    const { spoilt, ...run } = runFunction(engine, job.text, job.input, now);
    tell({ kind: 'done', done: { kind: 'run', id: job.id, run }, spoilt });
  });
  tell({ kind: 'ready' });
}
