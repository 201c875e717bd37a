/** The engine of functions without its process and threads, for tests of what surrounds it. */
import { loadEngine, type Engine } from '../../src/sandbox/engine.ts';
import { checkFunction, runFunction } from '../../src/sandbox/run.ts';
import type { Runner } from '../functions/runner.ts';

const now = () => performance.now();

export function inProcessRunner(): Pick<Runner, 'run' | 'check'> {
  let engine: Promise<Engine> | undefined;
  const load = () => (engine ??= loadEngine());
  return {
    async run(text, input) {
      const { spoilt, ...run } = runFunction(await load(), text, input, now);
      if (spoilt) engine = undefined;
      return run;
    },
    check: async (text) => checkFunction(await load(), text, now),
  };
}
