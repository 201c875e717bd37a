/**
 * One session as its link sees it: started or taken over, running, ended. Its processes are detached and know nothing
 * of this object; everything needed to make it again is in the session's directory.
 */
import { closeSync } from 'node:fs';
import type { ApiError } from '../../src/contract/errors.ts';
import { CasementError, type ErrorCode, isErrorCode } from '../../src/contract/errors.ts';
import { Allowances } from '../../src/contract/allowances.ts';
import type { KeyboardLayout } from '../../src/contract/keyboard.ts';
import type { Params } from '../../src/contract/json.ts';
import { type Deadline, parseGeometry, type Session } from '../../src/contract/session.ts';
import type { SessionClipboard } from './clipboard.ts';
import { readExit } from './command.ts';
import { describeSession } from './describe-session.ts';
import { type FifoStore, onWritersGone, reopenFifo } from './fifo.ts';
import { makePrivateDirectory } from './files.ts';
import { SessionListeners } from './listeners.ts';
import { rememberProfile } from './known-profiles.ts';
import { openLog, say, watchLog } from './log-file.ts';
import { clampGeometry, type Size } from './max-geometry.ts';
import { type LinkPaths, type SessionPaths, sessionPaths } from './paths.ts';
import { findByArgument, isAlive, type ProcessIdentity, signal } from './processes.ts';
import { isOver, isRootless, loadRecord, newRecord, saveParams, saveRecord, type SessionRecord } from './record.ts';
import { GOODBYE_MS, SessionCommand } from './session-command.ts';
import { SessionDisplay } from './session-display.ts';
import type { SessionKeyboard } from './session-keyboard.ts';
import {
  type CommandExtras,
  launchCommand,
  launchServer,
  type LaunchPlace,
  NOT_FOUND,
  requireProgram,
} from './session-launch.ts';
import { SessionProfile } from './session-profile.ts';
import { SessionViewers } from './session-viewers.ts';
import type { Viewer } from './viewer.ts';
import type { StartCall } from './wire.ts';

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

/** Of a session that was taken over: what its starter gave it is not on disk. */
const NO_EXTRAS: CommandExtras = { variables: {}, separate: false };

export class LinkSession {
  readonly paths: SessionPaths;
  readonly listeners = new SessionListeners();
  readonly #context: SessionContext;
  readonly #record: SessionRecord;
  readonly #place: LaunchPlace;
  readonly #viewers = new SessionViewers();
  readonly #display: SessionDisplay;
  readonly #command: SessionCommand;
  readonly #profile: SessionProfile;
  readonly #extras: CommandExtras;
  readonly #stops: (() => void)[] = [];
  #params: Params;

