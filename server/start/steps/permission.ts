/** Step 2: may this person start sessions, and what may they say about them? */
import type { Bookmark } from '../../../src/contract/bookmark.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData } from '../../../src/contract/start.ts';
import { asBookmarked, isBookmarksOnly } from '../bookmark-rule.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { done, type StepResult } from '../tracker.ts';
import type { Received } from './receive.ts';

/** Gives the start data as it counts from here on. @throws CasementError `forbidden`, `bookmark-only` */
export async function permission(
  call: StartCall,
  { data, bookmark }: Received,
  deps: Pick<StartDeps, 'auth' | 'forms'>,
): Promise<StepResult<StartData>> {
  const refusal = deps.auth.refuses(call.caller, 'start');
  if (refusal) throw new CasementError(refusal);
  if (bookmark && bookmark.runAs !== null) throw new CasementError('run-as-failed');
  return done(asBookmarked(data, bookmark, isBookmarksOnly(call, deps), await namesAsked(data, bookmark, deps)));
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
