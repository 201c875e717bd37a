/**
 * One session as its link sees it: started or taken over, running, ended. Its processes are detached and know nothing
 * of this object; everything needed to make it again is in the session's directory.
 */
import { appendFileSync, closeSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { ApiError } from '../../src/contract/errors.ts';
import { CasementError, type ErrorCode, isErrorCode } from '../../src/contract/errors.ts';
import { Allowances } from '../../src/contract/allowances.ts';
import type { KeyboardLayout } from '../../src/contract/keyboard.ts';
import type { Params } from '../../src/contract/json.ts';
import { type Deadline, parseGeometry, type Session } from '../../src/contract/session.ts';
import { SessionClipboard } from './clipboard.ts';
import { forgetRun, readExit, readReady } from './command.ts';
import { baseEnvironment } from './environment.ts';
import { SessionDpi } from './dpi.ts';
import { type FifoStore, onWritersGone, reopenFifo } from './fifo.ts';
import { makePrivateDirectory, writeAtomically } from './files.ts';
import { SessionListeners } from './listeners.ts';
import { rememberProfile } from './known-profiles.ts';
import { openLog, watchLog } from './log-file.ts';
import { clampGeometry, type Size } from './max-geometry.ts';
import { type LinkPaths, type SessionPaths, sessionPaths } from './paths.ts';
import { findByArgument, isAlive, signal, signalGroup } from './processes.ts';
import { SessionKeyboard } from './session-keyboard.ts';
import { loadRecord, newRecord, saveParams, saveRecord, type SessionRecord } from './record.ts';
import { afterEnd, begun, shown } from './restarts.ts';
import { bringsSettings } from './programs.ts';
import { launchCommand, launchServer, type LaunchPlace, NOT_FOUND, requireProgram } from './session-launch.ts';
import { SessionProfile } from './session-profile.ts';
import { SessionViewers } from './session-viewers.ts';
import { SessionWindows } from './session-windows.ts';
import type { Viewer } from './viewer.ts';
import type { StartCall } from './wire.ts';
import { decodeCookie, encodeXauthority, newCookie } from './xauthority.ts';

/** A command that ends this soon after it was started has failed, unless it says otherwise by exit code 0. */
const AT_ONCE_MS = 1000;
/** How long processes get to end by themselves before they are killed. */
const GOODBYE_MS = 2000;
/** Between a splash screen and the window behind it, no window is open. */
const LAST_WINDOW_MS = 2000;
/** A command that went to the background gets this long to show its first window. */
const FIRST_WINDOW_MS = 15_000;

export interface SessionContext {
  readonly link: LinkPaths;
  readonly env: NodeJS.ProcessEnv;
  /** What commands begin with; the link's own is stricter. */
  readonly umask: number;
  /** How long login scripts may take; absent: none are run, since whoever started the link has been through them. */
  readonly profileMs: number | undefined;
  readonly fifos: Pick<FifoStore, 'take'>;
  /** Called after every change that others should hear of. */
  changed(session: LinkSession): void;
}

export class LinkSession {
  readonly paths: SessionPaths;
  readonly listeners = new SessionListeners();
  readonly clipboard: SessionClipboard;
  readonly keyboard: SessionKeyboard;
  readonly #context: SessionContext;
  readonly #record: SessionRecord;
  readonly #viewers = new SessionViewers();
  readonly #windows: SessionWindows;
  readonly #dpi: SessionDpi;
  readonly #profile: SessionProfile;
  readonly #stops: (() => void)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #params: Params;
  #variables: Readonly<Record<string, string>> = {};
  #separate = false;
  #commandEnded = false;
  #profileWatch: NodeJS.Timeout | undefined;
  #serverEnded = false;
  /** Why the session is being ended on purpose; what its processes do from here on is no failure. */
  #ending = false;
  #waiters: (() => void)[] = [];

  private constructor(context: SessionContext, record: SessionRecord, params: Params) {
    this.#context = context;
    this.#record = record;
    this.#params = params;
    this.paths = sessionPaths(context.link, record.id);
    this.keyboard = new SessionKeyboard(() => ({
      ...baseEnvironment(context.env),
      DISPLAY: `:${record.display ?? ''}`,
      XAUTHORITY: this.paths.xauth,
    }));
    this.#windows = new SessionWindows({
      changed: (windows) => {
        this.#viewers.windows(windows);
        this.#onWindows(windows.length);
      },
      // The command decides, as on a desktop.
      lost: () => {
        if (this.#commandEnded) this.#commandOver();
      },
    });
    this.clipboard = new SessionClipboard({
      mode: record.limits?.clipboard ?? 'both',
      display: () => {
        const cookie = this.#readCookie();
        return record.display === null || !cookie ? undefined : { display: record.display, cookie };
      },
      input: () => this.input(),
    });
    this.#dpi = new SessionDpi({ mayOwnSettings: !bringsSettings(record.command) });
    this.#profile = new SessionProfile({
      record,
      log: this.paths.log,
      env: context.env,
      params: () => this.#params,
      save: () => this.#save(),
      changed: () => this.#context.changed(this),
      viewers: this.#viewers,
      end: (reason) => void this.terminate(reason),
    });
  }

  /** Listed at once as `starting`; `run` does the work. */
  static create(context: SessionContext, start: StartCall): LinkSession {
    const geometry = clampGeometry(start.geometry, start.limits?.maxGeometry ?? null);
    const session = new LinkSession(context, newRecord({ ...start, geometry }), start.params);
    session.#variables = start.variables ?? {};
    session.#separate = start.separate ?? false;
    makePrivateDirectory(session.paths.dir);
    if (geometry !== start.geometry) session.#say(`The profile allows no more than ${geometry}.`);
    if (start.profile !== null && start.limits) rememberProfile(context.link, start.profile, start.limits);
    saveParams(session.paths, session.#params);
    session.#save();
    return session;
  }

  /** Takes over what a directory describes; `undefined` when it describes no session. */
  static adopt(context: SessionContext, id: string): LinkSession | undefined {
    const loaded = loadRecord(sessionPaths(context.link, id));
    if (loaded?.record.id !== id) return undefined;
    const session = new LinkSession(context, loaded.record, loaded.params);
    session.#takeOver();
    return session;
  }

  get id(): string {
    return this.#record.id;
  }

  get status(): SessionRecord['status'] {
    return this.#record.status;
  }

  get isOver(): boolean {
    return this.#record.status === 'ended' || this.#record.status === 'failed';
  }

  get params(): Params {
    return this.#params;
  }

  get clientcomm(): SessionViewers['clientcomm'] {
    return this.#viewers.clientcomm;
  }

  /** Whose it is. */
  get login(): string {
    return this.#record.login;
  }

  /** What its profile lets viewers do. */
  get allows(): Allowances {
    return Allowances.parse(this.#record.limits ?? {});
  }

  /** What viewers may make of it at most. */
  get maxSize(): Size | null {
    return this.#record.limits?.maxGeometry ?? null;
  }

  get #rootless(): boolean {
    return this.#record.geometry === 'rootless';
  }

  /** As the contract has it. `serverId` is the host's to fill in. */
  describe(): Session {
    const { id, name, status, geometry, command, profile, login, display, started, limits, server, app } = this.#record;
    const { lastConnect, lastDisconnect, ended, exitCode, error, job } = this.#record;
    const restarts = this.#record.restarts && shown(this.#record.restarts);
    return {
      id,
      name,
      status,
      geometry,
      command,
      profile,
      login,
      display,
      started,
      lastConnect,
      lastDisconnect,
      ended,
      exitCode,
      error,
      windowMode: this.#rootless ? 'rootless' : 'desktop',
      params: this.#params,
      user: userInfo().username,
      hostname: hostname(),
      serverId: '',
      serverPid: server?.pid ?? null,
      appPid: app?.pid ?? null,
      clients: this.#viewers.clients(),
      sharing: false,
      thumbnail: null,
      deadline: this.#profile.deadline,
      ...(limits ? { allows: Allowances.parse(limits) } : {}),
      ...(restarts ? { restarts } : {}),
      job: job && { ...job, state: this.isOver ? 'ended' : 'running', reason: null, estimatedStart: null },
    };
  }

  /** Resolves as soon as the X server answers and the command is started. Rejects with what made it fail. */
  async run(): Promise<void> {
    try {
      await this.#launch();
    } catch (error) {
      const known = error instanceof CasementError ? error : new CasementError('xserver-failed', { cause: error });
      this.#fail(known.code);
      throw known;
    }
  }

  async #launch(): Promise<void> {
    const { paths } = this;
    const cookie = newCookie();
    const place = this.#place;
    await requireProgram(place, this.#record.command).catch((error: unknown) => {
      this.#record.exitCode = NOT_FOUND;
      throw error;
    });
    // Whoever prepares something for the session may refuse it, and nothing has been started then.
    await this.#profile.starting();
    if (this.isOver) throw new CasementError('session-not-running');
    // Before the X server starts: with an empty file it would let everybody in.
    writeAtomically(paths.xauth, encodeXauthority(cookie));
    await this.#context.fifos.take(paths.serverFifo, paths.commandFifo);
    const logFd = openLog(paths.log);
    try {
      const server = await launchServer(place, this.#record, logFd);
      this.#record.server = server.identity;
      this.#save();
      this.#watchServer(server.fifoFd);
      const display = await server.display;
      if (this.isOver) throw new CasementError('session-not-running');
      this.#record.display = display;
      writeAtomically(paths.xauth, encodeXauthority(cookie, display));
      await this.#launchCommand(display, logFd);
    } finally {
      closeSync(logFd);
    }
    this.#record.status = 'running';
    this.#save();
    this.#stops.push(watchLog(paths.log));
    this.#watchWindows(cookie);
    this.#profile.begin();
  }

  get #place(): LaunchPlace {
    return { ...this.#context, paths: this.paths, login: this.#context.profileMs !== undefined };
  }

  async #launchCommand(display: number, logFd: number): Promise<void> {
    const extras = { variables: this.#variables, separate: this.#separate };
    const command = await launchCommand(this.#place, this.#record, extras, { logFd, display });
    this.#record.app = command.identity ?? null;
    if (this.isOver) {
      closeSync(command.fifoFd);
      if (command.identity) signal(command.identity, 'SIGKILL', true);
      throw new CasementError('session-not-running');
    }
    this.#record.running = Date.now();
    this.#watchCommand(command.fifoFd);
    this.#watchProfile();
  }

  /** Login scripts that wait for something that never comes must not leave a session that looks well. */
  #watchProfile(): void {
    const { profileMs } = this.#context;
    if (profileMs === undefined || readReady(this.paths.exit) !== undefined) return;
    clearTimeout(this.#profileWatch);
    this.#profileWatch = this.#after(profileMs, () => {
      if (this.#commandEnded || this.isOver || readReady(this.paths.exit) !== undefined) return;
      this.#say(`The login scripts were not done after ${profileMs / 1000} s.`);
      this.#fail('profile-failed');
    });
  }

  #watchServer(fifoFd: number): void {
    this.#stops.push(onWritersGone(fifoFd, () => this.#onServerEnd()));
  }

  #watchCommand(fifoFd: number): void {
    this.#stops.push(onWritersGone(fifoFd, () => this.#onCommandEnd()));
  }

  #watchWindows(cookie: Buffer | undefined): void {
    const { display } = this.#record;
    if (this.#rootless && display !== null && cookie && !this.isOver) this.#windows.start(display, cookie);
  }

  #takeOver(): void {
    const { server, status } = this.#record;
    if (this.isOver) {
      // Its link may have died between writing the end down and bringing it about.
      if (server) signal(server, 'SIGKILL');
      this.#profile.ended();
      return;
    }
    if (this.#profile.wasWatched) this.#record.lastDisconnect = Date.now();
    this.#ending = this.#record.ending !== undefined;
    if (status !== 'running' || !server) {
      // The link died while it started this one. Nobody waits for it any more.
      for (const found of findByArgument(this.paths.rfbSocket)) signal(found, 'SIGKILL');
      this.#fail('link-failed');
      return;
    }
    const fifoFd = reopenFifo(this.paths.serverFifo);
    if (fifoFd === undefined || !isAlive(server)) {
      if (fifoFd !== undefined) closeSync(fifoFd);
      this.#serverEnded = true;
      this.#commandEnded = true;
      this.#finish();
      return;
    }
    this.#watchServer(fifoFd);
    this.#stops.push(watchLog(this.paths.log));
    // It had its chance to show one before this link was there.
    this.#windows.seen = this.#rootless;
    this.#watchWindows(this.#readCookie());
    const commandFd = reopenFifo(this.paths.commandFifo);
    if (commandFd === undefined) {
      const next = this.#record.restarts?.next;
      if (typeof next === 'number' && !this.#ending) this.#waitForRestart(next);
      else this.#onCommandEnd();
    } else {
      this.#watchCommand(commandFd);
      this.#watchProfile();
    }
    if (!this.isOver) this.#profile.begin();
  }

  #readCookie(): Buffer | undefined {
    try {
      return decodeCookie(readFileSync(this.paths.xauth));
    } catch {
      return undefined;
    }
  }

  #onCommandEnd(): void {
    this.#commandEnded = true;
    this.#release();
    if (this.#serverEnded || this.isOver) return;
    const exit = readExit(this.paths.exit);
    const ready = readReady(this.paths.exit);
    if (exit && ready === undefined && !this.#ending) {
      this.#say(`The login scripts ended the shell with code ${exit.code}.`);
      this.#fail('profile-failed', exit.code);
      return;
    }
    const since = Math.max(this.#record.running ?? Date.now(), ready ?? 0);
    const atOnce = exit !== undefined && exit.at - since < AT_ONCE_MS;
    if (exit && exit.code !== 0 && atOnce && !this.#ending && this.#windows.count === 0) {
      if (exit.code === NOT_FOUND) this.#fail('command-not-found', exit.code);
      else this.#commandOver(() => this.#fail('command-died', exit.code));
      return;
    }
    if (this.#rootless && !this.#ending && this.#windows.watching) {
      if (this.#windows.count > 0) return;
      if (!this.#windows.seen && exit?.code === 0) {
        this.#after(FIRST_WINDOW_MS, () => {
          if (this.#windows.count === 0 && this.#commandEnded) this.#commandOver();
        });
        return;
      }
    }
    this.#commandOver();
  }

  /** The command and its windows are gone, which is the session's end, unless the bookmark wants it started again. */
  #commandOver(end: () => void = () => this.#finish()): void {
    const { restarts, app } = this.#record;
    if (this.#ending) {
      end();
      return;
    }
    if (this.isOver || typeof restarts?.next === 'number') return;
    const now = Date.now();
    const after = afterEnd(restarts, readExit(this.paths.exit)?.code ?? null, now);
    if (after === 'over') {
      end();
      return;
    }
    if (after === 'enough') {
      this.#fail('restart-limit', readExit(this.paths.exit)?.code);
      return;
    }
    // What it left behind would be there twice.
    if (app) signalGroup(app, 'SIGTERM');
    this.#record.restarts = after;
    this.#save();
    this.#waitForRestart(after.next ?? now);
    this.#context.changed(this);
  }

  #waitForRestart(at: number): void {
    this.#commandEnded = true;
    this.#after(Math.max(0, at - Date.now()), () => void this.#startAgain());
  }

  /** In the same display, so that nobody who looks at it has to connect anew. */
  async #startAgain(): Promise<void> {
    const { display, app, restarts } = this.#record;
    if (this.isOver || this.#ending || this.#serverEnded || display === null || !restarts) return;
    if (app) signalGroup(app, 'SIGKILL');
    forgetRun(this.paths.exit);
    this.#windows.seen = false;
    this.#record.restarts = begun(restarts, Date.now());
    this.#save();
    this.#say(`The command is started again (${this.#record.restarts.count}).`);
    const logFd = openLog(this.paths.log);
    try {
      await this.#launchCommand(display, logFd);
    } catch {
      this.#fail('command-died');
      return;
    } finally {
      closeSync(logFd);
    }
    this.#commandEnded = false;
    this.#save();
    this.#context.changed(this);
  }

  #onServerEnd(): void {
    this.#serverEnded = true;
    if (this.#record.status === 'starting') return;
    // The command loses its display and ends; its exit code is worth a moment.
    void this.#stopCommand().then(() => this.#finish());
  }

  #onWindows(count: number): void {
    if (count > 0 || !this.#windows.seen) return;
    this.#after(this.#commandEnded ? 0 : LAST_WINDOW_MS, () => {
      if (this.#windows.count > 0 || !this.#windows.seen || this.isOver) return;
      if (this.#commandEnded) this.#commandOver();
      // It is started again when it has ended, which is what closing its last window asks of it.
      else if (this.#record.restarts?.policy === 'always') void this.#stopCommand();
      else void this.terminate();
    });
  }

  /** Watches no longer, and ends nothing: somebody else takes it over from its directory. */
  letGo(): void {
    this.#windows?.stop();
    this.clipboard.stop();
    this.#dpi.stop();
    this.#profile.letGo();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Ends command and X server; resolves when the session is over. `reason`: the limit that it is ended by. */
  async terminate(reason?: ErrorCode): Promise<void> {
    if (this.isOver) return;
    this.#ending = true;
    if (reason !== undefined) {
      this.#record.ending = reason;
      this.#save();
    }
    await this.#stopCommand();
    this.#finish();
  }

  async #stopCommand(): Promise<void> {
    const { app } = this.#record;
    if (!app || this.#commandEnded) return;
    const ended = new Promise<void>((resolve) => this.#waiters.push(resolve));
    signal(app, 'SIGTERM', true);
    const timer = setTimeout(() => {
      signal(app, 'SIGKILL', true);
      this.#release();
    }, GOODBYE_MS);
    await ended;
    clearTimeout(timer);
  }

  #release(): void {
    for (const done of this.#waiters.splice(0)) done();
  }

  #fail(code: ErrorCode, exitCode?: number): void {
    if (this.isOver) return;
    const error: ApiError = new CasementError(code).toJSON();
    this.#end('failed', exitCode ?? this.#record.exitCode, error);
  }

  #finish(): void {
    if (this.isOver) return;
    const { ending } = this.#record;
    const error = ending !== undefined && isErrorCode(ending) ? new CasementError(ending).toJSON() : null;
    this.#end('ended', readExit(this.paths.exit)?.code ?? null, error);
  }

  #end(status: 'ended' | 'failed', exitCode: number | null, error: ApiError | null): void {
    const { server, app } = this.#record;
    Object.assign(this.#record, { status, exitCode, error, ended: Date.now() });
    this.#save();
    this.#release();
    this.#windows.stop();
    this.clipboard.stop();
    this.#dpi.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const stop of this.#stops.splice(0)) stop();
    this.listeners.close();
    this.#viewers.end(exitCode, error?.name ?? '');
    this.#profile.ended();
    for (const [process, group] of [
      [app, true],
      [server, false],
    ] as const) {
      if (process && signal(process, 'SIGTERM', group)) {
        setTimeout(() => signal(process, 'SIGKILL', group), GOODBYE_MS);
      }
    }
    this.#context.changed(this);
  }

  /** Takes part in ClientComm and the list of clients until it is closed. One with the same id is replaced. */
  connect(viewer: Viewer, params: Params): void {
    this.#viewers.add(viewer);
    this.clipboard.connected(viewer);
    this.#record.lastConnect = Date.now();
    this.#params = { ...this.#params, ...params };
    saveParams(this.paths, this.#params);
    this.#profile.connected(viewer);
    this.#participantsChanged();
  }

  left(viewer: Viewer): void {
    this.clipboard.left(viewer);
    if (!this.#viewers.remove(viewer)) return;
    this.#record.lastDisconnect = Date.now();
    if (this.isOver) return;
    this.#profile.disconnected(viewer);
    this.#participantsChanged();
  }

  /** A viewer asked for another size. What the X server would refuse is not believed either. */
  resized({ width, height }: Size): void {
    const geometry = `${width}x${height}`;
    if (this.#rootless || geometry === this.#record.geometry || parseGeometry(geometry) === undefined) return;
    this.#record.geometry = geometry;
    this.#save();
    this.#context.changed(this);
  }

  /** The keys of whoever is in control are to mean in the session what is printed on them. */
  async setKeyboard(layout: KeyboardLayout): Promise<void> {
    const applied = await this.keyboard.apply(layout);
    if (!this.isOver) this.#viewers.tell({ t: 'keyboard', layout: applied ? layout : null });
  }

  /** How large somebody in control has things drawn, and what is behind the windows where there is no desktop. */
  setScale(scale: number, ground: string | undefined): void {
    const { display } = this.#record;
    const cookie = this.isOver || display === null ? undefined : this.#readCookie();
    if (display === null || !cookie) return;
    const colour = this.#rootless && ground !== undefined ? Number.parseInt(ground.slice(1), 16) : undefined;
    this.#dpi.set(display, cookie, scale, colour);
  }

  actOnWindow(id: number, action: 'raise' | 'close'): void {
    this.#windows.act(id, action);
  }

  /** Somebody in control typed or pointed. */
  input(): void {
    this.#profile.input();
  }

  /** @throws CasementError `extend-refused`, `session-not-running` */
  extend(): Deadline {
    if (this.isOver) throw new CasementError('session-not-running');
    return this.#profile.extend();
  }

  disconnectAll(): void {
    this.#viewers.closeAll('kicked');
  }

  setParams(params: Params): Params {
    const merged = { ...this.#params, ...params };
    for (const [name, value] of Object.entries(params)) if (value === null) delete merged[name];
    this.#params = merged;
    saveParams(this.paths, merged);
    if (!this.isOver) this.#profile.paramsChanged();
    this.#context.changed(this);
    return merged;
  }

  #participantsChanged(): void {
    this.#viewers.tellWhoIsThere();
    this.#save();
    this.#context.changed(this);
  }

  #after(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }

  #say(line: string): void {
    appendFileSync(this.paths.log, `${line}\n`, { mode: 0o600 });
  }

  #save(): void {
    saveRecord(this.paths, this.#record);
  }
}
