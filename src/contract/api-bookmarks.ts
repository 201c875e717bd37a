/** The calls about bookmarks, favourites and past starts. */
import * as z from 'zod/mini';
import { Bookmark, BookmarkList, BookmarkQuery, NewBookmark, PastStart, SaveBookmark } from './bookmark.ts';
import { ConnectResult } from './connect.ts';
import { Params } from './json.ts';
import { Nothing, route } from './route.ts';
import { Geometry } from './session.ts';
import { MAX_FORMS, StartLogin, StartResult } from './start.ts';

/** The bookmark to be at, and the part of the start data that a form loop adds to it. */
export const Shortcut = z.object({
  id: z.string().check(z.maxLength(256)),
  params: z.optional(Params),
  forms: z.optional(z.array(z.string()).check(z.maxLength(MAX_FORMS))),
  answered: z.optional(z.array(z.object({ id: z.string(), version: z.number() })).check(z.maxLength(MAX_FORMS))),
  geometry: z.optional(Geometry),
  login: z.optional(StartLogin),
  parentOrigin: z.optional(z.string().check(z.maxLength(512))),
});
export type Shortcut = z.output<typeof Shortcut>;

/** As `connect` answers; or as `start` does, while the start has something to ask or is waiting its turn. */
export const ShortcutResult = z.union([ConnectResult, StartResult]);
export type ShortcutResult = z.infer<typeof ShortcutResult>;

export const BOOKMARK_API = {
  bookmarks: route({
    method: 'GET',
    path: '/bookmarks',
    auth: true,
    summary: 'Things to start with one click, a page at a time',
    input: BookmarkQuery,
    result: BookmarkList,
  }),
  bookmark: route({
    method: 'GET',
    path: '/bookmarks/:id',
    auth: true,
    summary: 'One bookmark',
    input: Nothing,
    result: Bookmark,
  }),
  bookmarkCreate: route({
    method: 'POST',
    path: '/bookmarks',
    auth: true,
    summary: 'A new bookmark: one’s own, or, by administrators with `system`, one for others',
    input: NewBookmark,
    result: Bookmark,
  }),
  bookmarkSave: route({
    method: 'PUT',
    path: '/bookmarks/:id',
    auth: true,
    summary: 'Save a bookmark over `version`; refused when that is not the newest any more',
    input: SaveBookmark,
    result: Bookmark,
  }),
  bookmarkDelete: route({
    method: 'DELETE',
    path: '/bookmarks/:id',
    auth: true,
    summary: 'Delete a bookmark; for a day it can be restored',
    input: Nothing,
    result: Nothing,
  }),
  bookmarkRestore: route({
    method: 'POST',
    path: '/bookmarks/:id/restore',
    auth: true,
    summary: 'Take back the deletion of a bookmark',
    input: Nothing,
    result: Bookmark,
  }),
  bookmarkHide: route({
    method: 'PUT',
    path: '/bookmarks/:id/hidden',
    auth: true,
    summary: 'Hide a bookmark of the system or of the machine from everybody, or show it again; by administrators',
    input: z.object({ hidden: z.boolean() }),
    result: Bookmark,
  }),
  bookmarkFavourite: route({
    method: 'PUT',
    path: '/bookmarks/:id/favourite',
    auth: true,
    summary: 'Star a bookmark, at the end or before another favourite, or take its star away',
    input: z.object({ favourite: z.boolean(), before: z.optional(z.string().check(z.maxLength(256))) }),
    /** The favourites that there are now, in their order. */
    result: z.object({ favourites: z.array(z.string()) }),
  }),
  pastStarts: route({
    method: 'GET',
    path: '/past-starts',
    auth: true,
    summary: 'What was started lately, newest first, each thing once',
    input: Nothing,
    result: z.array(PastStart),
  }),
  pastStartDelete: route({
    method: 'DELETE',
    path: '/past-starts/:id',
    auth: true,
    summary: 'Forget one past start',
    input: Nothing,
    result: Nothing,
  }),
  pastStartsClear: route({
    method: 'DELETE',
    path: '/past-starts',
    auth: true,
    summary: 'Forget all past starts',
    input: Nothing,
    result: Nothing,
  }),
  connectShortcut: route({
    method: 'POST',
    path: '/connect/shortcut',
    auth: true,
    summary: 'To the session of a bookmark, or to a new one where there is none',
    input: Shortcut,
    result: ShortcutResult,
  }),
} as const;
