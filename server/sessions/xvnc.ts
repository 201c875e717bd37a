/** Starting the X server of a session. */
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { CasementError } from '../../src/contract/errors.ts';
import { parseGeometry } from '../../src/contract/session.ts';
import type { Environment } from './environment.ts';
import { openFifo } from './fifo.ts';
import { systemCode } from './files.ts';
import { clampSize, type Size } from './max-geometry.ts';
import { identify, type ProcessIdentity } from './processes.ts';

/** On 2 idle cores it answers after some 33 ms; beyond this something is broken. */
const START_TIMEOUT_MS = 15_000;
/** What a desktop begins with until a viewer asks for its own size. */
const DEFAULT_SIZE = { width: 1280, height: 800 };

export interface XvncOptions {
  readonly id: string;
  readonly name: string;
  readonly geometry: string;
  readonly maxGeometry: Size | null;
  readonly rfbSocket: string;
  readonly xauth: string;
  readonly fifo: string;
  readonly logFd: number;
  readonly env: Environment;
  readonly cwd: string;
}

export interface StartedXvnc {
  readonly identity: ProcessIdentity;
  /** Reading end of its FIFO; the caller owns it. */
  readonly fifoFd: number;
  /** Resolves when it answers; rejects with `xserver-failed`. */
  readonly display: Promise<number>;
}

/**
 * RFB's clipboard is off, whatever the profile allows: the link has one of its own. Nor may a program of the session
 * switch it on again, which it could by the extension that `vncconfig` uses.
 */
const NO_CLIPBOARD = ['-SendCutText=0', '-AcceptCutText=0', '-AllowOverride=desktop'];

export function xvncArguments(options: Omit<XvncOptions, 'logFd' | 'env' | 'cwd' | 'fifo'>): string[] {
  const asked = parseGeometry(options.geometry);
  const size = clampSize(typeof asked === 'object' ? asked : DEFAULT_SIZE, options.maxGeometry);
  return [
    ['-displayfd', '3'],
    ['-geometry', `${size.width}x${size.height}`],
    ['-depth', '24'],
    // Whoever may open the socket is the user; a password would add nothing.
    ['-SecurityTypes', 'None'],
    ['-rfbunixpath', options.rfbSocket, '-rfbunixmode', '0600'],
    // Without this it listens on every interface as well.
    ['-rfbport', '-1'],
    ['-nolisten', 'tcp'],
    ['-AlwaysShared'],
    ['-auth', options.xauth],
    // A reset after the last window would forget keyboard and resources.
    ['-noreset'],
    // Key to update is half a frame: 8.5 ms at 60, 4.7 at 120.
    ['-FrameRate', '120'],
    // A viewer that sends a physical key means the key; it sends a character where it means that.
    '-RawKeyboard=1',
    // Everybody comes over the one socket, so five viewers that were closed while they loaded would lock all out for 10 s.
    ['-UseBlacklist=0'],
    // The pattern of control characters is meant.
    // oxlint-disable-next-line no-control-regex
    ['-desktop', options.name.replace(/[\u0000-\u001f\u007f]/g, ' ') || options.id],
    NO_CLIPBOARD,
  ].flat();
}

/** Rejects with `xserver-missing` when there is no such program. The server runs on when the caller dies. */
export async function startXvnc(program: string, options: XvncOptions): Promise<StartedXvnc> {
  const { readFd, writeFd } = openFifo(options.fifo);
  try {
    const child = spawn(program, xvncArguments(options), {
      detached: true,
      stdio: ['ignore', options.logFd, options.logFd, 'pipe', writeFd],
      env: options.env,
      cwd: options.cwd,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (!identity) throw new CasementError('xserver-failed');
    child.unref();
    const display = readDisplay(child.stdio[3] as Readable, child);
    // Nobody may be waiting yet when it fails.
    display.catch(() => undefined);
    return { identity, fifoFd: readFd, display };
  } catch (cause) {
    closeSync(readFd);
    if (cause instanceof CasementError) throw cause;
    const missing = systemCode(cause) === 'ENOENT';
    throw new CasementError(missing ? 'xserver-missing' : 'xserver-failed', { cause });
  } finally {
    closeSync(writeFd);
  }
}

function readDisplay(pipe: Readable, child: { once(event: 'exit', listener: () => void): unknown }): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = () => {
      clearTimeout(timer);
      pipe.destroy();
      reject(new CasementError('xserver-failed'));
    };
    const timer = setTimeout(fail, START_TIMEOUT_MS);
    pipe.setEncoding('utf8');
    pipe.on('data', (piece: string) => {
      text += piece;
      const match = /^(\d+)\n/.exec(text);
      if (!match) return;
      clearTimeout(timer);
      pipe.destroy();
      resolve(Number(match[1]));
    });
    pipe.on('error', fail);
    pipe.on('close', fail);
    child.once('exit', fail);
  });
}
