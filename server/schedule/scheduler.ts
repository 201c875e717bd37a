/**
 * Jobs from their submission to their end, and a session host that shows them: a pending card until the job's session
 * announces itself by the id it was given, then that session, and in the end why it ended. All of it is in the store, so
 * that another server goes on where this one was stopped.
 */
import { CasementError } from '../../src/contract/errors.ts';
import { quoteWord } from '../../src/contract/shell-scan.ts';
import type { Session } from '../../src/contract/session.ts';
import type { RunResult, SessionHost, StartObserver } from '../sessions/port.ts';
import type { JobStore, StoredJob } from '../store/port.ts';
import { afterStatus, cardOf, type Place, withJob } from './card.ts';
import { type Executable, findFolder } from './folders.ts';
import { Poller } from './poller.ts';
import type { HandedOver, Handover, Scheduling } from './port.ts';
import { parseJobId, parseStatus } from './status.ts';

/** Schedulers that are busy take a minute to take a job. */
const SUBMIT_MS = 120_000;
const ASK_MS = 30_000;
/** Between two looks for a job that a server before this one handed over: the first wait, and the longest. */
const FIRST_SEARCH_MS = 5000;
const LAST_SEARCH_MS = 60_000;
const MAX_OUTPUT = 256 * 1024;
const MAX_LOG = 1024 * 1024;

export interface SchedulerOptions extends Place {
  readonly host: SessionHost;
  readonly jobs: JobStore;
  /** Where folders of schedulers are, a site's own first. */
  readonly dirs: readonly string[];
  readonly warn: (fields: object, message: string) => void;
  /** Milliseconds between two looks at a job: the shortest, and the longest where nothing changes. */
  readonly pollMs?: readonly [number, number];
}

export interface Scheduler extends Scheduling {
  /** The host that everybody else uses. */
  readonly host: SessionHost;
  /** Under which account a job runs that may become this session. */
  accountOf(id: string): string | undefined;
  /** Takes up the jobs of the server before this one. */
  restore(): Promise<void>;
  close(): void;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { host, jobs: store, warn } = options;
  const jobs = new Map<string, StoredJob>();
  const listeners = new Set<(id: string, data: Session | null) => void>();
  const searches = new Set<NodeJS.Timeout>();
  let closed = false;
  const tell = (id: string, data: Session | null) => {
    for (const listener of listeners) listener(id, data);
  };

  const isOver = (session: Session) => session.status === 'ended' || session.status === 'failed';
  function shown(id: string, session = host.get(id)): Session | undefined {
    const stored = jobs.get(id);
    if (!stored) return session;
    if (!session) return cardOf(stored, options);
    return session.login === stored.user.login ? withJob(session, stored) : session;
  }

  async function set(stored: StoredJob): Promise<void> {
    const { id } = stored.start;
    jobs.set(id, stored);
    tell(id, shown(id) ?? null);
    await store.put(stored);
  }

  /** What the store keeps of it after all is found, and given up, by the server after this one. */
  async function drop(id: string): Promise<void> {
    if (!jobs.delete(id)) return;
    await store.remove(id).catch((cause: unknown) => warn({ err: cause }, 'a job could not be forgotten'));
  }

  function ask(stored: StoredJob, executable: Executable, words: readonly string[]): Promise<RunResult> {
    const folder = findFolder(options.dirs, stored.job.scheduler);
    return host.run(stored.user, {
      argv: [folder.path(executable), ...words],
      env: { CASEMENT_SESSION_ID: stored.start.id },
      timeoutMs: ASK_MS,
      maxBytes: executable === 'log' ? MAX_LOG : MAX_OUTPUT,
    });
  }

  /** One question for all jobs that one person has at one scheduler; those it says nothing of are asked for alone. */
  async function look(ids: readonly string[]): Promise<boolean> {
    const mine = ids.flatMap((id) => jobs.get(id) ?? []).filter(({ job }) => job.id !== '' && job.state !== 'ended');
    const [first] = mine;
    if (!first) return false;
    const asked = mine.map(({ job }) => job.id);
    const { stdout, exitCode, output } = await ask(first, 'status', asked);
    const told = parseStatus(stdout, asked);
    if (exitCode !== 0 && told.size === 0) throw new Error(`status ended with ${exitCode}: ${output.slice(0, 500)}`);
    let news = false;
    for (const { start, job } of mine) {
      let status = told.get(job.id);
      if (!status && asked.length > 1)
        status = parseStatus((await ask(first, 'status', [job.id])).stdout, [job.id]).get(job.id);
      // What happened meanwhile counts.
      const now = jobs.get(start.id);
      if (!status || !now) continue;
      const next = afterStatus(now, status, Date.now());
      if (next === now) continue;
      news = true;
      await set(next);
    }
    return news;
  }

