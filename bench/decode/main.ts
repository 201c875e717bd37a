/**
 * `npm run bench -- decode`: plays recordings as fast as they go, ours and noVNC 1.7 in turns in the same Chromium, and
 * checks the pictures. See `docs/performance.md`.
 */
import { chromium as browserType, type CDPSession, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '../../playwright.config.ts';
import { createPlayer, loadDecoder } from '../../decoder/test/play.ts';
import { readRecording, recordingNames, wholeStream, type Recording } from '../../decoder/test/recording.ts';
import { PageServer } from '../../e2e/support/page-server.ts';
import { geometricMean, median, rounded } from '../support/statistics.ts';

/** Benchmarks are run by npm, in the project's folder. */
const root = process.cwd();
const TURNS = 5;
/** A timing of noVNC takes at least this long, by repeating. */
const LONG_ENOUGH_MS = 300;
const SHORT_MS = 100;
/** A timing of decoding alone. */
const DECODE_MS = 60;

interface Timing {
  msMedian: number;
  msBest: number;
  mainThreadMs: number;
}

interface Row {
  name: string;
  match: boolean;
  maxDiff: number;
  ours: Timing & { decodeMs?: number };
  novnc: Timing;
  nativeMs?: number;
  durationMs?: number;
  memory?: { after5: number; afterN: number };
}

export async function main(args: string[]): Promise<Row[]> {
  const { values } = parseArgs({
    args,
    options: {
      recordings: { type: 'string', default: join(root, 'test/recordings') },
      only: { type: 'string' },
      native: { type: 'string' },
      'no-paint': { type: 'boolean', default: false },
      realtime: { type: 'boolean', default: false },
      loops: { type: 'string' },
    },
  });
  const folder = resolve(values.recordings);
  const names = recordingNames(folder).filter((name) => !values.only || name.includes(values.only));
  if (names.length === 0) throw new Error(`no recordings in ${folder}`);

  const realtime = new Map<string, Recording>();
  const pages = await PageServer.start(root, 'bench/decode/page.html', {
    isolated: true,
    onRequest(path, response) {
      const file = /^\/recordings\/([\w.-]+)$/.exec(path)?.[1];
      if (file === undefined) return false;
      createReadStream(join(folder, file))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
      return true;
    },
    onSocket(socket, path) {
      const recording = realtime.get(path.slice(1));
      if (!recording) return socket.close();
      const start = Date.now();
      const send = (index: number): void => {
        const chunk = recording.chunks[index];
        if (!chunk) return socket.close();
        const wait = chunk.at - (Date.now() - start);
        const go = (): void => socket.send(chunk.bytes, { binary: true }, () => send(index + 1));
        if (wait > 1) setTimeout(go, wait);
        else go();
      };
      send(0);
    },
  });
  const browser = await browserType.launch({
    ...chromium,
    args: [...chromium.args, '--enable-blink-features=ForceEagerMeasureMemory'],
  });
  const rows: Row[] = [];
  try {
    const decoder = await loadDecoder();
    for (const name of names) {
      const recording = readRecording(name, folder);
      const player = createPlayer(decoder);
      void player.intake.push(wholeStream(recording));
      const page = await browser.newPage({ viewport: { width: recording.width, height: recording.height } });
      page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Performance.enable');
      await page.goto(pages.origin);
      await page.waitForFunction(() => 'bench' in window);
      await page.evaluate((file) => window.bench.load(file), name);
      const row = await compare(page, cdp, recording, player.session.updates);
      if (values['no-paint']) row.ours.decodeMs = await decodeAlone(page);
      if (values.native) row.nativeMs = native(values.native, join(folder, `${name}.rfb`));
      if (values.realtime) {
        realtime.set(name, recording);
        const { mainThreadMs, durationMs } = await inRealTime(
          page,
          cdp,
          `${pages.origin.replace('http', 'ws')}/${name}`,
        );
        row.ours.mainThreadMs = mainThreadMs;
        row.durationMs = durationMs;
      }
      if (values.loops) row.memory = await memoryOver(page, player.session.updates, Number(values.loops));
      await page.close();
      rows.push(row);
      console.error(line(row));
    }
  } finally {
    await browser.close();
    await pages.stop();
  }
  summary(rows);
  return rows;
}

async function compare(page: Page, cdp: CDPSession, recording: Recording, updates: number): Promise<Row> {
  const play = (who: 'ours' | 'novnc', repeats: number): Promise<{ ms: number }> =>
    page.evaluate(([viewer, count, times]) => window.bench[viewer](count, times), [who, updates, repeats] as const);
  // Warm, and to learn how often is often enough.
  await play('ours', 1);
  await play('novnc', 1);
  const once = (await play('novnc', 1)).ms;
  const repeats = once < SHORT_MS ? Math.ceil(LONG_ENOUGH_MS / Math.max(once, 1)) : 1;
  const ours: { ms: number; busy: number }[] = [];
  const novnc: { ms: number; busy: number }[] = [];
  let maxDiff = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [who, list] of [
      ['ours', ours],
      ['novnc', novnc],
    ] as const) {
      const before = await taskMs(cdp);
      const { ms } = await play(who, repeats);
      list.push({ ms, busy: ((await taskMs(cdp)) - before) / repeats });
      if (who === 'ours') {
        maxDiff = Math.max(maxDiff, await page.evaluate(() => window.bench.difference('ours')));
      }
    }
  }
  const timing = (list: { ms: number; busy: number }[]): Timing => ({
    msMedian: rounded(median(list.map((one) => one.ms))),
    msBest: rounded(Math.min(...list.map((one) => one.ms))),
    mainThreadMs: rounded(median(list.map((one) => one.busy))),
  });
  const match = recording.lossy ? maxDiff <= 8 : maxDiff === 0;
  return { name: recording.name, match, maxDiff, ours: timing(ours), novnc: timing(novnc) };
}

