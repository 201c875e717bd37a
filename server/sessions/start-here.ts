/**
 * Starting a session in the process that asks for it, inside a job for one: its X server and command then are this
 * process's children, so that what a scheduler counts, limits and ends is the session itself. The link takes it over from
 * its directory, as one that was started anew would.
 */
import { LinkSession } from './link-session.ts';
import { makeFifos } from './fifo.ts';
import { makePrivateDirectory } from './files.ts';
import { type LinkPaths, shortDirectory } from './paths.ts';
import type { ProcessIdentity } from './processes.ts';
import type { StartCall } from './wire.ts';

/**
 * Resolves when it runs and nobody watches it yet, with the way to start its command once more. Rejects with what made it
 * fail; the failed session's directory stays.
 */
export async function startHere(
  link: LinkPaths,
  start: StartCall,
  env: NodeJS.ProcessEnv,
): Promise<() => Promise<ProcessIdentity | null>> {
  makePrivateDirectory(link.sessions);
  const before = process.umask(0o077);
  // None in store: there is one session, and nobody would clear the spare ones away.
  const fifos = { take: (first: string, second: string) => makeFifos([first, second]) };
  const session = LinkSession.create(
    { link, env, umask: before, profileMs: undefined, fifos, changed: () => undefined },
    start,
  );
  const short = shortDirectory(link.dir);
  if (session.paths.rfbSocket.startsWith(`${short}/`)) makePrivateDirectory(short);
  await session.run();
  session.letGo();
  return () => session.beginAgain();
}
