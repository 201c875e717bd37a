/** One function being edited. */
import type { Api } from '../../../api/client.ts';
import {
  FunctionConflict,
  FunctionRefusal,
  type AdminFunction,
  type FunctionBody,
  type FunctionFailure,
  type FunctionName,
} from '../../../contract/functions.ts';
import type { ApiFailure } from '../../../api/failure.ts';
import { createDraftEditor, type DraftEditor } from '../drafts/draft-editor.ts';
import { freshBody, sameBody } from './function-body.ts';

interface TypedFunction {
  readonly body: FunctionBody;
}

export function createFunctionEditor(api: Api, name: FunctionName): DraftEditor<AdminFunction, TypedFunction> {
  const path = { name };
  return createDraftEditor<AdminFunction, TypedFunction>({
    blank: { body: freshBody(name, 'built-in') },
    typedOf: ({ body }) => ({ body }),
    same: (one, other) => sameBody(one.body, other.body),
    load: async () => api.call('adminFunction', {}, { path }),
    save: async ({ body }, revision) => api.call('adminFunctionSave', { body, revision }, { path }),
    publish: async (revision) => api.call('adminFunctionPublish', { revision }, { path }),
    rollBack: async (revision) => api.call('adminFunctionRollBack', { revision }, { path }),
    conflictIn: (failure) =>
      failure.code === 'function-conflict' ? FunctionConflict.safeParse(failure.details).data?.function : undefined,
  });
}

/** Why a function was not published, where that is what went wrong. */
export function refusalIn(failure: ApiFailure | undefined): FunctionFailure | undefined {
  return failure?.code === 'function-unusable' ? FunctionRefusal.safeParse(failure.details).data?.failure : undefined;
}
