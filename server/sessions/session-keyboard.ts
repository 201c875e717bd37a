/**
 * The keyboard of a session: its layout, and typing characters that no key of it has. Both go by `setxkbmap`, which
 * sessions need anyway.
 *
 * Xvnc gives a character without a key one of the keys that the layout leaves free, some 19, and never takes it away
 * again: the next ones are lost. Setting the layout anew frees them.
 */
import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeyboardLayout } from '../../src/contract/keyboard.ts';
import { keysymOfText } from '../../src/contract/keysym.ts';
import { keyEvent } from '../../src/rfb/encode.ts';
import type { Environment } from './environment.ts';
import { findProgram } from './programs.ts';

/** Characters that are typed before the keys they were given are freed. */
const ROOM = 12;
/** Programs read the keys' meaning when they come to the event: before it changes they get time to, and to notice after. */
const SETTLE_MS = { before: 300, after: 60 };
const TIMEOUT_MS = 5000;

export class SessionKeyboard {
  readonly #env: () => Environment;
  readonly #given = new Set<string>();
  /** One after the other: two at once would leave what nobody asked for. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(env: () => Environment) {
    this.#env = env;
  }

  /** False: there is no such layout, or no `setxkbmap`. */
  apply(layout: KeyboardLayout): Promise<boolean> {
    const [, name = '', variant = ''] = /^([a-z]+)(?:\(([^)]+)\))?$/.exec(layout) ?? [];
    return this.#next(async () => {
      // Keys that somebody has moved in the session stay moved when its layout is the right one already.
      const has = await this.#run('-query');
      if (has !== undefined && word(has, 'layout') === name && word(has, 'variant') === variant) return true;
      return this.#change('-layout', name, '-variant', variant);
    });
  }

  /** Never rejects: what cannot be typed is left out. `write` takes RFB messages of the client's side. */
  async type(text: string, write: (messages: Uint8Array) => void): Promise<void> {
    await this.#next(async () => {
      for (const character of text) {
        const keysym = keysymOfText(character);
        if (keysym === undefined) continue;
        if (!hasKey(keysym)) await this.#makeRoom(character);
        write(keyEvent(true, keysym));
        write(keyEvent(false, keysym));
      }
    });
  }

  async #makeRoom(character: string): Promise<void> {
    if (this.#given.has(character)) return;
    // Without arguments: the layout that is set, whoever set it.
    if (this.#given.size >= ROOM) await this.#change();
    this.#given.add(character);
  }

  #next<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #change(...args: string[]): Promise<boolean> {
    await wait(SETTLE_MS.before);
    this.#given.clear();
    const done = (await this.#run(...args)) !== undefined;
    await wait(SETTLE_MS.after);
    return done;
  }

  /** What `setxkbmap` prints; `undefined` when it fails or is not there. */
  #run(...args: string[]): Promise<string | undefined> {
    const env = this.#env();
    const program = findProgram('setxkbmap', env['PATH'], env['HOME'] ?? '/');
    if (program === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      execFile(program, args, { env, timeout: TIMEOUT_MS }, (error, printed) => {
        resolve(error === null ? printed : undefined);
      });
    });
  }
}

function word(printed: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'm').exec(printed)?.[1] ?? '';
}

/** On every layout, as far as is known: ASCII, and the keys that type nothing. */
function hasKey(keysym: number): boolean {
  return keysym <= 0x7e || (keysym >= 0xff00 && keysym <= 0xffff);
}
