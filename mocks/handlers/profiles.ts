/** The calls about profiles. */
import type { ApiName, ApiResult, API } from '../../src/contract/api.ts';
import { CasementError } from '../../src/contract/errors.ts';
import { ProfileDraft } from '../../src/contract/profile.ts';
import type * as z from 'zod/mini';
import type { World } from './world.ts';

type ProfileCall = 'profiles' | 'extend' | Extract<ApiName, `adminProfile${string}`>;
type Answers = {
  [Name in ProfileCall]: (
    input: z.output<(typeof API)[Name]['input']>,
    call: { readonly path: Readonly<Record<string, string>> },
  ) => ApiResult<Name>;
};

export function profileAnswers(world: World): Answers {
  const shelf = () => {
    if (world.level !== 'admin') throw new CasementError('forbidden');
    return world.profiles;
  };
  const idOf = (path: Readonly<Record<string, string>>) => path['id'] ?? '';
  return {
    profiles: () =>
      world.profiles
        .list()
        .filter(({ id, hidden }) => !hidden || id === world.profiles.ownDefault)
        .map(({ id, name, description }) => ({
          id,
          name,
          description,
          isDefault: id === world.profiles.ownDefault,
        })),
    extend: ({ id }) => ({ deadline: world.extend(id) }),
    adminProfiles: () => ({ profiles: shelf().list(), ownDefault: shelf().ownDefault }),
    adminProfile: (_input, { path }) => shelf().read(idOf(path)),
    adminProfileCreate: (input) => shelf().create(input.id, ProfileDraft.parse(input)),
    adminProfileSave: (input, { path }) => shelf().save(idOf(path), input.version, ProfileDraft.parse(input)),
    adminProfileDelete(_input, { path }) {
      shelf().remove(idOf(path));
      return {};
    },
    adminProfileDefault({ id }) {
      shelf().setOwnDefault(id);
      return { ownDefault: shelf().ownDefault };
    },
  };
}
