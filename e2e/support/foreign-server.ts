/** Programs that serve RFB on a unix socket, started for a test and ended with it. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { access, rm } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import type { OpenOptions } from '../../src/screen/client.ts';

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Milliseconds that a program has to end by itself. */
const KILL_AFTER_MS = 3000;

/** A program and what it has said. */
export class Program {
  readonly process: ChildProcess;
  readonly #gone: Promise<unknown>;
  said = '';

  constructor(command: readonly string[], options: SpawnOptions = {}) {
    const [name = '', ...args] = command;
    this.process = spawn(name, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#gone = once(this.process, 'exit');
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    // x11vnc may wait for itself in what it does on a signal.
    const last = setTimeout(() => this.process.kill('SIGKILL'), KILL_AFTER_MS);
    await this.#gone;
    clearTimeout(last);
  }
}

/** One server, there when its socket is; ends with the callback. */
export async function serving(
  command: readonly string[],
  socket: string,
  options: SpawnOptions,
  look: (server: Program) => Promise<void>,
): Promise<void> {
  const server = new Program(command, options);
  try {
    await expect.poll(() => exists(socket), { message: server.said, timeout: 15_000 }).toBe(true);
    await look(server);
  } finally {
    await server.stop();
    await rm(socket, { force: true });
  }
}

/** Opens the page's screen by its origin's relay, and waits for a picture, or for the end. */
export async function openScreen(page: Page, origin: string, options: Omit<OpenOptions, 'transport'>): Promise<void> {
  await page.evaluate(
    ([url, wanted]) => {
      window.screenEvents.length = 0;
      window.screenClient.open({ transport: { kind: 'websocket', url }, ...wanted });
    },
    [origin.replace('http', 'ws'), options] as const,
  );
  await page.waitForFunction(() =>
    window.screenEvents.some((seen) => seen.type === 'painted-first' || seen.type === 'closed'),
  );
}