  private constructor(
    context: SessionContext,
    record: SessionRecord,
    params: Params,
    extras: CommandExtras = NO_EXTRAS,
  ) {
    this.#context = context;
    this.#record = record;
    this.#params = params;
    this.#extras = extras;
    this.paths = sessionPaths(context.link, record.id);
    this.#place = { ...context, paths: this.paths, login: context.profileMs !== undefined };
    this.#display = new SessionDisplay({
      record,
      paths: this.paths,
      env: context.env,
      windows: {
        changed: (windows) => {
          this.#viewers.windows(windows);
          this.#command.windowsChanged();
        },
        lost: () => this.#command.windowsLost(),
      },
      input: () => this.input(),
    });
    this.#command = new SessionCommand({
      record,
      place: this.#place,
      extras,
      profileMs: context.profileMs,
      windows: this.#display.windows,
      save: () => this.#save(),
      changed: () => this.#context.changed(this),
      finish: () => this.#finish(),
      fail: (code, exitCode) => this.#fail(code, exitCode),
      terminate: () => void this.terminate(),
    });
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
    const extras = { variables: start.variables ?? {}, separate: start.separate ?? false };
    const session = new LinkSession(context, newRecord({ ...start, geometry }), start.params, extras);
    makePrivateDirectory(session.paths.dir);
    if (geometry !== start.geometry) say(session.paths.log, `The profile allows no more than ${geometry}.`);
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
    return isOver(this.#record);
  }

  get params(): Params {
    return this.#params;
  }

  get clipboard(): SessionClipboard {
    return this.#display.clipboard;
  }

  get keyboard(): SessionKeyboard {
    return this.#display.keyboard;
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

  describe(): Session {
    return describeSession(this.#record, {
      params: this.#params,
      clients: this.#viewers.clients(),
      deadline: this.#profile.deadline,
    });
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
    await requireProgram(this.#place, this.#record.command).catch((error: unknown) => {
      this.#record.exitCode = NOT_FOUND;
      throw error;
    });
    // Whoever prepares something for the session may refuse it, and nothing has been started then.
    await this.#profile.starting();
    if (this.isOver) throw new CasementError('session-not-running');
    this.#display.lock();
    await this.#context.fifos.take(paths.serverFifo, paths.commandFifo);
    const logFd = openLog(paths.log);
    try {
      const server = await launchServer(this.#place, this.#record, logFd);
      if (this.isOver) {
        // Ended before there was an X server to be ended with it.
        closeSync(server.fifoFd);
        signal(server.identity, 'SIGKILL');
        throw new CasementError('session-not-running');
      }
      this.#record.server = server.identity;
      this.#save();
      this.#watchServer(server.fifoFd);
      const display = await server.display;
      if (this.isOver) throw new CasementError('session-not-running');
      this.#display.opened(display);
      await this.#command.launch(display, logFd);
      // Its end was seen while there was no command yet to be ended with it.
      if (this.#command.displayLost) throw new CasementError('xserver-failed');
    } finally {
      closeSync(logFd);
    }
    this.#record.status = 'running';
    this.#save();
    this.#stops.push(watchLog(paths.log));
    this.#display.watch();
    this.#profile.begin();
  }

  #watchServer(fifoFd: number): void {
    this.#stops.push(onWritersGone(fifoFd, () => this.#onServerEnd()));
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
    this.#command.ending = this.#record.ending !== undefined;
    if (status !== 'running' || !server) {
      // The link died while it started this one. Nobody waits for it any more.
      for (const found of findByArgument(this.paths.rfbSocket)) signal(found, 'SIGKILL');
      this.#fail('link-failed');
      return;
    }
    const fifoFd = reopenFifo(this.paths.serverFifo);
    if (fifoFd === undefined || !isAlive(server)) {
      if (fifoFd !== undefined) closeSync(fifoFd);
      this.#finish();
      return;
    }
    this.#watchServer(fifoFd);
    this.#stops.push(watchLog(this.paths.log));
    // It had its chance to show one before this link was there.
    this.#display.windows.seen = isRootless(this.#record);
    this.#display.watch();
    this.#command.takeOver();
    if (!this.isOver) this.#profile.begin();
  }

  #onServerEnd(): void {
    this.#command.displayLost = true;
    if (this.#record.status === 'starting') return;
    // The command loses its display and ends; its exit code is worth a moment.
    void this.#command.stop().then(() => this.#finish());
  }

  /** For the process that began it, whose child the command is to be: once more, as it was begun. */
  async beginAgain(): Promise<ProcessIdentity | null> {
    const { display } = this.#record;
    if (display === null) throw new CasementError('session-not-running');
    const logFd = openLog(this.paths.log);
    try {
      const { identity, fifoFd } = await launchCommand(this.#place, this.#record, this.#extras, { logFd, display });
      // The link has one of its own.
      closeSync(fifoFd);
      return identity ?? null;
    } finally {
      closeSync(logFd);
    }
  }

  /** @throws CasementError `session-not-running` */
  begunElsewhere(app: ProcessIdentity | null): void {
    this.#command.begunElsewhere(app);
  }

  /** Watches no longer, and ends nothing: somebody else takes it over from its directory. */
  letGo(): void {
    this.#command.letGo();
    this.#display.stop();
    this.#profile.letGo();
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Ends command and X server; resolves when the session is over. `reason`: the limit that it is ended by. */
  async terminate(reason?: ErrorCode): Promise<void> {
    if (this.isOver) return;
    this.#command.ending = true;
    if (reason !== undefined) {
      this.#record.ending = reason;
      this.#save();
    }
    await this.#command.stop();
    this.#finish();
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
    this.#command.over();
    this.#display.stop();
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
    if (isRootless(this.#record) || geometry === this.#record.geometry || parseGeometry(geometry) === undefined) return;
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
    this.#display.setScale(scale, ground);
  }

  actOnWindow(id: number, action: 'raise' | 'close'): void {
    this.#display.windows.act(id, action);
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

  #save(): void {
    saveRecord(this.paths, this.#record);
  }
}