  const poller = new Poller(look, (cause) => warn({ err: cause }, 'a scheduler could not be asked'), options.pollMs);
  const groupOf = ({ user, job }: StoredJob) => `${user.login} ${job.scheduler}`;
  const follow = (stored: StoredJob) => poller.add(groupOf(stored), stored.start.id);
  const isFollowed = (id: string) => {
    const stored = jobs.get(id);
    return stored !== undefined && stored.job.state !== 'ended';
  };
  poller.wanted = isFollowed;

  const forget = host.subscribe((id, session) => {
    const stored = jobs.get(id);
    if (!session) {
      void drop(id);
      tell(id, null);
      return;
    }
    tell(id, shown(id, session) ?? null);
    // Whether the scheduler ended it, and why.
    if (stored && isOver(session) && isFollowed(id)) poller.soon(groupOf(stored));
  });

  function failed(result: RunResult): CasementError {
    const { output, exitCode, timedOut } = result;
    return new CasementError('schedule-failed', { details: { output, exitCode, ...(timedOut ? { timedOut } : {}) } });
  }

  async function submit({ user, start, plan }: Handover, name: string, observer: StartObserver): Promise<HandedOver> {
    const folder = findFolder(options.dirs, name);
    const { id, name: title, command, geometry, params, profile, keyboardLayout } = start;
    const stored: StoredJob = {
      user,
      start: { id, name: title, command, geometry, params, profile, keyboardLayout },
      at: Date.now(),
      job: { scheduler: name, id: '', state: 'pending', reason: null, estimatedStart: null },
      cancelled: false,
      ended: null,
      error: null,
    };
    const script = 'script' in plan ? plan.script : plan.words.map(quoteWord).join(' ');
    let result: RunResult;
    let jobId: string | undefined;
    let handing = false;
    const watching: StartObserver = {
      ...observer,
      step(step, state, ...more) {
        if (step === 'session') handing = true;
        observer.step(step, state, ...more);
      },
    };
    try {
      // Before anything else is done: whatever happens to this server now, the next one knows of it.
      await set(stored);
      result = await host.run(
        user,
        {
          argv: [folder.path('submit'), ...plan.options],
          stdin: script.startsWith('#!') ? script : `#!/bin/sh\n${script}\n`,
          env: { CASEMENT_SESSION_ID: id, CASEMENT_JOB_NAME: title },
          timeoutMs: SUBMIT_MS,
          maxBytes: MAX_OUTPUT,
        },
        watching,
      );
      jobId = parseJobId(result.stdout);
      if (result.exitCode !== 0 || result.timedOut || jobId === undefined) throw failed(result);
    } catch (cause) {
      // The link, or this server, went while the scheduler was asked: it may have the job all the same.
      if (handing && cause instanceof CasementError && cause.code === 'link-failed') {
        lookLater(id, FIRST_SEARCH_MS);
        throw cause;
      }
      await drop(id);
      tell(id, host.get(id) ?? null);
      throw cause;
    }
    const now = jobs.get(id) ?? stored;
    follow(stored);
    // The scheduler has it now, whether that can be written down or not.
    await set({ ...now, job: { ...now.job, id: jobId } }).catch((cause: unknown) =>
      warn({ err: cause }, 'the id of a job could not be kept'),
    );
    if (now.cancelled) await cancel(id);
    const session = shown(id);
    return { output: result.output, ...(session ? { session } : {}) };
  }

  async function cancel(id: string): Promise<void> {
    const stored = jobs.get(id);
    if (!stored) return;
    if (!stored.cancelled) await set({ ...stored, cancelled: true });
    // It is on its way to the scheduler; whoever brings it there sees to it.
    if (stored.job.id === '') return;
    const { exitCode, output } = await ask(stored, 'cancel', [stored.job.id]);
    await look([id]).catch((cause: unknown) => warn({ err: cause }, 'a scheduler could not be asked'));
    if (exitCode !== 0 && isFollowed(id)) throw new CasementError('job-cancel-failed', { details: { output } });
    poller.soon(groupOf(stored));
  }

