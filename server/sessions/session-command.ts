/**
 * The command of one session: started, watched, started again as its bookmark wants, stopped. Here it is decided what its
 * end, and that of its windows, means for the session.
 */
import { closeSync } from 'node:fs';
import { CasementError, type ErrorCode } from '../../src/contract/errors.ts';
import { forgetRun, readExit, readReady } from './command.ts';
import { onWritersGone, reopenFifo } from './fifo.ts';
import { openLog, say } from './log-file.ts';
import { type ProcessIdentity, signal, signalGroup } from './processes.ts';
import { isOver, type SessionRecord } from './record.ts';
import { afterEnd, begun } from './restarts.ts';
import { type CommandExtras, launchCommand, type LaunchPlace, NOT_FOUND } from './session-launch.ts';
import type { SessionWindows } from './session-windows.ts';

/** A command that ends this soon after it was started has failed, unless it says otherwise by exit code 0. */
const AT_ONCE_MS = 1000;
/** How long processes get to end by themselves before they are killed. */
export const GOODBYE_MS = 2000;
/** For whoever began a session in a job to start its command again there. */
const ELSEWHERE_MS = 30_000;
/** Between a splash screen and the window behind it, no window is open. */
const LAST_WINDOW_MS = 2000;
/** A command that went to the background gets this long to show its first window. */
const FIRST_WINDOW_MS = 15_000;

export interface SessionCommandOptions {
  readonly record: SessionRecord;
  readonly place: LaunchPlace;
  readonly extras: CommandExtras;
  /** How long login scripts may take; absent: none are run. */
  readonly profileMs: number | undefined;
  readonly windows: SessionWindows;
  readonly save: () => void;
  readonly changed: () => void;
  /** The session ends, and nothing went wrong. */
  readonly finish: () => void;
  readonly fail: (code: ErrorCode, exitCode?: number) => void;
  /** What still runs of the session is stopped first. */
  readonly terminate: () => void;
}

export class SessionCommand {
  readonly #options: SessionCommandOptions;
  readonly #record: SessionRecord;
  readonly #windows: SessionWindows;
  readonly #log: string;
  readonly #exit: string;
  readonly #timers = new Set<NodeJS.Timeout>();
  #ended = false;
  #profileWatch: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;
  #asked: NodeJS.Timeout | undefined;
  #waiters: (() => void)[] = [];
  /** The session is being ended on purpose; what its command does from here on is no failure. */
  ending = false;
  /** The X server is gone, which ends the session whatever the command does. */
  displayLost = false;

  constructor(options: SessionCommandOptions) {
    this.#options = options;
    this.#record = options.record;
    this.#windows = options.windows;
    const { paths } = options.place;
    this.#log = paths.log;
    this.#exit = paths.exit;
  }

