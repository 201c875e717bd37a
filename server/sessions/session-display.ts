/**
 * What a link does on the display of one session: it lets itself and the session's programs in, and is the X clients that
 * a desktop in a browser needs beside them, for clipboard, keyboard, windows and sizes.
 */
import { readFileSync } from 'node:fs';
import { SessionClipboard } from './clipboard.ts';
import { SessionDpi } from './dpi.ts';
import { baseEnvironment } from './environment.ts';
import { writeAtomically } from './files.ts';
import type { SessionPaths } from './paths.ts';
import { bringsSettings } from './programs.ts';
import { isOver, isRootless, type SessionRecord } from './record.ts';
import { SessionKeyboard } from './session-keyboard.ts';
import { SessionWindows, type WindowEvents } from './session-windows.ts';
import { decodeCookie, encodeXauthority, newCookie } from './xauthority.ts';

export interface SessionDisplayOptions {
  readonly record: SessionRecord;
  readonly paths: SessionPaths;
  readonly env: NodeJS.ProcessEnv;
  readonly windows: WindowEvents;
  /** Somebody pasted. */
  readonly input: () => void;
}

export class SessionDisplay {
  readonly clipboard: SessionClipboard;
  readonly keyboard: SessionKeyboard;
  readonly windows: SessionWindows;
  readonly #record: SessionRecord;
  readonly #paths: SessionPaths;
  readonly #dpi: SessionDpi;
  #cookie: Buffer | undefined;

  constructor({ record, paths, env, windows, input }: SessionDisplayOptions) {
    this.#record = record;
    this.#paths = paths;
    this.windows = new SessionWindows(windows);
    this.keyboard = new SessionKeyboard(() => ({
      ...baseEnvironment(env),
      DISPLAY: `:${record.display ?? ''}`,
      XAUTHORITY: paths.xauth,
    }));
    this.clipboard = new SessionClipboard({
      mode: record.limits?.clipboard ?? 'both',
      display: () => this.#place(),
      input,
    });
    this.#dpi = new SessionDpi({ mayOwnSettings: !bringsSettings(record.command) });
  }

  /** Before the X server starts: with an empty file it would let everybody in. */
  lock(): void {
    this.#cookie = newCookie();
    writeAtomically(this.#paths.xauth, encodeXauthority(this.#cookie));
  }

  /** The X server has said which display it is. */
  opened(display: number): void {
    this.#record.display = display;
    const cookie = this.#knownCookie();
    if (cookie) writeAtomically(this.#paths.xauth, encodeXauthority(cookie, display));
  }

  /** Counts windows from here on, where the session is over with its last one. */
  watch(): void {
    const place = this.#place();
    if (isRootless(this.#record) && place && !isOver(this.#record)) this.windows.start(place.display, place.cookie);
  }

  /** How large things are drawn, and what is behind the windows where there is no desktop. */
  setScale(scale: number, ground: string | undefined): void {
    const place = isOver(this.#record) ? undefined : this.#place();
    if (!place) return;
    const colour = isRootless(this.#record) && ground !== undefined ? Number.parseInt(ground.slice(1), 16) : undefined;
    this.#dpi.set(place.display, place.cookie, scale, colour);
  }

  stop(): void {
    this.windows.stop();
    this.clipboard.stop();
    this.#dpi.stop();
  }

  #place(): { readonly display: number; readonly cookie: Buffer } | undefined {
    const { display } = this.#record;
    const cookie = this.#knownCookie();
    return display === null || !cookie ? undefined : { display, cookie };
  }

  /** Of a session that was taken over it is in the file. */
  #knownCookie(): Buffer | undefined {
    try {
      this.#cookie ??= decodeCookie(readFileSync(this.#paths.xauth));
    } catch {
      // Without it there is nothing to do on the display.
    }
    return this.#cookie;
  }
}
