/** A bookmark as the editor holds it, and what may be wrong with it. */
import { BookmarkText, type Bookmark } from '../../../contract/bookmark.ts';

/** As `BookmarkText`, with what is typed as text where it may be left empty, and the parameters as JSON. */
export interface Draft {
  readonly name: string;
  readonly icon: string;
  readonly command: string;
  readonly geometry: string;
  readonly params: string;
  readonly forms: readonly string[];
  readonly profile: string;
  readonly groups: readonly string[];
  readonly tags: readonly string[];
  readonly runAs: string;
  readonly restart: BookmarkText['restart'];
  readonly serverId: string;
  readonly pool: string;
}

export const EMPTY: Draft = {
  name: '',
  icon: 'window',
  command: '',
  geometry: 'fullscreen',
  params: '',
  forms: [],
  profile: '',
  groups: [],
  tags: [],
  runAs: '',
  restart: 'never',
  serverId: '',
  pool: '',
};

export function toDraft(bookmark: Bookmark, name = bookmark.name): Draft {
  const { icon, command, geometry, forms, groups, tags, restart } = bookmark;
  return {
    name,
    icon,
    command,
    geometry,
    params: Object.keys(bookmark.params).length === 0 ? '' : JSON.stringify(bookmark.params, null, 2),
    forms,
    profile: bookmark.profile ?? '',
    groups,
    tags,
    runAs: bookmark.runAs ?? '',
    restart,
    serverId: bookmark.serverId ?? '',
    pool: bookmark.pool ?? '',
  };
}

export const fromBookmark = (bookmark: Bookmark) => ({ draft: toDraft(bookmark), version: bookmark.version });

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function paramsOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Checked as the server checks it. Params that are no JSON are refused here, since leaving them out would be allowed. */
export function parse(draft: Draft): { readonly text?: BookmarkText; readonly wrong: readonly string[] } {
  const params = paramsOf(draft.params);
  const result = BookmarkText.safeParse({
    ...draft,
    name: draft.name.trim(),
    forms: [...draft.forms],
    groups: [...draft.groups],
    tags: [...draft.tags],
    params: params ?? null,
    profile: orNull(draft.profile),
    runAs: orNull(draft.runAs),
    serverId: orNull(draft.serverId),
    pool: orNull(draft.pool),
  });
  return result.success
    ? { text: result.data, wrong: [] }
    : { wrong: result.error.issues.map(({ path }) => String(path[0] ?? 'name')) };
}
