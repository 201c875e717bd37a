/** Profiles as administrators write them, what of them is offered to people, and putting a limit off. */
import { CasementError } from '../../../src/contract/errors.ts';
import { ProfileDraft, type Profile } from '../../../src/contract/profile.ts';
import { callerOf } from '../authenticate.ts';
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

const notFound = () => new CasementError('not-found', { details: { field: 'id' } });

export function profileRoutes(context: HttpContext): Handlers<Names> {
  const { profiles } = context.store;

  async function existing(id: string): Promise<Profile> {
    const profile = await profiles.get(id);
    if (!profile) throw notFound();
    return profile;
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

    async adminProfileCreate({ input, request }) {
      const by = callerOf(request).login;
      const draft = ProfileDraft.parse(input);
      if (input.id !== undefined) {
        const made = await profiles.create(input.id, draft, by);
        if (!made) throw new CasementError('conflict', { details: { profile: await existing(input.id) } });
        return made;
      }
      const base = idOf(draft.name);
      for (let n = 1; n <= TRIES; n++) {
        const made = await profiles.create(n === 1 ? base : `${base}-${n}`, draft, by);
        if (made) return made;
      }
      throw new CasementError('conflict');
    },

    async adminProfileSave({ input, request }) {
      const id = pathId(request);
      const saved = await profiles.save(id, input.version, ProfileDraft.parse(input), callerOf(request).login);
      if (!saved) throw new CasementError('conflict', { details: { profile: await existing(id) } });
      return saved;
    },

    async adminProfileDelete({ request }) {
      if (!(await profiles.remove(pathId(request)))) throw notFound();
      return {};
    },

    async adminProfileDefault({ input }) {
      if (!(await profiles.setOwnDefault(input.id))) throw notFound();
      return { ownDefault: await profiles.ownDefault() };
    },
  };
}