  /** A server was killed, or lost the way to the account, while it handed this one over. */
  async function findAgain(stored: StoredJob): Promise<void> {
    const { find } = findFolder(options.dirs, stored.job.scheduler);
    const { id } = stored.start;
    const found = find && (await host.run(stored.user, { argv: [find, id], timeoutMs: ASK_MS, maxBytes: MAX_OUTPUT }));
    const jobId = found && found.exitCode === 0 ? parseJobId(found.stdout) : undefined;
    // What happened meanwhile counts.
    const now = jobs.get(id);
    if (!now) return;
    if (jobId !== undefined) {
      await set({ ...now, job: { ...now.job, id: jobId } });
      follow(now);
      if (now.cancelled) await cancel(id);
      return;
    }
    const error = new CasementError('job-lost').toJSON();
    await set({ ...now, ended: Date.now(), error, job: { ...now.job, state: 'ended', reason: null } });
  }

  /** Again and again: the way to the person's account may be open only once they log in. */
  function lookFor(id: string, ms = FIRST_SEARCH_MS): void {
    const stored = jobs.get(id);
    if (closed || !stored || stored.job.id !== '' || stored.ended !== null) return;
    findAgain(stored).catch((cause: unknown) => {
      if (closed) return;
      if (ms === FIRST_SEARCH_MS) warn({ err: cause }, 'a job could not be looked for');
      lookLater(id, ms, Math.min(2 * ms, LAST_SEARCH_MS));
    });
  }

  function lookLater(id: string, ms: number, next = ms): void {
    if (closed) return;
    const timer = setTimeout(() => {
      searches.delete(timer);
      lookFor(id, next);
    }, ms);
    searches.add(timer);
  }

  const alone = (id: string) => jobs.has(id) && !host.get(id);
  const notYet = (id: string) => {
    if (alone(id)) throw new CasementError('session-not-running');
  };

  const outer: SessionHost = {
    ...host,
    list() {
      const sessions = host.list();
      const there = new Set(sessions.map(({ id }) => id));
      const cards = [...jobs.values()].filter(({ start }) => !there.has(start.id)).map((one) => cardOf(one, options));
      const all = [...cards, ...sessions.map((session) => shown(session.id, session) ?? session)];
      return all.toSorted((a, b) => b.started - a.started);
    },
    get: (id) => shown(id),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async terminate(id) {
      const session = host.get(id);
      if (!isFollowed(id)) {
        notYet(id);
        return host.terminate(id);
      }
      if (session && !isOver(session)) {
        const stored = jobs.get(id);
        if (stored) await set({ ...stored, cancelled: true });
        await host.terminate(id);
      }
      return cancel(id);
    },
    async purge(id) {
      if (!alone(id)) return host.purge(id);
      if (jobs.get(id)?.ended === null) throw new CasementError('session-running');
      await drop(id);
      tell(id, null);
    },
    async disconnect(id) {
      notYet(id);
      return host.disconnect(id);
    },
    async setParams(id, params) {
      notYet(id);
      return host.setParams(id, params);
    },
    async log(id, bytes) {
      const stored = jobs.get(id);
      if (!stored || !alone(id)) return host.log(id, bytes);
      if (stored.job.id === '') return { log: '', truncated: false };
      const { stdout, exitCode, output } = await ask(stored, 'log', [stored.job.id]);
      const log = exitCode === 0 ? stdout : output;
      return { log: log.slice(-bytes), truncated: log.length > bytes };
    },
    async openStream(id, client) {
      notYet(id);
      return host.openStream(id, client);
    },
    async clientcomm(id, message, clients, timeoutMs) {
      notYet(id);
      return host.clientcomm(id, message, clients, timeoutMs);
    },
  };

  return {
    host: outer,
    async hand(handover, observer) {
      const { plan, user } = handover;
      if (plan.scheduler !== undefined) return submit(handover, plan.scheduler, observer);
      const argv = 'script' in plan ? ['/bin/sh', '-c', plan.script] : plan.words;
      const result = await host.run(user, { argv, timeoutMs: SUBMIT_MS, maxBytes: MAX_OUTPUT }, observer);
      if (result.exitCode !== 0 || result.timedOut) throw failed(result);
      return { output: result.output };
    },
    accountOf: (id) => jobs.get(id)?.user.login,
    async restore() {
      const all = await store.all();
      for (const stored of all) jobs.set(stored.start.id, stored);
      for (const stored of all) {
        const { id } = stored.start;
        // Whoever came to this server before has been told of all that there was then.
        tell(id, shown(id) ?? null);
        if (stored.job.state === 'ended') continue;
        if (stored.job.id !== '') follow(stored);
        else lookFor(id);
      }
    },
    close() {
      closed = true;
      for (const timer of searches) clearTimeout(timer);
      forget();
      poller.close();
    },
  };
}
