/** Start forms as administrators write them: drafts, versions, and trying them out. */
import type { AdminForm, FormFinding, TryForms } from '../../../src/contract/admin-forms.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import type { Form } from '../../../src/contract/form.ts';
import { deriveFields, MAX_HTML_BYTES, type Derived } from '../../../src/forms/fields/index.ts';
import type { Caller } from '../../auth/port.ts';
import type { StartDeps } from '../../start/deps.ts';
import { formFilter } from '../../start/steps/form-filter.ts';
import { serverList } from '../../start/steps/server-list.ts';
import { callerOf } from '../authenticate.ts';
import { pathId, type HttpContext } from '../context.ts';
import { freeId } from '../form-id.ts';
import type { Handlers } from './handler.ts';

/** JSON may spell one byte of a form as six characters. */
export const FORM_BODY = 6 * MAX_HTML_BYTES + 64 * 1024;
/** A try starts nothing, so this command is never run; the form filter sees it as an own command's. */
const TRIED_COMMAND = 'true';

type Names =
  | 'adminForms'
  | 'adminForm'
  | 'adminFormCreate'
  | 'adminFormSave'
  | 'adminFormPublish'
  | 'adminFormRollBack'
  | 'adminFormText'
  | 'adminFormDelete'
  | 'adminFormDefaults'
  | 'adminFormTry';

const notFound = () => new CasementError('not-found', { details: { field: 'id' } });

/** @throws CasementError `form-unusable` */
function usable(html: string): Derived {
  const derived = deriveFields(html);
  const errors = derived.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new CasementError('form-unusable', { details: { findings: errors } });
  return derived;
}

export function formRoutes(context: HttpContext): Handlers<Names> {
  const { store } = context;
  const { library } = store;

  async function read(id: string, findings?: readonly FormFinding[]): Promise<AdminForm> {
    const form = await library.get(id);
    if (!form) throw notFound();
    const { warnings: _count, ...rest } = form;
    return {
      ...rest,
      findings: [...(findings ?? deriveFields(form.html).findings)],
      revisions: await library.revisions(id),
    };
  }

  /** Somebody else was first, or the form is gone: which of the two the caller is told. */
  async function conflict(id: string): Promise<CasementError> {
    return new CasementError('form-conflict', { details: { form: await read(id) } });
  }

  return {
    adminForms: async () => ({ forms: await library.list(), defaults: await library.defaults() }),

    adminForm: ({ request }) => read(pathId(request)),

    async adminFormCreate({ input: { name, html }, request }) {
      const { findings } = usable(html);
      const by = callerOf(request).login;
      const id = await freeId(name, (one) => library.create(one, { name, html, warnings: findings.length, by }));
      return read(id, findings);
    },

    async adminFormSave({ input: { name, html, revision }, request }) {
      const id = pathId(request);
      const { findings } = usable(html);
      const text = { name, html, warnings: findings.length, by: callerOf(request).login };
      if (!(await library.save(id, revision, text))) throw await conflict(id);
      return read(id, findings);
    },

    async adminFormPublish({ input: { revision }, request }) {
      const id = pathId(request);
      const text = await library.text(id, revision);
      if (!text) throw await conflict(id);
      const { fields, findings } = usable(text.html);
      if (!(await library.publish(id, revision, fields, callerOf(request).login))) throw await conflict(id);
      return read(id, findings);
    },

    async adminFormRollBack({ input: { revision }, request }) {
      const id = pathId(request);
      const text = await library.text(id, revision);
      if (!text) throw notFound();
      const { fields } = usable(text.html);
      if (!(await library.rollBack(id, revision, fields, callerOf(request).login))) throw notFound();
      return read(id);
    },

    async adminFormText({ request }) {
      const { params } = request;
      const revision =
        typeof params === 'object' && params !== null && 'revision' in params ? Number(params.revision) : Number.NaN;
      const text = Number.isSafeInteger(revision) ? await library.text(pathId(request), revision) : undefined;
      if (!text) throw notFound();
      return text;
    },

    async adminFormDelete({ request }) {
      if (!(await library.remove(pathId(request)))) throw notFound();
      return {};
    },

    async adminFormDefaults({ input: { forms, before } }) {
      const known = new Set((await store.forms.list()).map(({ id }) => id));
      const unknown = forms.find((id) => !known.has(id));
      if (unknown !== undefined)
        throw new CasementError('form-unknown', { details: { field: 'forms', form: unknown } });
      if (!(await library.setDefaults(before, forms))) {
        throw new CasementError('form-conflict', { details: { forms: await library.defaults() } });
      }
      return library.defaults();
    },

    async adminFormTry({ input, request }) {
      const caller = personOf(callerOf(request), input.as);
      const draft = await draftOf(input.draft);
      const deps: Pick<StartDeps, 'forms' | 'functions' | 'checkAnswers' | 'servers' | 'profiles' | 'warn'> = {
        forms: { get: async (id) => (id === draft?.id ? draft : store.forms.get(id)) },
        functions: context.functions,
        checkAnswers: context.checkAnswers,
        servers: () => context.policy.servers.list(),
        profiles: store.profiles,
        warn: (cause, message) => request.log.error({ cause }, message),
      };
      const { forms, params = {}, answered = [] } = input;
      const data = { command: TRIED_COMMAND, geometry: 'fullscreen', keyboardLayout: 'us', forms, params, answered };
      const call = { caller, data, startId: request.id, ip: request.ip };
      const { value: filtered } = await formFilter(call, data, deps);
      if (filtered.next === 'ask') return filtered.answer;
      const { value: choice } = await serverList(call, filtered, { bookmark: undefined }, deps);
      return choice ?? { stage: 'ready', params: filtered.data.params ?? {} };
    },
  };

  /** The text in the editor, as the form it would be. */
  async function draftOf(draft: TryForms['draft']): Promise<Form | undefined> {
    if (!draft) return undefined;
    const { id, name, html } = draft;
    const stored = await store.forms.get(id);
    return { id, name, html, version: (stored?.version ?? 0) + 1, fields: usable(html).fields };
  }
}

function personOf(caller: Caller, as: TryForms['as']): Caller {
  return as ? { ...caller, login: as.login, groups: as.groups, level: as.level } : caller;
}
