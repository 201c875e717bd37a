/**
 * The profiles that sessions of this link were started with, as a server last said them: what `casement start` goes by
 * where no server is asked.
 */
import * as z from 'zod/mini';
import { ProfileSettings } from '../../src/contract/profile.ts';
import { readJson, writeAtomically } from './files.ts';
import type { LinkPaths } from './paths.ts';

/** Those used last. */
const MOST = 100;

const Known = z.array(z.object({ id: z.string(), settings: ProfileSettings }));

function read(link: LinkPaths): z.infer<typeof Known> {
  const known = Known.safeParse(readJson(link.profiles));
  return known.success ? known.data : [];
}

export function rememberProfile(link: LinkPaths, id: string, settings: ProfileSettings): void {
  const others = read(link).filter((one) => one.id !== id);
  writeAtomically(link.profiles, JSON.stringify([{ id, settings }, ...others].slice(0, MOST)));
}

export function knownProfile(link: LinkPaths, id: string): ProfileSettings | undefined {
  return read(link).find((one) => one.id === id)?.settings;
}
