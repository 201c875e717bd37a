/** A window in a session that writes down every event it gets: `xev`, over the whole screen. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startByApi } from './pages.ts';
import type { TestServer } from './server.ts';
import { XDisplay, type SessionRow } from './x-display.ts';

export interface ButtonEvent {
  readonly type: 'press' | 'release';
  readonly button: number;
  readonly x: number;
  readonly y: number;
  /** Modifiers and buttons held before it, as X counts them. */
  readonly state: number;
}

export interface KeyEventSeen {
  readonly type: 'press' | 'release';
  /** By name, as `keysymdef.h` has it. */
  readonly keysym: string;
  readonly state: number;
}

const BUTTON =
  /Button(Press|Release) event.*\n.*\n?.*root:\((-?\d+),(-?\d+)\),\s*\n\s*state 0x([0-9a-f]+), button (\d+)/g;
const KEY =
  /Key(Press|Release) event[^\n]*\n[^\n]*\n\s*state 0x([0-9a-f]+), keycode \d+ \(keysym 0x[0-9a-f]+, (\w+)\)/g;
const MOTION = /MotionNotify event[^\n]*\n[^\n]*root:\((-?\d+),(-?\d+)\),\s*\n\s*state 0x([0-9a-f]+)/g;

export class Xev {
  readonly session: SessionRow;
  readonly display: XDisplay;
  readonly #log: string;
  #from = 0;

  private constructor(session: SessionRow, display: XDisplay, log: string) {
    this.session = session;
    this.display = display;
    this.#log = log;
  }

  /** In a session of its own, with the keyboard. */
  static async start(server: TestServer, name: string): Promise<Xev> {
    const log = join(server.dataDir, `${name}.log`);
    const script = join(server.dataDir, name);
    await writeFile(log, '');
    await writeFile(script, `#!/bin/sh\nexec stdbuf -oL xev -geometry 4000x3000+0+0 >${log}\n`);
    await chmod(script, 0o755);
    const session = await startByApi(server, { command: script });
    const display = await XDisplay.of(server, session);
    const window = await display.tool('xdotool', 'search', '--sync', '--onlyvisible', '--name', 'Event Tester');
    await display.tool('xdotool', 'windowfocus', '--sync', window.split('\n')[0] ?? '');
    return new Xev(session, display, log);
  }

  /** Waits until the session has the page's size, so that both count the same pixels. */
  async sameSize(page: Page): Promise<void> {
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
    await expect.poll(() => this.display.tool('xdotool', 'getdisplaygeometry')).toBe(`${width} ${height}`);
  }

  /** What comes from here on. */
  async forget(): Promise<void> {
    this.#from = (await readFile(this.#log, 'utf8')).length;
  }

  async buttons(): Promise<ButtonEvent[]> {
    return [...(await this.#text()).matchAll(BUTTON)].map(([, type, x, y, state, button]) => ({
      type: type === 'Press' ? 'press' : 'release',
      button: Number(button),
      x: Number(x),
      y: Number(y),
      state: Number.parseInt(state ?? '', 16),
    }));
  }

  /** The buttons pressed, in order. */
  async clicks(): Promise<number[]> {
    return (await this.buttons()).filter(({ type }) => type === 'press').map(({ button }) => button);
  }

  async keys(): Promise<KeyEventSeen[]> {
    return [...(await this.#text()).matchAll(KEY)].map(([, type, state, keysym]) => ({
      type: type === 'Press' ? 'press' : 'release',
      keysym: keysym ?? '',
      state: Number.parseInt(state ?? '', 16),
    }));
  }

  /** Where the pointer went. */
  async motions(): Promise<{ x: number; y: number; state: number }[]> {
    return [...(await this.#text()).matchAll(MOTION)].map(([, x, y, state]) => ({
      x: Number(x),
      y: Number(y),
      state: Number.parseInt(state ?? '', 16),
    }));
  }

  async #text(): Promise<string> {
    return (await readFile(this.#log, 'utf8')).slice(this.#from);
  }
}
