/**
 * The server is killed at a random step of a start, again and again. Whatever step it was, afterwards each session is
 * either there and usable, or has ended and says why, and nothing runs that no card tells of.
 *
 * `CASEMENT_POWER_CUTS` says how often; `CASEMENT_SEED` repeats a run.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { WebSocket } from 'ws';
import type { PushMessage } from '../src/contract/push.ts';
import type { Session } from '../src/contract/session.ts';
import { START_STEPS, type StartStep } from '../src/contract/start.ts';
import { TestServer } from './support/server.ts';

const CUTS = Number(process.env['CASEMENT_POWER_CUTS'] ?? 25);
const SEED = Number(process.env['CASEMENT_SEED'] ?? Date.now() % 1_000_000);
/** Milliseconds after a step has begun; the last one is the longest. */
const WITHIN = (step: StartStep) => (step === 'session' ? 400 : 25);

test.setTimeout(60_000 + CUTS * 10_000);

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A scheduler that starts each job at once, knows it from then on, and takes its time to say so. */
async function writeScheduler(dir: string, jobs: string): Promise<void> {
  const job =
    'echo "$$" >"$1.group"; echo "$3" >"$1.session"; SLURM_JOB_ID=$2 sh "$1" >"$1.log" 2>&1; echo "$?" >"$1.done"';
  const programs = {
    submit: `cat >"${jobs}/$$"; setsid sh -c '${job}' - "${jobs}/$$" "$$" "$CASEMENT_SESSION_ID" </dev/null >/dev/null 2>&1 &
sleep 0.1; echo "$$"`,
    status: `for id; do
  if [ -e "${jobs}/$id.done" ]; then state=ended; elif [ -e "${jobs}/$id" ]; then state=running; else state=unknown; fi
  printf '{"id":"%s","state":"%s"}\\n' "$id" "$state"
done`,
    find: `cd "${jobs}"; grep -lx "$1" -- *.session | sed 's/.session$//' | head -n 1`,
    log: `cat "${jobs}/$1.log"`,
    cancel: `if [ ! -e "${jobs}/$1.done" ]; then kill -TERM -- "-$(cat "${jobs}/$1.group")"; echo 143 >"${jobs}/$1.done"; fi`,
  };
  await mkdir(dir, { recursive: true });
  await mkdir(jobs);
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(dir, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
}

/** So that the steps before the link take long enough to be hit. */
const SLOW = 'const end = Date.now() + 15; while (Date.now() < end);';
const FUNCTIONS = {
  'form-filter': `() => { ${SLOW} return null; }`,
  schedule: `({ start }) => { ${SLOW} return start.params.job ? { scheduler: 'local', run: 'casement start --cli --json \${ start.json }' } : null; }`,
  'start-event': `(input) => { ${SLOW} return input; }`,
  'schedule-event': `(input) => { ${SLOW} return input; }`,
  'load-balancing': `({ servers }) => { ${SLOW} return servers[0].serverId; }`,
};

let server: TestServer;
let jobs: string;
test.beforeAll(async () => {
  server = await TestServer.start();
  jobs = join(server.dataDir, 'jobs');
  const schedulers = join(server.dataDir, 'schedulers');
  await writeScheduler(join(schedulers, 'local'), jobs);
  await writeFile(join(server.dataDir, 'config.json'), JSON.stringify({ schedulers }));
  for (const [name, text] of Object.entries(FUNCTIONS)) {
    const headers = { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ body: { kind: 'javascript', text }, revision: 0 });
    const saved = await fetch(`${server.url}/api/admin/functions/${name}`, { method: 'PUT', headers, body });
    const { result } = (await saved.json()) as { result: { revision: number } };
    await server.api('POST', `/api/admin/functions/${name}/publish`, { revision: result.revision });
  }
  await server.kill();
  await server.launch();
});
test.afterAll(() => server.stop());

