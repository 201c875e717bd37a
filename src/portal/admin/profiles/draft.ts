/** A profile as the editor holds it, and what may be wrong with it. */
import * as z from 'zod/mini';
import { ProfileDraft, type Profile } from '../../../contract/profile.ts';
import { formatGeometry } from './geometry.ts';

/** As `ProfileDraft`, with the largest size as it is typed. */
export interface Draft extends Omit<z.output<typeof ProfileDraft>, 'maxGeometry'> {
  readonly maxGeometry: string;
}

/** With every member as it changes nothing. */
export const EMPTY: Draft = toDraft(ProfileDraft.parse({ name: 'x' }), '');

export function toDraft(profile: z.output<typeof ProfileDraft>, name = profile.name): Draft {
  // Only what is written: the members that the server keeps stay out of what is compared.
  const { maxGeometry, ...rest } = ProfileDraft.parse({ ...profile, name: name || 'x' });
  return { ...rest, name, maxGeometry: formatGeometry(maxGeometry) };
}

export const fromProfile = (profile: Profile) => ({ draft: toDraft(profile), version: profile.version });

/** What is sent; a size that cannot be read is sent as a refusal would see it. */
export function toSend(draft: Draft): z.output<typeof ProfileDraft> {
  const size = /^\s*(\d+)\s*[x×]\s*(\d+)\s*$/i.exec(draft.maxGeometry);
  const maxGeometry =
    draft.maxGeometry.trim() === '' ? null : { width: Number(size?.[1] ?? 0), height: Number(size?.[2] ?? 0) };
  const scripts = Object.fromEntries(
    Object.entries(draft.scripts).filter(([, path]) => path !== undefined && path.trim() !== ''),
  );
  return { ...draft, maxGeometry, scripts };
}

/** Names of the fields that cannot be saved as they are, each with its kind of problem. */
export function wrongIn(draft: Draft): ReadonlyMap<string, string> {
  const result = ProfileDraft.safeParse(toSend(draft));
  const wrong = new Map<string, string>();
  for (const { path } of result.error?.issues ?? []) {
    const [field, part] = path.map(String);
    if (field !== undefined) wrong.set(field === 'scripts' && part !== undefined ? `scripts.${part}` : field, field);
  }
  return wrong;
}
