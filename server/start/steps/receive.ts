/** Step 1: the call arrives. Checks the start data against the contract and finds the bookmark it names. */
import { CasementError } from '../../../src/contract/errors.ts';
import type { Bookmark } from '../../../src/contract/bookmark.ts';
import { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { done, type StepResult } from '../tracker.ts';

export interface Received {
  readonly data: StartData;
  readonly bookmark: Bookmark | undefined;
}

/** @throws CasementError `bad-request`, `command-missing`, `bookmark-unknown` */
export async function receive(call: StartCall, deps: Pick<StartDeps, 'bookmark'>): Promise<StepResult<Received>> {
  const parsed = StartData.safeParse(call.data);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new CasementError('bad-request', { details: { field: path } });
  }
  if (parsed.data.command.trim() === '') throw new CasementError('command-missing', { details: { field: 'command' } });
  const { bookmarkId } = parsed.data;
  const bookmark = bookmarkId === undefined ? undefined : await deps.bookmark(bookmarkId);
  if (bookmarkId !== undefined && !bookmark) {
    throw new CasementError('bookmark-unknown', { details: { field: 'bookmarkId' } });
  }
  return done({ data: parsed.data, bookmark });
}
