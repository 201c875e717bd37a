/** Step 2: may this person start sessions, and what may they say about them? */
import type { Bookmark } from '../../../src/contract/bookmark.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData } from '../../../src/contract/start.ts';
import { asBookmarked, isBookmarksOnly } from '../bookmark-rule.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import type { UnixUser } from '../../sessions/port.ts';
import { done, type StepResult } from '../tracker.ts';
import type { Received } from './receive.ts';

export interface Permitted {
  /** The start data as it counts from here on. */
  readonly data: StartData;
  /** Under which account it runs: the caller's own, or the one that the bookmark names. */
  readonly user: UnixUser;
}

/** @throws CasementError `forbidden`, `bookmark-only`, `run-as-failed` */
export async function permission(
  call: StartCall,
  { data, bookmark }: Received,
  deps: Pick<StartDeps, 'auth' | 'forms'>,
): Promise<StepResult<Permitted>> {
  const refusal = deps.auth.refuses(call.caller, 'start');
  if (refusal) throw new CasementError(refusal);
  const asked = await namesAsked(data, bookmark, deps);
  const fixed = asBookmarked(data, bookmark, isBookmarksOnly(call, deps), asked);
  const { caller } = call;
  // Before any form is asked: answering them would be in vain.
  const user = bookmark && bookmark.runAs !== null ? await deps.auth.runAs(caller, bookmark.runAs) : caller.user;
  return done({ data: fixed, user });
}

/** What the bookmark's own forms ask for, of those that have been answered. */
async function namesAsked(
  data: StartData,
  bookmark: Bookmark | undefined,
  deps: Pick<StartDeps, 'forms'>,
): Promise<ReadonlySet<string>> {
  const answered = (data.answered ?? []).filter(({ id }) => bookmark?.forms.includes(id));
  const forms = await Promise.all(answered.map(({ id }) => deps.forms.get(id)));
  return new Set(forms.flatMap((form) => form?.fields.map(({ name }) => name) ?? []));
}
