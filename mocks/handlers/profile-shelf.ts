/** The mock server's profiles. */
import { CasementError } from '../../src/contract/errors.ts';
import { ProfileDraft, type Profile } from '../../src/contract/profile.ts';
import type * as z from 'zod/mini';

/** What the demo's administrator has written so far. */
export class ProfileShelf {
  readonly #profiles = new Map<string, Profile>();
  ownDefault: string | null = null;

  readonly #login: string;

  constructor(profiles: readonly (z.input<typeof ProfileDraft> & { readonly id: string })[], login: string) {
    this.#login = login;
    for (const profile of profiles) this.create(profile.id, ProfileDraft.parse(profile));
  }

  list(): Profile[] {
    return [...this.#profiles.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  }

  read(id: string): Profile {
    const profile = this.#profiles.get(id);
    if (!profile) throw new CasementError('not-found', { details: { field: 'id' } });
    return profile;
  }

  create(wanted: string | undefined, draft: ProfileDraft): Profile {
    const base =
      wanted ??
      (draft.name
        .toLowerCase()
        .match(/[\p{L}\p{Nd}]+/gu)
        ?.join('-') ||
        'profile');
    let id = base;
    for (let n = 2; this.#profiles.has(id); n++) {
      if (wanted !== undefined) throw new CasementError('conflict', { details: { profile: this.read(wanted) } });
      id = `${base}-${n}`;
    }
    return this.#put({ ...draft, id, version: 1, changed: Date.now(), changedBy: this.#login });
  }

  save(id: string, version: number, draft: ProfileDraft): Profile {
    const profile = this.read(id);
    if (profile.version !== version) throw new CasementError('conflict', { details: { profile } });
    return this.#put({ ...draft, id, version: version + 1, changed: Date.now(), changedBy: this.#login });
  }

  remove(id: string): void {
    this.read(id);
    this.#profiles.delete(id);
    if (this.ownDefault === id) this.ownDefault = null;
  }

  setOwnDefault(id: string | null): void {
    if (id !== null) this.read(id);
    this.ownDefault = id;
  }

  #put(profile: Profile): Profile {
    this.#profiles.set(profile.id, profile);
    return profile;
  }
}

/** Two that show what profiles are for. */
export const PROFILES = [
  {
    id: 'office',
    name: 'Office',
    description: 'For everyday work: disconnects after an hour without input.',
    idleSeconds: 3600,
  },
  {
    id: 'exam',
    name: 'Examination',
    description: 'Two hours, nothing in or out.',
    maxRunSeconds: 7200,
    extensions: 1,
    extensionSeconds: 900,
    clipboard: 'off',
    fileTransfer: 'off',
    sharing: false,
    hidden: true,
  },
] satisfies ConstructorParameters<typeof ProfileShelf>[0];
