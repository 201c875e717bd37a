/**
 * The clipboard's text frames on the viewer's socket. RFB's own clipboard is off in our sessions: the link decides by the
 * session's profile, the viewer's role and its person's permissions what is told and what is taken.
 *
 * Out of the session: `clip.offer` says that something was copied, `clip.get` asks for one kind of it, and `clip.data`
 * brings it in pieces, each of which is asked for with `clip.next`. Into it: `clip.put` says how much comes and brings
 * the first piece; `clip.next` asks for one more; after `clip.done` programs in the session can paste it. Either ends
 * with `clip.fail`.
 */
import * as z from 'zod/mini';
import { ClipboardMode } from './allowances.ts';

export const CLIP_KINDS = ['text', 'html', 'png'] as const;
/** UTF-8, UTF-8, and a PNG file. */
export const ClipKind = z.enum(CLIP_KINDS);
export type ClipKind = z.infer<typeof ClipKind>;

/** X has two: what was copied, and what is selected (pasted with the middle button). */
export const ClipSelection = z.enum(['clipboard', 'primary']);
export type ClipSelection = z.infer<typeof ClipSelection>;

/** Bytes of one kind. */
export const MAX_CLIP_BYTES = 16 * 1024 * 1024;
/** Bytes in one frame. What is longer waits for `clip.next`, so that other messages get through between two of them. */
export const CLIP_PIECE_BYTES = 192 * 1024;

/** Why it did not work. `timeout`: the program that holds it does not answer. */
export const ClipFailure = z.enum(['too-large', 'timeout', 'gone', 'forbidden', 'replaced', 'unavailable']);
export type ClipFailure = z.infer<typeof ClipFailure>;

/** A viewer's own counter; answers carry it. */
const Count = z.int().check(z.minimum(0));
/** Bytes in base64. */
const Piece = z.string().check(z.maxLength(Math.ceil(CLIP_PIECE_BYTES / 3) * 4));

export const ClipPart = z.object({ kind: ClipKind, bytes: z.int().check(z.minimum(0)) });
export type ClipPart = z.infer<typeof ClipPart>;

/** Viewer to server. The pieces of a `put` are its parts one behind the other. */
export const ClipViewerFrames = [
  z.object({ t: z.literal('clip.get'), n: Count, serial: Count, kind: ClipKind }),
  z.object({ t: z.literal('clip.next'), n: Count }),
  z.object({
    t: z.literal('clip.put'),
    n: Count,
    selections: z.array(ClipSelection).check(z.minLength(1), z.maxLength(2)),
    parts: z.array(ClipPart).check(z.minLength(1), z.maxLength(CLIP_KINDS.length)),
    data: Piece,
  }),
  z.object({ t: z.literal('clip.data'), n: Count, data: Piece }),
] as const;
export const ClipViewerFrame = z.discriminatedUnion('t', [...ClipViewerFrames]);
export type ClipViewerFrame = z.infer<typeof ClipViewerFrame>;

/** Server to viewer. `left`: bytes that come after this piece. */
export const ClipServerFrames = [
  /** What this viewer may, told with each connection. Without it the session has no such clipboard. */
  z.object({ t: z.literal('clip.mode'), mode: ClipboardMode }),
  /** `kinds` is empty when there is nothing (more). Not `fresh`: it was there before this viewer. */
  z.object({
    t: z.literal('clip.offer'),
    serial: Count,
    selection: ClipSelection,
    kinds: z.array(ClipKind),
    fresh: z.boolean(),
  }),
  z.object({ t: z.literal('clip.data'), n: Count, data: Piece, left: Count }),
  z.object({ t: z.literal('clip.next'), n: Count }),
  z.object({ t: z.literal('clip.done'), n: Count }),
  z.object({ t: z.literal('clip.fail'), n: Count, reason: ClipFailure }),
] as const;
export const ClipServerFrame = z.discriminatedUnion('t', [...ClipServerFrames]);
export type ClipServerFrame = z.infer<typeof ClipServerFrame>;