/** Kills the server a moment after it has told that this step begins, or after the start's end. */
async function startAndCut(name: string, job: boolean, step: StartStep, moment: number): Promise<void> {
  const push = new WebSocket(`ws://127.0.0.1:${server.port}/api/push`);
  const token = await server.token();
  const reached = new Promise<void>((resolve) => {
    push.on('error', () => resolve());
    push.on('close', () => resolve());
    push.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as PushMessage;
      if (message.event === 'start' && message.data?.step === step) setTimeout(resolve, moment);
    });
  });
  await new Promise<void>((resolve) => {
    push.once('open', () => push.send(JSON.stringify({ token })));
    push.on('message', (data: Buffer) => {
      if ((JSON.parse(data.toString()) as PushMessage).event === 'ready') resolve();
    });
  });
  const answered = server
    .api('POST', '/api/start', {
      command: 'sleep 900',
      geometry: '320x240',
      name,
      params: job ? { job: true } : {},
    })
    // It never comes, where the server was killed first.
    .catch(() => undefined);
  await Promise.race([reached, answered]);
  await server.kill();
  push.terminate();
  await answered;
}

/** The first bytes of its X server, through the web server and the link. */
async function isUsable({ id }: Session): Promise<boolean> {
  const { password } = await server.api<{ password: string }>('POST', '/api/connect', { id });
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws/session/${id}`);
  const said = await new Promise<string>((resolve) => {
    socket.once('open', () => socket.send(JSON.stringify({ t: 'hello', v: 1, ticket: password })));
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) resolve(data.toString('latin1'));
    });
    socket.once('error', (cause) => resolve(String(cause)));
    socket.once('close', () => resolve('closed'));
  });
  socket.terminate();
  return said.startsWith('RFB 003');
}

const list = () => server.api<Session[]>('GET', '/api/sessions');

/** X servers that belong to this server's sessions. */
async function xservers(): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const words = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (/(^|\/)Xvnc$/.test(words[0] ?? '') && words.some((word) => word.includes(server.dataDir)))
      found.push(Number(name));
  }
  return found;
}
const names = (dir: string) => readdir(dir).catch(() => []);

test(`${CUTS} power cuts leave no session half known`, async () => {
  const random = randomFrom(SEED);
  const outcomes: Record<string, number> = {};
  const count = (what: string) => (outcomes[what] = (outcomes[what] ?? 0) + 1);
  for (let cut = 0; cut < CUTS; cut++) {
    // Most of a start's time is spent in its last step, so that one gets a third of the cuts.
    const at = Math.floor(random() * START_STEPS.length * 1.5);
    const step = START_STEPS[at] ?? 'session';
    const job = random() < 0.4;
    const name = `Cut ${cut} at ${step}${job ? ' of a job' : ''}`;
    await startAndCut(name, job, step, random() * WITHIN(step));
    await server.launch();

    await expect
      .poll(async () => (await list()).filter(({ status }) => status === 'starting' || status === 'pending'), {
        message: name,
        timeout: 30_000,
      })
      .toEqual([]);
    const sessions = await list();
    const [session, ...more] = sessions.filter((one) => one.name === name);
    expect(more, name).toEqual([]);
    if (!session) count('nothing was begun');
    else if (session.status === 'running') {
      expect(await isUsable(session), `${name} is usable`).toBe(true);
      count(job ? 'a job, running' : 'running');
    } else {
      expect(session.error ?? session.exitCode ?? session.job?.reason, `${name} says why`).not.toBeNull();
      count(`${session.status}: ${session.error?.name ?? ''}`);
    }

    // Nothing is there that no card tells of.
    const known = sessions.map(({ id }) => id);
    const running = sessions.filter(({ status }) => status === 'running');
    expect((await xservers()).toSorted(), name).toEqual(running.map(({ serverPid }) => serverPid).toSorted());
    const directories = await names(join(server.dataDir, 'link', 'sessions'));
    expect(
      directories.filter((one) => !one.startsWith('.fifo-') && !known.includes(one)),
      name,
    ).toEqual([]);
    for (const file of (await names(jobs)).filter((one) => one.endsWith('.session'))) {
      expect(known, `${name} has a card for its job`).toContain((await readFile(join(jobs, file), 'utf8')).trim());
    }
    for (const { id } of running) await server.api('POST', '/api/terminate', { id });
  }
  console.log(`power cuts, seed ${SEED}:`, JSON.stringify(outcomes));
  expect(Object.values(outcomes).reduce((sum, one) => sum + one, 0)).toBe(CUTS);
});
