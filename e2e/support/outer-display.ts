/** An X server for a browser with a real window, so that what is looked at is what reaches a screen. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XDisplay } from './x-display.ts';

export class OuterDisplay {
  readonly display: string;
  readonly x: XDisplay;
  readonly #server: ChildProcess;
  readonly #dir: string;

  private constructor(display: number, server: ChildProcess, dir: string) {
    this.display = `:${display}`;
    this.x = new XDisplay(display, '/dev/null');
    this.#server = server;
    this.#dir = dir;
  }

  static async start(geometry: string): Promise<OuterDisplay> {
    const dir = await mkdtemp(join(tmpdir(), 'casement-outer-'));
    const server = spawn(
      'Xvnc',
      // It has no network and no other users; its socket is in a directory that only this user enters.
      `-displayfd 3 -geometry ${geometry} -depth 24 -SecurityTypes None -rfbport -1 -nolisten tcp`
        .split(' ')
        .concat('-rfbunixpath', join(dir, 'rfb'), '-rfbunixmode', '0600'),
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const pipe = server.stdio[3];
    if (!pipe || !('on' in pipe)) throw new Error('no pipe for the display number');
    const [chunk]: Buffer[] = await once(pipe, 'data');
    return new OuterDisplay(Number(String(chunk).trim()), server, dir);
  }

  /** The server's RFB socket, to be looked at directly. */
  get rfbSocket(): string {
    return join(this.#dir, 'rfb');
  }

  /** Starts a program on this display; the caller ends it. */
  run(program: string, ...args: string[]): ChildProcess {
    return spawn(program, args, { env: { ...process.env, DISPLAY: this.display }, stdio: 'ignore' });
  }

  async stop(): Promise<void> {
    const gone = once(this.#server, 'exit');
    this.#server.kill('SIGTERM');
    await gone;
    await rm(this.#dir, { recursive: true, force: true });
  }
}
