/** What a session's profile lets its viewers do; absent means that nothing is forbidden. */
import * as z from 'zod/mini';

/** Seen from the person: `to-remote` carries into the session only, `to-local` out of it only. */
export const ClipboardMode = z.enum(['both', 'to-remote', 'to-local', 'off']);
export type ClipboardMode = z.infer<typeof ClipboardMode>;

export const FileTransfer = z.enum(['both', 'upload', 'download', 'off']);
export type FileTransfer = z.infer<typeof FileTransfer>;

export const Allowances = z.object({
  clipboard: z._default(z.optional(ClipboardMode), 'both'),
  /** The owner may let others in. */
  sharing: z._default(z.optional(z.boolean()), true),
  /** Guests may be there while the owner is not. */
  offlineSharing: z._default(z.optional(z.boolean()), false),
  fileTransfer: z._default(z.optional(FileTransfer), 'both'),
});
export type Allowances = z.output<typeof Allowances>;

/** Of a session without a profile. */
export const EVERYTHING: Allowances = Allowances.parse({});