  /** @throws CasementError `command-died`, `session-not-running` */
  async launch(display: number, logFd: number): Promise<void> {
    const { place, extras } = this.#options;
    const command = await launchCommand(place, this.#record, extras, { logFd, display });
    this.#record.app = command.identity ?? null;
    if (isOver(this.#record)) {
      closeSync(command.fifoFd);
      if (command.identity) signal(command.identity, 'SIGKILL', true);
      throw new CasementError('session-not-running');
    }
    this.#record.running = Date.now();
    this.#watch(command.fifoFd);
  }

  /** Goes on with what an earlier link started. */
  takeOver(): void {
    const fifoFd = reopenFifo(this.#options.place.paths.commandFifo);
    if (fifoFd !== undefined) {
      this.#watch(fifoFd);
      return;
    }
    const next = this.#record.restarts?.next;
    if (typeof next === 'number' && !this.ending) this.#waitForRestart(next);
    else this.#onEnd();
  }

  /** Resolves when it has ended. */
  async stop(): Promise<void> {
    const { app } = this.#record;
    if (!app || this.#ended) return;
    const ended = new Promise<void>((resolve) => this.#waiters.push(resolve));
    signal(app, 'SIGTERM', true);
    const timer = setTimeout(() => {
      signal(app, 'SIGKILL', true);
      this.#release();
    }, GOODBYE_MS);
    await ended;
    clearTimeout(timer);
  }

  /** The session is over; nobody has to wait for the command any longer. */
  over(): void {
    this.#release();
    this.letGo();
  }

  /** Watches no longer, and ends nothing. */
  letGo(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#unwatch?.();
  }

  windowsChanged(): void {
    if (this.#windows.count > 0 || !this.#windows.seen) return;
    this.#after(this.#ended ? 0 : LAST_WINDOW_MS, () => {
      if (this.#windows.count > 0 || !this.#windows.seen || isOver(this.#record)) return;
      if (this.#ended) this.#allGone();
      // It is started again when it has ended, which is what closing its last window asks of it.
      else if (this.#record.restarts?.policy === 'always') void this.stop();
      else this.#options.terminate();
    });
  }

  /** Nobody counts windows any more: the command decides, as on a desktop. */
  windowsLost(): void {
    if (this.#ended) this.#allGone();
  }

  #watch(fifoFd: number): void {
    this.#unwatch = onWritersGone(fifoFd, () => this.#onEnd());
    this.#watchProfile();
  }

  /** Login scripts that wait for something that never comes must not leave a session that looks well. */
  #watchProfile(): void {
    const { profileMs, fail } = this.#options;
    if (profileMs === undefined || readReady(this.#exit) !== undefined) return;
    clearTimeout(this.#profileWatch);
    this.#profileWatch = this.#after(profileMs, () => {
      if (this.#ended || isOver(this.#record) || readReady(this.#exit) !== undefined) return;
      say(this.#log, `The login scripts were not done after ${profileMs / 1000} s.`);
      fail('profile-failed');
    });
  }

  #onEnd(): void {
    const { fail } = this.#options;
    this.#ended = true;
    this.#release();
    if (this.displayLost || isOver(this.#record)) return;
    const exit = readExit(this.#exit);
    const ready = readReady(this.#exit);
    if (exit && ready === undefined && !this.ending) {
      say(this.#log, `The login scripts ended the shell with code ${exit.code}.`);
      fail('profile-failed', exit.code);
      return;
    }
    const since = Math.max(this.#record.running ?? Date.now(), ready ?? 0);
    const atOnce = exit !== undefined && exit.at - since < AT_ONCE_MS;
    if (exit && exit.code !== 0 && atOnce && !this.ending && this.#windows.count === 0) {
      if (exit.code === NOT_FOUND) fail('command-not-found', exit.code);
      else this.#allGone(() => fail('command-died', exit.code));
      return;
    }
    // Windows are counted in rootless sessions only.
    if (!this.ending && this.#windows.watching) {
      if (this.#windows.count > 0) return;
      if (!this.#windows.seen && exit?.code === 0) {
        this.#after(FIRST_WINDOW_MS, () => {
          if (this.#windows.count === 0 && this.#ended) this.#allGone();
        });
        return;
      }
    }
    this.#allGone();
  }

  /** The command and its windows are gone, which is the session's end, unless the bookmark wants it started again. */
  #allGone(end: () => void = this.#options.finish): void {
    const { fail, save, changed } = this.#options;
    const { restarts, app } = this.#record;
    if (this.ending) {
      end();
      return;
    }
    if (isOver(this.#record) || typeof restarts?.next === 'number') return;
    const now = Date.now();
    const after = afterEnd(restarts, readExit(this.#exit)?.code ?? null, now);
    if (after === 'over') {
      end();
      return;
    }
    if (after === 'enough') {
      fail('restart-limit', readExit(this.#exit)?.code);
      return;
    }
    // What it left behind would be there twice.
    if (app) signalGroup(app, 'SIGTERM');
    this.#record.restarts = after;
    save();
    this.#waitForRestart(after.next ?? now);
    changed();
  }

  #waitForRestart(at: number): void {
    this.#ended = true;
    this.#after(Math.max(0, at - Date.now()), () => void this.#startAgain());
  }

  /** In the same display, so that nobody who looks at it has to connect anew. */
  async #startAgain(): Promise<void> {
    const { fail, save, changed } = this.#options;
    const { display, app, restarts } = this.#record;
    if (isOver(this.#record) || this.ending || this.displayLost || display === null || !restarts) return;
    if (app) signalGroup(app, 'SIGKILL');
    forgetRun(this.#exit);
    this.#windows.seen = false;
    this.#record.restarts = begun(restarts, Date.now());
    save();
    say(this.#log, `The command is started again (${this.#record.restarts.count}).`);
    if (this.#record.job !== null) {
      this.#askElsewhere();
      return;
    }
    const logFd = openLog(this.#log);
    try {
      await this.launch(display, logFd);
    } catch {
      fail('command-died');
      return;
    } finally {
      closeSync(logFd);
    }
    this.#ended = false;
    save();
    changed();
  }

  /** What runs in a job is begun in it, or the job's limits would not hold for it. Whoever began it there hears of this. */
  #askElsewhere(): void {
    this.#asked = this.#after(ELSEWHERE_MS, () => {
      say(this.#log, 'Nobody in the job has started the command again.');
      this.#options.fail('command-died');
    });
    this.#options.changed();
  }

  /** `null`: it had ended before anybody could look. @throws CasementError `session-not-running` */
  begunElsewhere(app: ProcessIdentity | null): void {
    const { save, changed } = this.#options;
    // It was a link before this one that asked, and this one has counted the run as over meanwhile.
    const isLate = this.#ended && !this.#asked;
    if (isOver(this.#record) || this.ending || this.displayLost || isLate) {
      throw new CasementError('session-not-running');
    }
    clearTimeout(this.#asked);
    this.#asked = undefined;
    Object.assign(this.#record, { app, running: Date.now() });
    if (this.#ended) {
      this.#ended = false;
      const fifoFd = reopenFifo(this.#options.place.paths.commandFifo);
      if (fifoFd === undefined) this.#onEnd();
      else this.#watch(fifoFd);
    }
    save();
    changed();
  }

  #release(): void {
    for (const done of this.#waiters.splice(0)) done();
  }

  #after(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }
}
