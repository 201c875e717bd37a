/**
 * The login of a server that one person runs for themselves: a one-time link, exchanged for a token. Whoever holds the
 * token is the account that the server runs as.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CasementError } from '../../src/contract/errors.ts';
import type { Store } from '../store/port.ts';

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Adds a login link, of which only the hash is kept. Those that nobody used stop working. */
export async function addLoginLink(store: Store): Promise<string> {
  const secret = randomBytes(24).toString('base64url');
  await store.loginLinks.dropUnused();
  await store.loginLinks.add(hashSecret(secret));
  return secret;
}

/** @throws CasementError `login-link-used`, `login-link-unknown` */
export async function redeemLoginLink(store: Store, secret: string): Promise<void> {
  const hash = Buffer.from(hashSecret(secret));
  // Every link is looked at, so that the time taken tells nothing of how near a guess was.
  let found: { hash: string; used: number | null } | undefined;
  for (const link of await store.loginLinks.all()) {
    if (timingSafeEqual(Buffer.from(link.hash), hash)) found = link;
  }
  if (!found) throw new CasementError('login-link-unknown');
  if (found.used !== null || !(await store.loginLinks.use(found.hash))) throw new CasementError('login-link-used');
}
