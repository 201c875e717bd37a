/**
 * Files between a viewer and its session: what a viewer asks `/files/…`, and what it is answered. All calls carry the
 * key of the viewer's connection (`Welcome.files`) in `Authorization: Viewer KEY`; none counts a cookie.
 *
 * Paths are text. Bytes that are no UTF-8 stand in it as the lone surrogates U+DC80 to U+DCFF, one a byte, so that a
 * file of any name can be asked for again. `~` and `~/…` are below the home of the session's user.
 */
import * as z from 'zod/mini';

export const FILES_PATH = '/files';
/** `Authorization: Viewer KEY`. */
export const VIEWER_SCHEME = 'Viewer';
/** Where the bytes of a `PUT` go. */
export const OFFSET_HEADER = 'upload-offset';
/** Bytes of one `PUT`. A larger file takes several, so that a proxy's limit or a lost connection costs little. */
export const MAX_CHUNK = 64 * 1024 * 1024;
/** Entries of one list. */
export const MAX_ENTRIES = 5000;
/** Folders below each other in one upload: a deeper tree is a loop of links, or would not fit into a path. */
export const MAX_LEVELS = 32;
/** Files and folders of one upload: all of them are held in the page, and each is a few calls. */
export const MAX_IN_FOLDER = 20_000;
const MAX_PATH = 16 * 1024;
const MAX_NAME = 1024;

export const FilePath = z.string().check(z.minLength(1), z.maxLength(MAX_PATH));

export const FileEntry = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'file', 'other']),
  size: z.number(),
  /** Milliseconds since 1970. */
  modified: z.number(),
});
export type FileEntry = z.infer<typeof FileEntry>;

export const Listing = z.object({
  /** Where it really is, without symbolic links. */
  path: z.string(),
  home: z.string(),
  /** Folders first, then by name. */
  entries: z.array(FileEntry),
  /** There are more than `entries` has. */
  truncated: z.boolean(),
});
export type Listing = z.infer<typeof Listing>;

/** Which file this is: the same four again find what has arrived of it already. */
export const Upload = z.object({
  /** Below the user's home. */
  folder: FilePath,
  name: z.string().check(z.maxLength(MAX_NAME)),
  size: z.int().check(z.minimum(0)),
  /** Of the file on the person's side. */
  modified: z.int(),
});
export type Upload = z.infer<typeof Upload>;

/** What becomes of a file of the same name. Without one of these nothing is overwritten: `file-exists`. */
export const IfExists = z.enum(['replace', 'keep-both']);
export type IfExists = z.infer<typeof IfExists>;

export const UploadBegun = z.object({
  /** Where the folder really is. */
  folder: z.string(),
  /** Bytes that are there. */
  offset: z.number(),
  /** There is a file of this name. */
  exists: z.boolean(),
});
export type UploadBegun = z.infer<typeof UploadBegun>;
export const UploadDone = z.object({ folder: z.string(), name: z.string() });
export type UploadDone = z.infer<typeof UploadDone>;
export const FolderMade = z.object({
  /** Where it really is. */
  folder: z.string(),
  /** It was not there before. */
  made: z.boolean(),
});
export type FolderMade = z.infer<typeof FolderMade>;
export const FileFound = z.object({
  path: z.string(),
  name: z.string(),
  size: z.number(),
  modified: z.number(),
  /** Changes with the content. */
  tag: z.string(),
});
export type FileFound = z.infer<typeof FileFound>;

const UploadId = z.string().check(z.maxLength(64));

/** `POST /files/NAME` each. The bytes go by `PUT /files/upload/ID` and `GET /files/get/TOKEN/NAME`. */
export const FILE_CALLS = {
  list: { input: z.object({ path: FilePath }), result: Listing },
  /** A transfer is known to this server for as long as it runs; after that it is begun anew, and goes on. */
  begin: { input: Upload, result: z.extend(UploadBegun, { id: z.string() }) },
  finish: { input: z.object({ id: UploadId, exists: z.optional(IfExists) }), result: UploadDone },
  cancel: { input: z.object({ id: UploadId }), result: z.null() },
  /** Makes what is not there yet of `below`: names, each in the one before. Links are not followed there. */
  make: {
    input: z.object({
      folder: FilePath,
      // More than `MAX_LEVELS`, so that one too many has a code of its own.
      below: z.array(z.string().check(z.maxLength(MAX_NAME))).check(z.minLength(1), z.maxLength(1000)),
    }),
    result: FolderMade,
  },
  /** `url`: good for the browser's download, and for its attempts to go on after a break. */
  offer: {
    input: z.object({ path: FilePath, name: z.optional(z.string().check(z.maxLength(MAX_NAME))) }),
    result: z.object({ id: z.string(), url: z.string(), name: z.string(), size: z.number() }),
  },
  progress: {
    input: z.object({ id: UploadId }),
    result: z.object({ state: z.enum(['waiting', 'running', 'paused', 'done']), sent: z.number(), size: z.number() }),
  },
  stop: { input: z.object({ id: UploadId }), result: z.null() },
} as const;
export type FileCall = keyof typeof FILE_CALLS;
export type FileCallInput<Name extends FileCall> = z.infer<(typeof FILE_CALLS)[Name]['input']>;
export type FileCallResult<Name extends FileCall> = z.infer<(typeof FILE_CALLS)[Name]['result']>;
