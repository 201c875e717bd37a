/**
 * What a session's profile does with it: its limits, and the scripts of its events. A session without a profile has one
 * of these as well, which does nothing.
 */
import { CasementError, type ErrorCode } from '../../src/contract/errors.ts';
import type { Params } from '../../src/contract/json.ts';
import { NO_LIMITS } from '../../src/contract/profile.ts';
import type { Deadline } from '../../src/contract/session.ts';
import type { LimitReason, LimitTimes } from './limits.ts';
import { LimitWatch } from './limit-watch.ts';
import { type ScriptInput, SessionScripts } from './profile-scripts.ts';
import type { SessionRecord } from './record.ts';
import type { SessionViewers } from './session-viewers.ts';
import type { Viewer } from './viewer.ts';

/** Input comes in hundreds of messages a second. A link that is killed forgets no more than this of it. */
const SAVE_MS = 5000;

export interface SessionProfileOptions {
  readonly record: SessionRecord;
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
  readonly params: () => Params;
  readonly save: () => void;
  readonly changed: () => void;
  readonly viewers: SessionViewers;
  readonly end: (reason: ErrorCode) => void;
}

export class SessionProfile {
  readonly #options: SessionProfileOptions;
  readonly #scripts: SessionScripts;
  #watch: LimitWatch | undefined;
  #saving: NodeJS.Timeout | undefined;

  constructor(options: SessionProfileOptions) {
    this.#options = options;
    const { record, log, env } = options;
    this.#scripts = new SessionScripts({ scripts: record.limits?.scripts ?? {}, log, env });
  }

  get deadline(): Deadline {
    return this.#watch?.deadline ?? null;
  }

  /** Somebody looked when the link that had this session before went away. */
  get wasWatched(): boolean {
    const { lastConnect, unwatchedSince } = this.#options.record;
    return lastConnect !== null && (unwatchedSince ?? null) === null;
  }

  /** @throws CasementError `script-failed` */
  async starting(): Promise<void> {
    const { record, save } = this.#options;
    if (!record.limits) return;
    // From here on there may be something for the other script to put back.
    record.terminated = false;
    save();
    await this.#scripts.run('start', this.#input());
  }

  /** The session runs, or is taken over as it runs. */
  begin(): void {
    const { record, viewers, changed } = this.#options;
    const times: LimitTimes = {
      started: record.started,
      extended: record.extended ?? 0,
      lastInput: record.lastInput ?? null,
      unwatchedSince: record.unwatchedSince ?? Date.now(),
    };
    record.unwatchedSince = times.unwatchedSince;
    this.#watch = new LimitWatch(record.limits ?? NO_LIMITS, times, {
      deadline: (deadline) => {
        viewers.tell({ t: 'deadline', deadline });
        changed();
      },
      strike: (reason) => this.#strike(reason),
      remember: (next, soon) => this.#remember(next, soon),
    });
    this.#watch.begin();
  }

  connected(viewer: Viewer): void {
    if (viewer.role !== 'inactive') {
      const { record } = this.#options;
      // A viewer whose line broke and that comes back is nobody's input.
      const again = viewer.id === record.lastViewer;
      record.lastViewer = viewer.id;
      this.#watch?.watched(again);
    }
    this.#scripts.later('connect', this.#input({ client: clientOf(viewer) }));
    if (this.deadline) viewer.send({ t: 'deadline', deadline: this.deadline });
  }

  disconnected(viewer: Viewer): void {
    if (!this.#options.viewers.watched) this.#watch?.unwatched();
    this.#scripts.later('disconnect', this.#input({ client: clientOf(viewer) }));
  }

  input(): void {
    this.#watch?.input();
  }

  extend(): Deadline {
    if (!this.#watch) throw new CasementError('extend-refused');
    return this.#watch.extend();
  }

  paramsChanged(): void {
    this.#scripts.later('params', this.#input());
  }

  /** Somebody else holds the session to its limits from here on: two who end it at once know nothing of each other. */
  letGo(): void {
    clearTimeout(this.#saving);
    this.#watch?.stop();
  }

  /** Once, also where the link that saw the end did not get as far. */
  ended(): void {
    this.letGo();
    const { record, save } = this.#options;
    if (record.limits?.scripts.terminate === undefined || record.terminated !== false) return;
    record.terminated = true;
    save();
    const { status, exitCode, error } = record;
    this.#scripts.later('terminate', this.#input({ end: { status, exitCode, reason: error?.name ?? '' } }));
  }

  #strike(reason: LimitReason): void {
    if (reason === 'idle-disconnected') this.#options.viewers.closeAll('idle');
    else this.#options.end(reason);
  }

  #remember({ extended, lastInput, unwatchedSince }: LimitTimes, soon: boolean): void {
    const { record, save } = this.#options;
    Object.assign(record, { extended, lastInput, unwatchedSince });
    if (soon) {
      this.#saving ??= setTimeout(() => {
        this.#saving = undefined;
        save();
      }, SAVE_MS);
      return;
    }
    clearTimeout(this.#saving);
    this.#saving = undefined;
    save();
  }

  #input(more: Pick<ScriptInput, 'client' | 'end'> = {}): ScriptInput {
    const { id, name, command, geometry, profile, login, display } = this.#options.record;
    return {
      session: { id, name, command, geometry, profile, login, display },
      params: this.#options.params(),
      ...more,
    };
  }
}

function clientOf({ info }: Viewer): NonNullable<ScriptInput['client']> {
  const { id, login, role, ip } = info;
  return { id, login, role, ...(ip === undefined ? {} : { ip }) };
}
