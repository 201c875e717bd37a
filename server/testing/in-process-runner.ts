/** The engine of functions without its process and threads, for tests of what surrounds it. */
import { loadEngine } from '../../src/sandbox/engine.ts';
import { Sandbox } from '../../src/sandbox/run.ts';
import type { Runner } from '../functions/runner.ts';

const now = () => performance.now();

export function inProcessRunner(): Pick<Runner, 'run' | 'check'> {
  let sandbox: Promise<Sandbox> | undefined;
  const load = () => (sandbox ??= loadEngine().then((engine) => new Sandbox(engine, now)));
  return {
    async run(text, input) {
      const { spoilt, ...run } = (await load()).run(text, input);
      if (spoilt) sandbox = undefined;
      return run;
    },
    check: async (text) => (await load()).check(text).failure,
  };
}
