/**
 * From the click on Start to the first picture on the page, in Debian's Chromium against a real server: the portal's
 * own performance marks, and the server's steps as it tells them over its push socket.
 */
import { chromium as browserType } from '@playwright/test';
import { WebSocket } from 'ws';
import { logIn } from '../../e2e/support/pages.ts';
import { TestServer } from '../../e2e/support/server.ts';
import { chromium } from '../../playwright.config.ts';
import { PushMessage } from '../../src/contract/push.ts';
import { median, percentile, rounded } from '../support/statistics.ts';

/** The first start also starts the link and fills the browser's caches; it is told apart from the ones that count. */
const WARM_UP = 1;
const RUNS = 15;

interface Run {
  firstPicture: number;
  steps: Record<string, number>;
}

export async function main(): Promise<unknown> {
  const server = await TestServer.start();
  const browser = await browserType.launch(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await logIn(page, server);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/push`);
    socket.on('open', () => void server.token().then((token) => socket.send(JSON.stringify({ token }))));
    let serverSteps: Record<string, number> = {};
    socket.on('message', (data: Buffer) => {
      const message = PushMessage.parse(JSON.parse(data.toString()));
      if (message.event === 'start' && message.data?.ms !== undefined) serverSteps[message.data.step] = message.data.ms;
    });

    const runs: Run[] = [];
    for (let i = 0; i < WARM_UP + RUNS; i++) {
      serverSteps = {};
      await page.goto(server.url);
      await page
        .getByRole('button', { name: /^Start( a session)?$/ })
        .first()
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: 'Terminal' }).check({ force: true });
      await dialog.getByRole('button', { name: 'Start', exact: true }).click();
      const marks = await page.waitForFunction(() => {
        const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime;
        const [click, started, picture] = ['casement-start-click', 'casement-started', 'casement-picture'].map(at);
        return click !== undefined && started !== undefined && picture !== undefined
          ? { click, started, picture }
          : null;
      });
      const { click, started, picture } = (await marks.jsonValue()) ?? { click: 0, started: 0, picture: 0 };
      runs.push({
        firstPicture: picture - click,
        steps: { 'click to started': started - click, 'started to picture': picture - started, ...serverSteps },
      });
      const id = /session\/([^/?#]+)/.exec(page.url())?.[1];
      await server.api('POST', '/api/terminate', { id });
    }
    socket.close();

    const counted = runs.slice(WARM_UP);
    const names = [...new Set(counted.flatMap((run) => Object.keys(run.steps)))];
    const steps = Object.fromEntries(
      names.map((name) => [name, rounded(median(counted.flatMap((run) => run.steps[name] ?? [])))]),
    );
    const all = counted.map((run) => run.firstPicture);
    const firstPictureMsMedian = rounded(median(all));
    process.stdout.write(
      `click on Start to first picture, ${RUNS} starts: median ${firstPictureMsMedian} ms, ` +
        `fastest ${rounded(Math.min(...all))}, 95 % ${rounded(percentile(all, 95))} (asked: under 1000, aim 400)\n` +
        `very first, with the link's own start: ${rounded(runs[0]?.firstPicture ?? 0)} ms\n` +
        names.map((name) => `  ${name.padEnd(20)} ${steps[name]} ms\n`).join(''),
    );
    return { firstPictureMsMedian, steps };
  } finally {
    await browser.close();
    await server.stop();
  }
}
