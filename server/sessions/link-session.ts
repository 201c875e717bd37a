/**
 * One session as its link sees it: started or taken over, running, ended. Its processes are detached and know nothing
 * of this object; everything needed to make it again is in the session's directory.
 */
import { appendFileSync, closeSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { ApiError } from '../../src/contract/errors.ts';
import { CasementError, type ErrorCode } from '../../src/contract/errors.ts';
import type { Params } from '../../src/contract/json.ts';
import { type Deadline, parseGeometry, type Session, type SessionClient } from '../../src/contract/session.ts';
import { ClientCommRouter } from './clientcomm-router.ts';
import { readExit, readReady, shellKnows, startCommand } from './command.ts';
import { baseEnvironment, type Environment, sessionEnvironment } from './environment.ts';
import { type FifoStore, onWritersGone, reopenFifo } from './fifo.ts';
import { makePrivateDirectory, writeAtomically } from './files.ts';
import { SessionListeners } from './listeners.ts';
import { openLog, watchLog } from './log-file.ts';
import { type LinkPaths, type SessionPaths, sessionPaths } from './paths.ts';
import { findByArgument, isAlive, signal } from './processes.ts';
import { bringsWindowManager, findProgram, firstProgram } from './programs.ts';
import { loadRecord, saveParams, saveRecord, type SessionRecord } from './record.ts';
import type { Viewer } from './viewer.ts';
import { watchWindows, type WindowWatch } from './windows.ts';
import type { StartCall } from './wire.ts';
import { decodeCookie, encodeXauthority, newCookie } from './xauthority.ts';
import { startXvnc } from './xvnc.ts';

/** A command that ends this soon after it was started has failed, unless it says otherwise by exit code 0. */
const AT_ONCE_MS = 1000;
/** How long processes get to end by themselves before they are killed. */
const GOODBYE_MS = 2000;
/** Between a splash screen and the window behind it, no window is open. */
const LAST_WINDOW_MS = 2000;
/** A command that went to the background gets this long to show its first window. */
const FIRST_WINDOW_MS = 15_000;
const NOT_FOUND = 127;
const DEFAULT_LAYOUT = 'us';

export interface SessionContext {
  readonly link: LinkPaths;
  readonly env: NodeJS.ProcessEnv;
  /** What commands begin with; the link's own is stricter. */
  readonly umask: number;
  /** How long login scripts may take; absent: none are run, since whoever started the link has been through them. */
  readonly profileMs: number | undefined;
  readonly fifos: FifoStore;
  /** Called after every change that others should hear of. */
  changed(session: LinkSession): void;
}

export class LinkSession {
  readonly paths: SessionPaths;
  readonly clientcomm = new ClientCommRouter();
  readonly listeners = new SessionListeners();
  readonly #context: SessionContext;
  readonly #record: SessionRecord;
  readonly #viewers = new Map<string, Viewer>();
  readonly #stops: (() => void)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #params: Params;
  #variables: Readonly<Record<string, string>> = {};
  #separate = false;
  #windows: WindowWatch | undefined;
  /** Windows are counted, or will be in a moment. */
  #watching = false;
  #windowCount = 0;
  #sawWindow = false;
  #commandEnded = false;
  #serverEnded = false;
  /** Why the session is being ended on purpose; what its processes do from here on is no failure. */
  #ending = false;
  #waiters: (() => void)[] = [];

  private constructor(context: SessionContext, record: SessionRecord, params: Params) {
    this.#context = context;
    this.#record = record;
    this.#params = params;
    this.paths = sessionPaths(context.link, record.id);
  }

  /** Listed at once as `starting`; `run` does the work. */
  static create(context: SessionContext, start: StartCall): LinkSession {
    const session = new LinkSession(
      context,
      {
        v: 1,
        id: start.id,
        name: start.name,
        status: 'starting',
        geometry: start.geometry,
        command: start.command,
        profile: start.profile,
        keyboardLayout: start.keyboardLayout,
        login: start.login,
        display: null,
        server: null,
        app: null,
        started: Date.now(),
        running: null,
        lastConnect: null,
        lastDisconnect: null,
        ended: null,
        exitCode: null,
        error: null,
        job: start.job ?? null,
      },
      start.params,
    );
    session.#variables = start.variables ?? {};
    session.#separate = start.separate ?? false;
    makePrivateDirectory(session.paths.dir);
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

  get #rootless(): boolean {
    return this.#record.geometry === 'rootless';
  }

  /** As the contract has it. `serverId` is the host's to fill in. */
  describe(): Session {
    const { server, app, v: _v, keyboardLayout: _layout, running: _running, ...shown } = this.#record;
    return {
      ...shown,
      windowMode: this.#rootless ? 'rootless' : 'desktop',
      params: this.#params,
      user: userInfo().username,
      hostname: hostname(),
      serverId: '',
      serverPid: server?.pid ?? null,
      appPid: app?.pid ?? null,
      clients: this.#clients(),
      sharing: false,
      thumbnail: null,
      deadline: null,
      job: shown.job && { ...shown.job, state: this.isOver ? 'ended' : 'running', reason: null, estimatedStart: null },
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
    const env = baseEnvironment(this.#context.env);
    const cwd = env['HOME'] ?? '/';
    const cookie = newCookie();
    // Before the X server starts: with an empty file it would let everybody in.
    writeAtomically(paths.xauth, encodeXauthority(cookie));
    const program = firstProgram(this.#record.command);
    const shell = this.#loginShell(env);
    const known =
      program === undefined ||
      program === 'clientcomm' ||
      findProgram(program, env['PATH'], cwd) !== undefined ||
      // Login scripts may have put it in reach.
      (shell !== undefined && !program.includes('/') && (await shellKnows(shell, program, env, cwd)));
    if (!known) {
      appendFileSync(paths.log, `sh: 1: ${program}: not found\n`, { mode: 0o600 });
      this.#record.exitCode = NOT_FOUND;
      throw new CasementError('command-not-found');
    }
    const xvnc = findProgram('Xvnc', env['PATH'], cwd);
    if (!xvnc) throw new CasementError('xserver-missing');
    await this.#context.fifos.take(paths.serverFifo, paths.commandFifo);
    const logFd = openLog(paths.log);
    try {
      const { id, name, geometry } = this.#record;
      const started = await startXvnc(xvnc, {
        id,
        name,
        geometry,
        rfbSocket: paths.rfbSocket,
        xauth: paths.xauth,
        fifo: paths.serverFifo,
        logFd,
        env,
        cwd,
      });
      this.#record.server = started.identity;
      this.#save();
      this.#watchServer(started.fifoFd);
      const display = await started.display;
      if (this.isOver) throw new CasementError('session-not-running');
      this.#record.display = display;
      writeAtomically(paths.xauth, encodeXauthority(cookie, display));
      await this.#launchCommand(logFd, display, cwd);
    } finally {
      closeSync(logFd);
    }
    this.#record.status = 'running';
    this.#record.running = Date.now();
    this.#save();
    this.#stops.push(watchLog(paths.log));
    this.#watchWindows(cookie);
  }

  async #launchCommand(logFd: number, display: number, cwd: string): Promise<void> {
    const { paths } = this;
    const { link, env } = this.#context;
    const environment = sessionEnvironment(env, {
      display,
      xauth: paths.xauth,
      id: this.id,
      sessionDir: paths.dir,
      linkDir: link.dir,
      bin: link.bin,
      paramsFile: paths.params,
    });
    const { command, keyboardLayout } = this.#record;
    const separate = this.#separate;
    const output = separate ? { outFd: openLog(paths.stdout), errFd: openLog(paths.stderr) } : undefined;
    const started = await startCommand({
      command,
      shell: this.#loginShell(environment),
      umask: this.#context.umask,
      bin: link.bin,
      exitFile: paths.exit,
      fifo: paths.commandFifo,
      logFd,
      ...output,
      env: {
        ...environment,
        ...this.#variables,
        DISPLAY: environment['DISPLAY'] ?? '',
        XAUTHORITY: environment['XAUTHORITY'] ?? '',
      },
      cwd,
      // Without a window manager a single program's windows could be neither moved nor given the keyboard.
      windowManager: bringsWindowManager(command) ? undefined : findProgram('openbox', environment['PATH'], cwd),
      keyboardLayout: keyboardLayout === DEFAULT_LAYOUT ? undefined : keyboardLayout,
    }).finally(() => {
      if (output) for (const fd of Object.values(output)) closeSync(fd);
    });
    this.#record.app = started.identity ?? null;
    if (this.isOver) {
      closeSync(started.fifoFd);
      if (started.identity) signal(started.identity, 'SIGKILL', true);
      throw new CasementError('session-not-running');
    }
    this.#watchCommand(started.fifoFd);
    this.#watchProfile();
  }

  #loginShell(env: Environment): string | undefined {
    return this.#context.profileMs === undefined ? undefined : env['SHELL'];
  }

  /** Login scripts that wait for something that never comes must not leave a session that looks well. */
  #watchProfile(): void {
    const { profileMs } = this.#context;
    if (profileMs === undefined || readReady(this.paths.exit) !== undefined) return;
    this.#after(profileMs, () => {
      if (this.#commandEnded || this.isOver || readReady(this.paths.exit) !== undefined) return;
      appendFileSync(this.paths.log, `The login scripts were not done after ${profileMs / 1000} s.\n`, {
        mode: 0o600,
      });
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
    if (!this.#rootless || display === null || !cookie || this.isOver) return;
    this.#watching = true;
    const lost = () => {
      this.#windows = undefined;
      this.#watching = false;
      // Nobody counts windows any more: the command decides, as on a desktop.
      if (this.#commandEnded) this.#finish();
    };
    watchWindows(display, cookie, (count) => this.#onWindows(count), lost).then((watch) => {
      if (this.isOver) watch.stop();
      else this.#windows = watch;
      return watch;
    }, lost);
  }

  #takeOver(): void {
    const { server, status } = this.#record;
    if (this.isOver) {
      // Its link may have died between writing the end down and bringing it about.
      if (server) signal(server, 'SIGKILL');
      return;
    }
    if (this.#record.lastConnect !== null) this.#record.lastDisconnect = Date.now();
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
    this.#sawWindow = this.#rootless;
    this.#watchWindows(this.#readCookie());
    const commandFd = reopenFifo(this.paths.commandFifo);
    if (commandFd === undefined) this.#onCommandEnd();
    else {
      this.#watchCommand(commandFd);
      this.#watchProfile();
    }
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
      appendFileSync(this.paths.log, `The login scripts ended the shell with code ${exit.code}.\n`, { mode: 0o600 });
      this.#fail('profile-failed', exit.code);
      return;
    }
    const since = Math.max(this.#record.running ?? Date.now(), ready ?? 0);
    const atOnce = exit !== undefined && exit.at - since < AT_ONCE_MS;
    if (exit && exit.code !== 0 && atOnce && !this.#ending && this.#windowCount === 0) {
      this.#fail(exit.code === NOT_FOUND ? 'command-not-found' : 'command-died', exit.code);
      return;
    }
    if (this.#rootless && !this.#ending && this.#watching) {
      if (this.#windowCount > 0) return;
      if (!this.#sawWindow && exit?.code === 0) {
        this.#after(FIRST_WINDOW_MS, () => {
          if (this.#windowCount === 0) this.#finish();
        });
        return;
      }
    }
    this.#finish();
  }

  #onServerEnd(): void {
    this.#serverEnded = true;
    if (this.#record.status === 'starting') return;
    // The command loses its display and ends; its exit code is worth a moment.
    void this.#stopCommand().then(() => this.#finish());
  }

  #onWindows(count: number): void {
    this.#windowCount = count;
    if (count > 0) {
      this.#sawWindow = true;
      return;
    }
    if (!this.#sawWindow) return;
    this.#after(this.#commandEnded ? 0 : LAST_WINDOW_MS, () => {
      if (this.#windowCount === 0 && !this.isOver) void this.terminate();
    });
  }

  /** Ends command and X server; resolves when the session is over. */
  async terminate(): Promise<void> {
    if (this.isOver) return;
    this.#ending = true;
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
    this.#end('ended', readExit(this.paths.exit)?.code ?? null, null);
  }

  #end(status: 'ended' | 'failed', exitCode: number | null, error: ApiError | null): void {
    const { server, app } = this.#record;
    Object.assign(this.#record, { status, exitCode, error, ended: Date.now() });
    this.#save();
    this.#release();
    this.#windows?.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const stop of this.#stops.splice(0)) stop();
    this.clientcomm.close();
    this.listeners.close();
    for (const viewer of this.#viewers.values()) {
      viewer.send({ t: 'ended', exitCode, reason: error?.name ?? '' });
      viewer.close('ended');
    }
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
    this.#viewers.get(viewer.id)?.close('closed');
    this.#viewers.set(viewer.id, viewer);
    this.#record.lastConnect = Date.now();
    this.#params = { ...this.#params, ...params };
    saveParams(this.paths, this.#params);
    this.clientcomm.add(viewer);
    this.#participantsChanged();
  }

  left(viewer: Viewer): void {
    if (this.#viewers.get(viewer.id) !== viewer) return;
    this.#viewers.delete(viewer.id);
    this.#record.lastDisconnect = Date.now();
    this.clientcomm.remove(viewer);
    if (!this.isOver) this.#participantsChanged();
  }

  /** A viewer asked for another size. What the X server would refuse is not believed either. */
  resized(width: number, height: number): void {
    const geometry = `${width}x${height}`;
    if (this.#rootless || geometry === this.#record.geometry || parseGeometry(geometry) === undefined) return;
    this.#record.geometry = geometry;
    this.#save();
    this.#context.changed(this);
  }

  disconnectAll(): void {
    for (const viewer of this.#viewers.values()) viewer.close('kicked');
  }

  setParams(params: Params): Params {
    const merged = { ...this.#params, ...params };
    for (const [name, value] of Object.entries(params)) if (value === null) delete merged[name];
    this.#params = merged;
    saveParams(this.paths, merged);
    this.#context.changed(this);
    return merged;
  }

  /** @throws CasementError `extend-refused`, `session-not-running` */
  extend(): Deadline {
    if (this.isOver) throw new CasementError('session-not-running');
    throw new CasementError('extend-refused');
  }

  #clients(): SessionClient[] {
    return [...this.#viewers.values()].map((viewer) => viewer.info);
  }

  #participantsChanged(): void {
    const clients = this.#clients();
    for (const viewer of this.#viewers.values()) viewer.send({ t: 'participants', clients });
    this.#save();
    this.#context.changed(this);
  }

  #after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #save(): void {
    saveRecord(this.paths, this.#record);
  }
}
