/**
 * What a script in a session waits for: `clientcomm` starting, and a question going from the shell to a portal's page
 * in Debian's Chromium and back, each from the program's start to its end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { chromium as browserType } from '@playwright/test';
import { OtherOrigin } from '../../e2e/support/other-origin.ts';
import { connected, startByApi, viewerUrl } from '../../e2e/support/pages.ts';
import { freePort, TestServer } from '../../e2e/support/server.ts';
import { chromium } from '../../playwright.config.ts';
import { median, percentile, rounded } from '../support/statistics.ts';

const WARM_UP = 3;
const RUNS = 40;

export async function main(): Promise<unknown> {
  const portal = await OtherOrigin.start(await freePort());
  const server = await TestServer.start(['--parents', portal.origin]);
  const browser = await browserType.launch(chromium);
  try {
    const session = await startByApi(server, { command: 'xterm' });
    const page = await browser.newPage();
    await page.goto(portal.origin);
    await page.evaluate((url) => window.embed(url), await viewerUrl(server, session, portal.origin));
    await connected(page.frameLocator('#viewer'));

    const dir = join(server.dataDir, 'link');
    const program = join(dir, 'bin', 'clientcomm');
    const run = async (args: string[], expected: string) => {
      const times: number[] = [];
      for (let i = 0; i < WARM_UP + RUNS; i++) {
        const begun = performance.now();
        const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        let said = '';
        child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
        const [code]: unknown[] = await once(child, 'close');
        times.push(performance.now() - begun);
        if (code !== 0 || !said.startsWith(expected)) throw new Error(`clientcomm ended with ${String(code)}: ${said}`);
      }
      return times.slice(WARM_UP);
    };
    const address = [`--id=${session.id}`, `--config_path=${dir}`];
    const start = await run(['--help'], 'usage');
    const trip = await run([...address, '--clients=master', '--type=site-save', '{"what":"it"}'], 'saved it');
    const result = {
      startMsMedian: rounded(median(start)),
      startMs95: rounded(percentile(start, 95)),
      roundTripMsMedian: rounded(median(trip)),
      roundTripMs95: rounded(percentile(trip, 95)),
      runs: RUNS,
    };
    console.table(result);
    return result;
  } finally {
    await browser.close();
    await server.stop();
    await portal.stop();
  }
}
