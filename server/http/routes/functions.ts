/** A site's functions as administrators write them: drafts, versions, trying out, and what real starts brought. */
import { CasementError } from '../../../src/contract/errors.ts';
import { resultProblem } from '../../../src/contract/function-results.ts';
import {
  FunctionName,
  MAX_FUNCTION_INPUT,
  type AdminFunction,
  type FunctionBody,
} from '../../../src/contract/functions.ts';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../authenticate.ts';
import type { HttpContext } from '../context.ts';
import type { Handlers } from './handler.ts';

/** A dry run brings an input and a text; JSON may spell one byte of either as six characters. */
export const FUNCTION_BODY = 6 * MAX_FUNCTION_INPUT + 2 * 1024 * 1024;

type Names =
  | 'adminFunctions'
  | 'adminFunction'
  | 'adminFunctionSave'
  | 'adminFunctionPublish'
  | 'adminFunctionRollBack'
  | 'adminFunctionText'
  | 'adminFunctionDelete'
  | 'adminFunctionDryRun'
  | 'adminFunctionInputs'
  | 'adminFunctionInput'
  | 'adminFunctionShadow'
  | 'adminFunctionShadowSet';

const notFound = (field: string) => new CasementError('not-found', { details: { field } });

function inPath({ params }: FastifyRequest, name: string): string {
  const value =
    typeof params === 'object' && params !== null ? Object.entries(params).find(([key]) => key === name) : [];
  return String(value?.[1] ?? '');
}

/** @throws CasementError `not-found` */
function nameOf(request: FastifyRequest): FunctionName {
  const name = FunctionName.safeParse(inPath(request, 'name')).data;
  if (name === undefined) throw notFound('name');
  return name;
}

/** @throws CasementError `not-found` */
function numberOf(request: FastifyRequest, field: string): number {
  const number = Number(inPath(request, field));
  if (!Number.isSafeInteger(number)) throw notFound(field);
  return number;
}

export function functionRoutes({ store, functionDesk }: HttpContext): Handlers<Names> {
  const library = store.functions;

  async function read(name: FunctionName): Promise<AdminFunction> {
    const body = (await library.body(name)) ?? {
      kind: 'built-in',
      choice: name === 'load-balancing' ? 'fewest-sessions' : 'default',
    };
    return {
      ...(await library.get(name)),
      body,
      failure: await functionDesk.check(body),
      revisions: await library.revisions(name),
    };
  }

  async function conflict(name: FunctionName): Promise<CasementError> {
    return new CasementError('function-conflict', { details: { function: await read(name) } });
  }

  /** @throws CasementError `function-unusable`, `not-found` */
  async function usable(body: FunctionBody | undefined): Promise<void> {
    if (!body) throw notFound('revision');
    const failure = await functionDesk.check(body);
    if (failure) throw new CasementError('function-unusable', { details: { failure } });
  }

  return {
    adminFunctions: () => library.list(),
    adminFunction: ({ request }) => read(nameOf(request)),

    async adminFunctionSave({ input: { body, revision }, request }) {
      const name = nameOf(request);
      if (body.kind === 'built-in' && (body.choice === 'default') === (name === 'load-balancing')) {
        throw new CasementError('bad-request', { details: { field: 'body.choice' } });
      }
      if (!(await library.save(name, revision, body, callerOf(request).login))) throw await conflict(name);
      return read(name);
    },

    async adminFunctionPublish({ input: { revision }, request }) {
      const name = nameOf(request);
      await usable(await library.body(name, revision));
      if (!(await library.publish(name, revision, callerOf(request).login))) throw await conflict(name);
      return read(name);
    },

    async adminFunctionRollBack({ input: { revision }, request }) {
      const name = nameOf(request);
      await usable(await library.body(name, revision));
      if (!(await library.rollBack(name, revision, callerOf(request).login))) throw notFound('revision');
      return read(name);
    },

    async adminFunctionText({ request }) {
      const body = await library.body(nameOf(request), numberOf(request, 'revision'));
      if (!body) throw notFound('revision');
      return { body };
    },

    async adminFunctionDelete({ request }) {
      const name = nameOf(request);
      if (!(await library.remove(name))) throw notFound('name');
      return read(name);
    },

    async adminFunctionDryRun({ input: { body, revision, input }, request }) {
      const name = nameOf(request);
      const { login, user } = callerOf(request);
      const tried = body ?? (revision === undefined ? undefined : await library.body(name, revision));
      if (revision !== undefined && !tried) throw notFound('revision');
      const run = await functionDesk.dryRun(name, tried, input, { login, user });
      const stored = new Set((await store.forms.list()).map(({ id }) => id));
      const problem =
        run.outcome.state === 'returned'
          ? resultProblem(name, input, run.outcome.result, (id) => stored.has(id))
          : null;
      return { ...run, problem };
    },

    adminFunctionInputs: ({ request }) => functionDesk.inputs(nameOf(request)),

    async adminFunctionInput({ request }) {
      const found = await library.input(nameOf(request), numberOf(request, 'input'));
      if (!found) throw notFound('input');
      return found;
    },

    adminFunctionShadow: ({ request }) => library.shadow(nameOf(request)),

    async adminFunctionShadowSet({ input: { revision }, request }) {
      const name = nameOf(request);
      if (revision !== null) await usable(await library.body(name, revision));
      if (!(await library.setShadow(name, revision))) throw notFound('revision');
      return library.shadow(name);
    },
  };
}
