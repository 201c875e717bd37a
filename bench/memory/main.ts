/**
 * Resident memory of an idle server, of its link, and of each further session beside its Xvnc and command.
 *
 * `perSessionMiB` is what server, link and any helper process of ours grow by for one more session.
 */
import { readdir, readFile } from 'node:fs/promises';
import { TestServer } from '../../e2e/support/server.ts';
import { median, rounded } from '../support/statistics.ts';

const ROUNDS = 3;
const SESSIONS = 8;
/** What V8 keeps after a burst of work is given back only after a while; this is how long "idle" is waited for. */
const SETTLE_MS = 4000;

interface ProcessRow {
  pid: number;
  parent: number;
  name: string;
  rssMiB: number;
}

async function processes(): Promise<ProcessRow[]> {
  const rows: ProcessRow[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
    const member = (key: string) => new RegExp(`^${key}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
    rows.push({
      pid: Number(entry),
      parent: Number(member('PPid')),
      name: member('Name'),
      rssMiB: Number.parseInt(member('VmRSS') || '0', 10) / 1024,
    });
  }
  return rows;
}

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

async function measure(): Promise<{ server: number; link: number; perSession: number }> {
  const bench = await TestServer.start();
  try {
    await bench.token();
    await settle();
    const rss = async (pid: number) => (await processes()).find((row) => row.pid === pid)?.rssMiB ?? 0;
    const server = await rss(bench.pid);

    const sessions: { serverPid: number; appPid: number }[] = [];
    const start = async () => {
      const result = await bench.api<{ session: { id: string } }>('POST', '/api/start', {
        command: 'xterm',
        geometry: '800x600',
      });
      const list = await bench.api<{ id: string; serverPid: number; appPid: number }[]>('GET', '/api/sessions');
      const session = list.find((one) => one.id === result.session.id);
      if (session) sessions.push(session);
    };
    await start();
    await settle();
    const linkPid = await bench.linkPid();
    const link = await rss(linkPid);

    /** Server, link, and what the link started apart from X servers, commands and what those started themselves. */
    const ours = async () => {
      const rows = await processes();
      const theirs = new Set(sessions.flatMap((session) => [session.serverPid, session.appPid]));
      const known = new Set([bench.pid, linkPid]);
      let sum = 0;
      for (const row of rows) {
        const cmdline = await readFile(`/proc/${row.pid}/cmdline`, 'utf8').catch(() => '');
        if (known.has(row.pid) || (row.name === 'sh' && cmdline.includes(bench.dataDir) && !theirs.has(row.pid)))
          sum += row.rssMiB;
      }
      return sum;
    };
    const before = await ours();
    for (let i = 0; i < SESSIONS; i++) await start();
    await settle();
    return { server, link, perSession: ((await ours()) - before) / SESSIONS };
  } finally {
    await bench.stop();
  }
}

export async function main(): Promise<unknown> {
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await measure());
  const result = {
    serverMiB: rounded(median(rounds.map((round) => round.server))),
    linkMiB: rounded(median(rounds.map((round) => round.link))),
    perSessionMiB: rounded(median(rounds.map((round) => round.perSession))),
  };
  process.stdout.write(
    `idle server   ${result.serverMiB} MiB resident (asked: under 105)\n` +
      `link          ${result.linkMiB} MiB resident (asked: under 65)\n` +
      `each session  ${result.perSessionMiB} MiB beside Xvnc and command (asked: under 5)\n`,
  );
  return result;
}