/** What the page's own thread has worked so far, in milliseconds. */
async function taskMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0) * 1000;
}

async function decodeAlone(page: Page): Promise<number> {
  const run = (repeats: number): Promise<number> => page.evaluate((times) => window.bench.decode(times), repeats);
  const once = await run(2);
  const repeats = Math.max(1, Math.ceil(DECODE_MS / Math.max(once, 0.1)));
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) times.push(await run(repeats));
  return Math.round(Math.min(...times) * 100) / 100;
}

/** The program prints one line of JSON with `nativeMs`, the best of its own runs. */
function native(program: string, file: string): number {
  const result = JSON.parse(execFileSync(resolve(program), [file], { encoding: 'utf8' })) as { nativeMs: number };
  return result.nativeMs;
}

async function inRealTime(
  page: Page,
  cdp: CDPSession,
  url: string,
): Promise<{ mainThreadMs: number; durationMs: number }> {
  const before = await taskMs(cdp);
  const start = Date.now();
  await page.evaluate((address) => window.bench.realtime(address), url);
  return { mainThreadMs: rounded((await taskMs(cdp)) - before), durationMs: Date.now() - start };
}

async function memoryOver(page: Page, updates: number, loops: number): Promise<{ after5: number; afterN: number }> {
  const measure = (): Promise<number> =>
    page.evaluate(async () => {
      const measured = await (
        performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> }
      ).measureUserAgentSpecificMemory();
      return measured.bytes;
    });
  const play = (times: number): Promise<unknown> =>
    page.evaluate(([count, repeats]) => window.bench.ours(count, repeats), [updates, times] as const);
  await play(5);
  const after5 = await measure();
  await play(Math.max(loops - 5, 0));
  return { after5, afterN: await measure() };
}

function line(row: Row): string {
  const ratio = row.novnc.msMedian / row.ours.msMedian;
  const cells = [
    row.name.padEnd(22),
    row.match ? 'exact'.replace('exact', row.maxDiff === 0 ? 'exact' : `±${row.maxDiff}`) : `WRONG by ${row.maxDiff}`,
    `ours ${row.ours.msMedian} (best ${row.ours.msBest})`,
    `noVNC ${row.novnc.msMedian} (best ${row.novnc.msBest})`,
    `ratio ${ratio.toFixed(1)}`,
  ];
  if (row.ours.decodeMs !== undefined) cells.push(`decode ${row.ours.decodeMs}`);
  if (row.nativeMs !== undefined) cells.push(`native ${row.nativeMs}`);
  if (row.ours.decodeMs !== undefined && row.nativeMs) cells.push(`÷ ${(row.ours.decodeMs / row.nativeMs).toFixed(2)}`);
  if (row.durationMs !== undefined) cells.push(`main thread ${row.ours.mainThreadMs} of ${row.durationMs}`);
  if (row.memory) cells.push(`memory × ${(row.memory.afterN / row.memory.after5).toFixed(3)}`);
  return cells.join('  ');
}

function summary(rows: readonly Row[]): void {
  const ratios = rows.map((row) => row.novnc.msMedian / row.ours.msMedian);
  const judged = rows.filter((row) => row.name !== 'desktop-raw').map((row) => row.novnc.msMedian / row.ours.msMedian);
  console.error(`geometric mean ${geometricMean(ratios).toFixed(1)}, worst ${Math.min(...judged).toFixed(1)}`);
}
