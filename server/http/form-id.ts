/** Ids of forms: made of their first name, kept when that changes, since bookmarks hold them. */
import { CasementError } from '../../src/contract/errors.ts';

const LONGEST = 48;
const TRIES = 1000;

/** `"GPU nodes (new)"` → `gpu-nodes-new`; letters of every language stay. */
export function idOf(name: string): string {
  const words =
    name
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{Nd}]+/gu) ?? [];
  return Array.from(words.join('-')).slice(0, LONGEST).join('').replace(/-$/, '') || 'form';
}

/** The first of `name`, `name-2`, `name-3` … that `take` gets. @throws CasementError `form-conflict` */
export async function freeId(name: string, take: (id: string) => Promise<boolean>): Promise<string> {
  const base = idOf(name);
  for (let n = 1; n <= TRIES; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (await take(id)) return id;
  }
  throw new CasementError('form-conflict');
}
