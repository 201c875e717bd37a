/** What a viewer's welcome says of files; apart from the rest, which a page loads only when it is used. */
import * as z from 'zod/mini';
import { FileTransfer } from './allowances.ts';

/** Part of the viewer's welcome; absent where nothing may be transferred. */
export const FilesGrant = z.object({ key: z.string(), transfer: FileTransfer });
export type FilesGrant = z.infer<typeof FilesGrant>;
