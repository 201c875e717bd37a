/** Programs in a session that copy and paste, by xclip. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { XDisplay } from './x-display.ts';

type Selection = 'clipboard' | 'primary';

export class XClipboard {
  readonly #display: XDisplay;
  readonly #owners: ChildProcess[] = [];

  constructor(display: XDisplay) {
    this.#display = display;
  }

  /** A program copies this, and holds it until something else is copied. */
  async copy(data: string | Buffer, target = 'UTF8_STRING', selection: Selection = 'clipboard'): Promise<void> {
    const child = spawn('xclip', ['-i', '-quiet', '-selection', selection, '-t', target], {
      env: this.#display.env,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    this.#owners.push(child);
    // It waits for those who want it, and says so.
    const waits = once(child.stderr, 'data');
    child.stdin.end(data);
    await waits;
    child.stderr.resume();
  }

  /** What a program pastes; empty where there is nothing of that kind. */
  async paste(target = 'UTF8_STRING', selection: Selection = 'clipboard'): Promise<Buffer> {
    const child = spawn('xclip', ['-o', '-selection', selection, '-t', target], {
      env: this.#display.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    await once(child, 'close');
    return Buffer.concat(pieces);
  }

  async text(selection: Selection = 'clipboard'): Promise<string> {
    return (await this.paste('UTF8_STRING', selection)).toString();
  }

  stop(): void {
    for (const child of this.#owners.splice(0)) child.kill('SIGKILL');
  }
}
