/** The calls about functions. What is tried runs in the same engine as on a server, in this page. */
import type * as z from 'zod/mini';
import type { API, ApiName, ApiResult } from '../../src/contract/api.ts';
import { CasementError } from '../../src/contract/errors.ts';
import { FunctionName } from '../../src/contract/functions.ts';
import type { World } from './world.ts';

type FunctionCall = Extract<ApiName, `adminFunction${string}`>;
type Path = { readonly path: Readonly<Record<string, string>> };
type Answers = {
  [Name in FunctionCall]: (
    input: z.output<(typeof API)[Name]['input']>,
    call: Path,
  ) => ApiResult<Name> | Promise<ApiResult<Name>>;
};

function nameOf({ path }: Path): FunctionName {
  const name = FunctionName.safeParse(path['name']).data;
  if (name === undefined) throw new CasementError('not-found');
  return name;
}

export function adminFunctionAnswers(world: World): Answers {
  const shelf = () => {
    if (world.level !== 'admin') throw new CasementError('forbidden');
    return world.functions;
  };
  return {
    adminFunctions: () => shelf().list(),
    adminFunction: (_input, call) => shelf().read(nameOf(call)),
    adminFunctionSave: ({ body, revision }, call) => shelf().save(nameOf(call), body, revision),
    adminFunctionPublish: ({ revision }, call) => shelf().publish(nameOf(call), revision),
    adminFunctionRollBack: ({ revision }, call) => shelf().rollBack(nameOf(call), revision),
    adminFunctionText: (_input, call) => ({ body: shelf().text(nameOf(call), Number(call.path['revision'])) }),
    adminFunctionDelete: (_input, call) => shelf().remove(nameOf(call)),
    adminFunctionDryRun: ({ body, revision, input }, call) => shelf().dryRun(nameOf(call), body, revision, input),
    adminFunctionInputs: (_input, call) =>
      shelf()
        .inputs(nameOf(call))
        .map(({ id, at, login, state, ms }) => ({ id, at, login, state, ms })),
    adminFunctionInput(_input, call) {
      const found = shelf()
        .inputs(nameOf(call))
        .find(({ id }) => id === Number(call.path['input']));
      if (!found) throw new CasementError('not-found');
      return found;
    },
    adminFunctionShadow: (_input, call) => shelf().shadow(nameOf(call)),
    adminFunctionShadowSet: ({ revision }, call) => shelf().setShadow(nameOf(call), revision),
  };
}
