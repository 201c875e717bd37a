/** The X server's own view of a session, by the ordinary X tools: what is on the screen, which windows there are. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestServer } from './server.ts';

const run = promisify(execFile);
/** A root window of 4096×4096 in 32 bits, and the header. */
const MAX_DUMP = 80 * 1024 * 1024;

export interface SessionRow {
  id: string;
  name: string;
  status: string;
  geometry: string;
  display: number;
  serverPid: number;
  params: Record<string, unknown>;
  error: { name: string } | null;
}

export interface Picture {
  width: number;
  height: number;
  /** Packed red, green, blue. */
  rgb: Uint8Array;
}

export class XDisplay {
  /** What programs need to be in the session. */
  readonly env: NodeJS.ProcessEnv;

  constructor(display: number, xauthority: string) {
    this.env = { ...process.env, DISPLAY: `:${display}`, XAUTHORITY: xauthority };
  }

  static async of(server: TestServer, session: SessionRow): Promise<XDisplay> {
    const xauthority = join(server.dataDir, 'link', 'sessions', session.id, 'xauth');
    await access(xauthority);
    return new XDisplay(session.display, xauthority);
  }

  async tool(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { env: this.env, timeout: 20_000 });
    return stdout.trim();
  }

  /** Resolves when a window of this class is on the screen and has the keyboard. */
  async focused(windowClass: string): Promise<void> {
    const window = (await this.tool('xdotool', 'search', '--sync', '--onlyvisible', '--class', windowClass)).split(
      '\n',
    )[0];
    await this.tool('xdotool', 'windowfocus', '--sync', window ?? '');
  }

  /** The whole screen as the X server has it. */
  async screenshot(): Promise<Picture> {
    const { stdout } = await run('xwd', ['-root', '-silent'], {
      env: this.env,
      encoding: 'buffer',
      maxBuffer: MAX_DUMP,
      timeout: 20_000,
    });
    return readXwd(stdout);
  }
}

/**
 * The X Window Dump format, version 7, little endian: 32 bits a pixel, or 24 where `xwd` puts the picture together itself,
 * as it does once a window has another visual than the root.
 */
function readXwd(dump: Buffer): Picture {
  const word = (index: number) => dump.readUInt32BE(index * 4);
  const [headerSize, width, height, bitsPerPixel, bytesPerLine, colours] = [0, 4, 5, 11, 12, 19].map(word) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (bitsPerPixel !== 32 && bitsPerPixel !== 24) throw new Error(`${bitsPerPixel} bits a pixel`);
  const pixels = dump.subarray(headerSize + colours * 12);
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * bytesPerLine + x * (bitsPerPixel / 8);
      const to = (y * width + x) * 3;
      rgb[to] = pixels[at + 2] ?? 0;
      rgb[to + 1] = pixels[at + 1] ?? 0;
      rgb[to + 2] = pixels[at] ?? 0;
    }
  }
  return { width, height, rgb };
}
