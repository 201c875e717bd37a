/** Bookmarks: things to start with one click. Those of the machine, those that administrators wrote, one's own. */
import * as z from 'zod/mini';
import { Params } from './json.ts';
import { Geometry } from './session.ts';

/** The pictures that a bookmark can name. The portal draws each of them. */
export const BOOKMARK_ICONS = [
  'terminal',
  'desktop',
  'window',
  'browser',
  'editor',
  'command',
  'globe',
  'form',
  'chart',
  'cube',
  'database',
  'flask',
  'image',
  'server',
] as const;

/** Characters of a picture of one's own. Every one that is listed is sent, so they are icons and not photographs. */
export const MAX_ICON = 16 * 1024;
/** A file's first bytes in base64. Pictures that could hold a script (SVG) or load something are no icons. */
const PICTURES = [
  /^data:image\/png;base64,iVBORw0KGgo/,
  /^data:image\/jpeg;base64,\/9j\//,
  /^data:image\/gif;base64,R0lGOD/,
  /^data:image\/webp;base64,UklGR[\w+/]{11}XRUJQ/,
];
const BASE64 = /^data:image\/[a-z]+;base64,(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A PNG, JPEG, GIF or WebP as a `data:` address, small, and of the type that it says it is. */
export function isPicture(icon: string): boolean {
  return icon.length <= MAX_ICON && BASE64.test(icon) && PICTURES.some((begin) => begin.test(icon));
}

const isIcon = (icon: string) => BOOKMARK_ICONS.some((known) => known === icon) || isPicture(icon);

/** As `useradd` takes it. */
export const AccountName = z.string().check(z.regex(/^[a-z_][a-z0-9_.-]{0,31}$/i));

/** What happens when the command exits: a failure is any exit code but 0, and any signal. */
export const RestartPolicy = z.enum(['never', 'on-failure', 'always']);
export type RestartPolicy = z.infer<typeof RestartPolicy>;

const words = (most: number, length: number) =>
  z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(length))).check(z.maxLength(most));

/** Characters in a bookmark's name. */
export const MAX_BOOKMARK_NAME = 128;

/** What a person writes of a bookmark. What is left out is as it says here. */
export const BookmarkText = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_BOOKMARK_NAME)),
  icon: z._default(z.string().check(z.refine(isIcon, { error: 'icon' })), 'window'),
  command: z.string().check(z.minLength(1), z.maxLength(16384), z.regex(/\S/)),
  geometry: z._default(Geometry, 'fullscreen'),
  params: z._default(Params, {}),
  /** Ids of forms, asked in this order. */
  forms: z._default(words(32, 256), []),
  profile: z._default(z.nullable(z.string().check(z.minLength(1), z.maxLength(256))), null),
  /** Who sees it: logins, and Unix groups as `@group`. Nobody named: everybody. Of system bookmarks only. */
  groups: z._default(words(200, 256), []),
  tags: z._default(words(16, 32), []),
  /** The account as which the session runs, instead of the one of whoever starts it. Of system bookmarks only. */
  runAs: z._default(z.nullable(AccountName), null),
  restart: z._default(RestartPolicy, 'never'),
  serverId: z._default(z.nullable(z.string().check(z.minLength(1), z.maxLength(256))), null),
  pool: z._default(z.nullable(z.string().check(z.minLength(1), z.maxLength(256))), null),
});
/** After validation: defaults filled in. */
export type BookmarkText = z.output<typeof BookmarkText>;

/** `system`: for everybody whom `groups` names, by administrators alone; otherwise one's own. */
export const NewBookmark = z.extend(BookmarkText, { system: z._default(z.boolean(), false) });
export type NewBookmark = z.output<typeof NewBookmark>;

/** The whole text, over `version`; refused when that is not the newest any more. */
export const SaveBookmark = z.extend(BookmarkText, { version: z.int() });
export type SaveBookmark = z.output<typeof SaveBookmark>;

export const BookmarkKind = z.enum(['builtin', 'system', 'own']);
export type BookmarkKind = z.infer<typeof BookmarkKind>;

/** A thing to start with one click. */
export const Bookmark = z.object({
  id: z.string(),
  /** `builtin`: found on the machine, not written by a person; it can be hidden, not changed. */
  kind: BookmarkKind,
  name: z.string(),
  icon: z.string(),
  command: z.string(),
  geometry: Geometry,
  params: Params,
  forms: z.array(z.string()),
  profile: z.nullable(z.string()),
  /** Empty for those who may not change the bookmark. */
  groups: z.array(z.string()),
  tags: z.array(z.string()),
  runAs: z.nullable(z.string()),
  restart: RestartPolicy,
  serverId: z.nullable(z.string()),
  pool: z.nullable(z.string()),
  builtin: z.boolean(),
  /** Shown to administrators alone, in the list that they manage. */
  hidden: z.boolean(),
  /** The caller's own star. */
  favourite: z.boolean(),
  /** Goes up with every save. */
  version: z.number(),
  /** Of the last save: milliseconds since 1970, and by whom. `0` and `''` for those of the machine. */
  changed: z.number(),
  by: z.string(),
});
export type Bookmark = z.infer<typeof Bookmark>;

/** Rows of one answer; a bookmark's picture alone may have 16 KiB. */
export const BOOKMARK_PAGE = 200;

/** Without a query: the first page of what the caller can start, favourites first, in their order. */
export const BookmarkQuery = z.object({
  /** Words that are all in the name, the command or the tags, in any case. */
  search: z.optional(z.string().check(z.maxLength(256))),
  tag: z.optional(z.string().check(z.maxLength(32))),
  kind: z.optional(BookmarkKind),
  favourite: z.optional(z.literal('true')),
  /** `name`: by name alone, whatever is a favourite. `changed`: newest first. */
  sort: z.optional(z.enum(['favourites', 'name', 'changed'])),
  /** All system bookmarks and all of the machine, for whomever they are, hidden ones too; for administrators. */
  all: z.optional(z.literal('true')),
  start: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(BOOKMARK_PAGE))),
});
export type BookmarkQuery = z.output<typeof BookmarkQuery>;

export const BookmarkList = z.object({
  bookmarks: z.array(Bookmark),
  /** How many the query fits, on all pages. */
  total: z.number(),
  /** The tags of everything that could be listed, whatever was searched for; the most used first. */
  tags: z.array(z.object({ tag: z.string(), count: z.number() })),
});
export type BookmarkList = z.infer<typeof BookmarkList>;

/** One start of the past, with what it takes to start the same again. */
export const PastStart = z.object({
  id: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  name: z.string(),
  icon: z.string(),
  bookmarkId: z.nullable(z.string()),
  command: z.string(),
  geometry: Geometry,
  profile: z.nullable(z.string()),
  serverId: z.nullable(z.string()),
  /** With the answers, but none that its form, or its name, says is not to be kept. */
  params: Params,
  /** The forms that were answered, by the version that was asked. */
  answered: z.array(z.object({ id: z.string(), version: z.number() })),
  /** A form has been changed or deleted since, or asked for a password: the forms have to be asked again. */
  ask: z.boolean(),
});
export type PastStart = z.infer<typeof PastStart>;
