/** A download in the browser, whose person changes their mind while the server is being asked. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FilesClient } from './files-client.ts';
import { DownloadJob } from './files-download.ts';

interface Asked {
  readonly call: string;
  readonly answer: (result: object) => void;
}

const OFFERED = { id: 'id', url: '/files/get/token/a.bin', name: 'a.bin', size: 10 };
const settled = () => vi.advanceTimersByTimeAsync(0);

let asked: Asked[];
let handed: string[];

function start() {
  const client = {
    call: (call: string) => new Promise((answer) => asked.push({ call, answer })),
  } as unknown as FilesClient;
  const job = new DownloadJob('/home/me/a.bin', undefined, { client, window, changed: () => undefined });
  return { job, done: job.run() };
}

const noted = (event: MouseEvent) => {
  event.preventDefault();
  if (event.target instanceof HTMLAnchorElement) handed.push(event.target.download);
};

describe('a download', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    handed = [];
    document.addEventListener('click', noted);
  });
  afterEach(() => {
    document.removeEventListener('click', noted);
    vi.useRealTimers();
  });

  it('is handed to the browser and looked after', async () => {
    const { job, done } = start();
    asked[0]?.answer(OFFERED);
    await done;
    expect(handed).toEqual(['a.bin']);
    await vi.advanceTimersByTimeAsync(1000);
    asked[1]?.answer({ state: 'done', sent: 10, size: 10 });
    await settled();
    expect([job.state, job.sent]).toEqual(['done', 10]);
  });

  it('is not handed to the browser when it is stopped before', async () => {
    const { job, done } = start();
    job.stop();
    asked[0]?.answer(OFFERED);
    await done;
    await vi.advanceTimersByTimeAsync(5000);
    expect(handed).toEqual([]);
    expect([job.state, ...asked.map(({ call }) => call)]).toEqual(['stopped', 'offer', 'stop']);
  });

  it.each(['stop', 'leave'] as const)('is over after %s, whatever an answer under way says', async (how) => {
    const { job, done } = start();
    asked[0]?.answer(OFFERED);
    await done;
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.at(-1)?.call).toBe('progress');
    job[how]();
    asked[1]?.answer({ state: 'running', sent: 5, size: 10 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(job.state).toBe(how === 'stop' ? 'stopped' : 'waiting');
    expect(asked.filter(({ call }) => call === 'progress')).toHaveLength(1);
  });
});
