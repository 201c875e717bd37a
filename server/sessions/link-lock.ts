/** One link a directory: its description is also its lock, made in one step by a hard link. */
import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { readJson, systemCode } from './files.ts';
import type { LinkPaths } from './paths.ts';
import { identify, isAlive, ProcessIdentity } from './processes.ts';

export const LinkInfo = z.object({ v: z.number(), socket: z.string(), process: ProcessIdentity });
export type LinkInfo = z.infer<typeof LinkInfo>;

export class LinkRunning extends Error {}

/** What the file says, if the process it names runs. */
export function readRunningLink(paths: LinkPaths): LinkInfo | undefined {
  const info = LinkInfo.safeParse(readJson(paths.info));
  return info.success && isAlive(info.data.process) ? info.data : undefined;
}

/** Throws `LinkRunning` when another link has the directory. Returns the way to let go. */
export function lockLink(paths: LinkPaths, v: number, socket: string): () => void {
  const own = identify(process.pid);
  if (!own) throw new Error('/proc does not know this process');
  const mine = `${paths.info}.${process.pid}-${randomBytes(4).toString('hex')}`;
  writeFileSync(mine, JSON.stringify({ v, socket, process: own } satisfies LinkInfo), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (readRunningLink(paths)) throw new LinkRunning('another link owns this directory');
      try {
        linkSync(mine, paths.info);
        return () => {
          if (readRunningLink(paths)?.process.pid === process.pid) unlinkSync(paths.info);
        };
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
      takeAwayStale(paths);
    }
    throw new LinkRunning('another link is starting in this directory');
  } finally {
    unlinkSync(mine);
  }
}

/** Of several that try, one gets the file; if it turns out to be a live one's after all, it goes back. */
function takeAwayStale(paths: LinkPaths): void {
  const aside = `${paths.info}.stale-${process.pid}`;
  try {
    renameSync(paths.info, aside);
  } catch {
    return;
  }
  const info = LinkInfo.safeParse(readJson(aside));
  if (info.success && isAlive(info.data.process)) {
    try {
      linkSync(aside, paths.info);
    } catch {
      // A third one was faster; the next attempt sees it.
    }
  }
  unlinkSync(aside);
}
