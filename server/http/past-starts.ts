/** What people started lately, for "start again with the same answers". */
import type { PastStart } from '../../src/contract/bookmark.ts';
import { RESERVED_PARAMS } from '../../src/contract/json.ts';
import type { StartData } from '../../src/contract/start.ts';
import type { Caller } from '../auth/port.ts';
import { secretNames } from '../start/secrets.ts';
import type { KeptStart } from '../store/port.ts';
import { startableBookmark } from './bookmarks.ts';
import type { HttpContext } from './context.ts';

/** As many as a person looks through. */
const MOST_PAST = 30;
/** Characters; answers beyond that (a pasted file) are not kept, so that the list stays a list. */
const MOST_CHARACTERS = 64 * 1024;
const RESERVED: readonly string[] = RESERVED_PARAMS;

/** Answers that are not to be kept are left out, here and for good. */
export async function rememberStart(
  context: Pick<HttpContext, 'auth' | 'bookmarks' | 'store'>,
  caller: Caller,
  data: StartData,
): Promise<void> {
  const { store } = context;
  // The call with the answers to the session server's questions repeats the data of the one before.
  const { bookmarkId, command, geometry, params = {}, answered = [], profile, serverId } = data;
  const bookmark = bookmarkId === undefined ? undefined : await startableBookmark(context, caller, bookmarkId);
  const forms = await Promise.all(answered.map(({ id }) => store.forms.get(id)));
  const isSecret = secretNames(forms);
  const kept = Object.entries(params).filter(([name]) => !isSecret(name) && !RESERVED.includes(name));
  const start = {
    name: data.name?.trim() || bookmark?.name || command,
    icon: bookmark?.icon ?? '',
    bookmarkId: bookmark?.id ?? null,
    command,
    geometry,
    profile: profile ?? null,
    serverId: serverId ?? null,
    params: Object.fromEntries(kept),
    answered: answered.map(({ id, version }) => ({ id, version })),
    hadSecrets: Object.keys(params).some(isSecret),
  };
  if (JSON.stringify(start.params).length > MOST_CHARACTERS) return;
  await store.bookmarks.remember(caller.login, start, MOST_PAST);
}

/** As its owner is shown it: whether it can be started as it is. */
export async function pastStart(
  { store }: Pick<HttpContext, 'store'>,
  { hadSecrets, ...start }: KeptStart,
): Promise<PastStart> {
  const forms = await Promise.all(start.answered.map(({ id }) => store.forms.get(id)));
  // Without a stored form, it was one that a function made: its answers are that function's business.
  const changed = forms.some((form, index) => form && form.version !== start.answered[index]?.version);
  return { ...start, ask: hadSecrets || changed };
}
