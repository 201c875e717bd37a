/** Profiles as administrators write them, what of them is offered to people, and putting a limit off. */
import { CasementError } from '../../../src/contract/errors.ts';
import { ProfileDraft, type Profile } from '../../../src/contract/profile.ts';
import { callerOf } from '../authenticate.ts';
import { changing } from '../changing.ts';
import { ownSession, pathId, type HttpContext } from '../context.ts';
import { idOf } from '../form-id.ts';
import type { Handlers } from './handler.ts';

/** Profiles of one name that get an id of their own before somebody has to think of another name. */
const TRIES = 1000;

type Names =
  | 'profiles'
  | 'extend'
  | 'adminProfiles'
  | 'adminProfile'
  | 'adminProfileCreate'
  | 'adminProfileSave'
  | 'adminProfileDelete'
  | 'adminProfileDefault';

const EVENT = 'profile-changed' as const;
const notFound = () => new CasementError('not-found', { details: { field: 'id' } });

export function profileRoutes(context: HttpContext): Handlers<Names> {
  const { profiles } = context.store;
  const { audit } = context.policy;

  async function existing(id: string): Promise<Profile> {
    const profile = await profiles.get(id);
    if (!profile) throw notFound();
    return profile;
  }

  async function create(id: string | undefined, input: ProfileDraft, by: string): Promise<Profile> {
    const draft = ProfileDraft.parse(input);
    if (id !== undefined) {
      const made = await profiles.create(id, draft, by);
      if (!made) throw new CasementError('conflict', { details: { profile: await existing(id) } });
      return made;
    }
    const base = idOf(draft.name);
    for (let n = 1; n <= TRIES; n++) {
      const made = await profiles.create(n === 1 ? base : `${base}-${n}`, draft, by);
      if (made) return made;
    }
    throw new CasementError('conflict');
  }

  return {
    async profiles() {
      const [all, ownDefault] = await Promise.all([profiles.list(), profiles.ownDefault()]);
      return all
        .filter(({ hidden, id }) => !hidden || id === ownDefault)
        .map(({ id, name, description }) => ({ id, name, description, isDefault: id === ownDefault }));
    },

    async extend({ input, request }) {
      const { id } = ownSession(context, callerOf(request), input.id);
      return { deadline: await context.host.extend(id) };
    },

    adminProfiles: async () => ({ profiles: await profiles.list(), ownDefault: await profiles.ownDefault() }),

    adminProfile: ({ request }) => existing(pathId(request)),

    adminProfileCreate({ input, request }) {
      const target = input.id ?? (({ id }: Profile) => id);
      const change = { event: EVENT, target, detail: 'adminProfileCreate', before: null };
      return changing(audit, request, change, () => create(input.id, input, callerOf(request).login));
    },

    async adminProfileSave({ input, request }) {
      const id = pathId(request);
      const change = { event: EVENT, target: id, detail: 'adminProfileSave', before: await profiles.get(id) };
      return changing(audit, request, change, async () => {
        const saved = await profiles.save(id, input.version, ProfileDraft.parse(input), callerOf(request).login);
        if (!saved) throw new CasementError('conflict', { details: { profile: await existing(id) } });
        return saved;
      });
    },

    async adminProfileDelete({ request }) {
      const id = pathId(request);
      const before = await profiles.get(id);
      const change = { event: EVENT, target: id, detail: 'adminProfileDelete', before, after: () => null };
      return changing(audit, request, change, async () => {
        if (!(await profiles.remove(id))) throw notFound();
        return {};
      });
    },

    async adminProfileDefault({ input, request }) {
      const before = { ownDefault: await profiles.ownDefault() };
      const change = { event: EVENT, target: input.id ?? '', detail: 'adminProfileDefault', before };
      return changing(audit, request, change, async () => {
        if (!(await profiles.setOwnDefault(input.id))) throw notFound();
        return { ownDefault: await profiles.ownDefault() };
      });
    },
  };
}
