/** Forms with their history, in the same database. Whoever saves has checked the text; nothing here reads HTML. */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Field, Form } from '../../src/contract/form.ts';
import type { FormLibrary, FormText } from './port.ts';
import type { Tables } from './schema.ts';

/** Saves of a form that were never published; a working day of pressing Ctrl+S. */
const DRAFTS_KEPT = 200;

type Revision = Tables['form_revisions'];

/** A form that comes with the server, unless a form of its id is there, or was. */
export async function addShipped(k: Kysely<Tables>, form: Form): Promise<void> {
  await k.transaction().execute(async (trx) => {
    const head = await trx
      .insertInto('form_heads')
      .values({ id: form.id, revision: 1, deleted: 0 })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst();
    if (head.numInsertedOrUpdatedRows !== 1n) return;
    const { id, name, html, version } = form;
    await insertRevision(trx, id, 1, { name, html, warnings: 0, by: '' }, 0);
    await markPublished(trx, id, 1, version, 0, '');
    await putForm(trx, { id, name, html, version }, form.fields);
  });
}

/** `now` is a test's clock. */
export function createFormLibrary(k: Kysely<Tables>, now: () => number): FormLibrary {
  /** Each form with its newest revision and the newest version of all. */
  const heads = () =>
    k
      .selectFrom('form_heads')
      .innerJoin('form_revisions', (join) =>
        join
          .onRef('form_revisions.form', '=', 'form_heads.id')
          .onRef('form_revisions.revision', '=', 'form_heads.revision'),
      )
      .where('form_heads.deleted', '=', 0)
      .select((eb) => [
        'form_heads.id as id',
        'form_revisions.name as name',
        'form_revisions.revision as revision',
        'form_revisions.version as version',
        'form_revisions.at as at',
        'form_revisions.by as by',
        'form_revisions.warnings as warnings',
        eb.selectFrom('forms').whereRef('forms.id', '=', 'form_heads.id').select('forms.version').as('published'),
      ]);
  const summary = ({
    version,
    published,
    ...row
  }: Awaited<ReturnType<ReturnType<typeof heads>['execute']>>[number]) => ({
    ...row,
    published,
    draft: version === null,
  });

  return {
    list: async () =>
      (
        await heads()
          .orderBy(sql`form_revisions.name COLLATE NOCASE`)
          .execute()
      ).map(summary),

    async get(id) {
      const row = await heads()
        .select('form_revisions.html as html')
        .where('form_heads.id', '=', id)
        .executeTakeFirst();
      return row && { ...summary(row), html: row.html };
    },

    async revisions(id) {
      const rows = await k
        .selectFrom('form_revisions')
        .select(['revision', 'version', 'name', 'at', 'by', 'published_at', 'published_by'])
        .where('form', '=', id)
        .orderBy('revision', 'desc')
        .execute();
      return rows.map(({ published_at, published_by, ...row }) => ({
        ...row,
        publishedAt: published_at,
        publishedBy: published_by,
      }));
    },

    text: (id, revision) =>
      k
        .selectFrom('form_revisions')
        .select(['name', 'html'])
        .where('form', '=', id)
        .where('revision', '=', revision)
        .executeTakeFirst(),

    create: (id, text) =>
      k.transaction().execute(async (trx) => {
        const head = await trx
          .insertInto('form_heads')
          .values({ id, revision: 1, deleted: 0 })
          .onConflict((on) => on.doNothing())
          .executeTakeFirst();
        if (head.numInsertedOrUpdatedRows !== 1n) return false;
        await insertRevision(trx, id, 1, text, now());
        return true;
      }),

    save: (id, revision, text) =>
      k.transaction().execute(async (trx) => {
        const head = await newest(trx, id);
        if (head?.revision !== revision) return false;
        if (head.name === text.name && head.html === text.html) return true;
        await addRevision(trx, id, revision, text, now());
        await dropOldDrafts(trx, id);
        return true;
      }),

    publish: (id, revision, fields, by) =>
      k.transaction().execute(async (trx) => {
        const head = await newest(trx, id);
        if (head?.revision !== revision) return false;
        if (head.version === null) await publishRevision(trx, head, fields, now(), by);
        return true;
      }),

    rollBack: (id, revision, fields, by) =>
      k.transaction().execute(async (trx) => {
        const head = await newest(trx, id);
        const old = await trx
          .selectFrom('form_revisions')
          .selectAll()
          .where('form', '=', id)
          .where('revision', '=', revision)
          .executeTakeFirst();
        if (!head || !old) return false;
        const text = { name: old.name, html: old.html, warnings: old.warnings, by };
        const again = await addRevision(trx, id, head.revision, text, now());
        await publishRevision(trx, again, fields, now(), by);
        // Work that nobody has published yet goes on from where it was.
        if (head.version === null) await addRevision(trx, id, again.revision, head, head.at);
        return true;
      }),

    remove: (id) =>
      k.transaction().execute(async (trx) => {
        const gone = await trx
          .updateTable('form_heads')
          .set({ deleted: 1 })
          .where('id', '=', id)
          .where('deleted', '=', 0)
          .executeTakeFirst();
        await trx.deleteFrom('forms').where('id', '=', id).execute();
        await trx.deleteFrom('form_defaults').where('form', '=', id).execute();
        return gone.numUpdatedRows === 1n;
      }),

    defaults: () => defaultsOf(k),

    setDefaults: (before, forms) =>
      k.transaction().execute(async (trx) => {
        const present = await defaultsOf(trx);
        if (present.length !== before.length || present.some((id, i) => id !== before[i])) return false;
        await trx.deleteFrom('form_defaults').execute();
        const unique = [...new Set(forms)];
        if (unique.length > 0) {
          await trx
            .insertInto('form_defaults')
            .values(unique.map((form, position) => ({ form, position })))
            .execute();
        }
        return true;
      }),
  };
}

function newest(trx: Transaction<Tables>, id: string): Promise<Revision | undefined> {
  return trx
    .selectFrom('form_revisions')
    .innerJoin('form_heads', (join) =>
      join
        .onRef('form_revisions.form', '=', 'form_heads.id')
        .onRef('form_revisions.revision', '=', 'form_heads.revision'),
    )
    .where('form_heads.id', '=', id)
    .where('form_heads.deleted', '=', 0)
    .selectAll('form_revisions')
    .executeTakeFirst();
}

async function defaultsOf(k: Kysely<Tables>): Promise<string[]> {
  const rows = await k
    .selectFrom('form_defaults')
    .innerJoin('forms', 'forms.id', 'form_defaults.form')
    .select('form_defaults.form as form')
    .orderBy('position')
    .execute();
  return rows.map(({ form }) => form);
}

async function insertRevision(
  trx: Transaction<Tables>,
  form: string,
  revision: number,
  { name, html, warnings, by }: FormText,
  at: number,
): Promise<Revision> {
  const row: Revision = {
    form,
    revision,
    version: null,
    name,
    html,
    warnings,
    at,
    by,
    published_at: null,
    published_by: null,
  };
  await trx.insertInto('form_revisions').values(row).execute();
  return row;
}

/** The revision after `last`, and the form's newest from now on. */
async function addRevision(
  trx: Transaction<Tables>,
  form: string,
  last: number,
  text: FormText,
  at: number,
): Promise<Revision> {
  const row = await insertRevision(trx, form, last + 1, text, at);
  await trx
    .updateTable('form_heads')
    .set({ revision: last + 1 })
    .where('id', '=', form)
    .execute();
  return row;
}

async function publishRevision(
  trx: Transaction<Tables>,
  { form, revision, name, html }: Revision,
  fields: readonly Field[],
  at: number,
  by: string,
): Promise<void> {
  const { last } = await trx
    .selectFrom('form_revisions')
    .where('form', '=', form)
    .select((eb) => eb.fn.max('version').as('last'))
    .executeTakeFirstOrThrow();
  const version = (last ?? 0) + 1;
  await markPublished(trx, form, revision, version, at, by);
  await putForm(trx, { id: form, name, html, version }, fields);
}

async function markPublished(
  trx: Transaction<Tables>,
  form: string,
  revision: number,
  version: number,
  at: number,
  by: string,
): Promise<void> {
  await trx
    .updateTable('form_revisions')
    .set({ version, published_at: at, published_by: by })
    .where('form', '=', form)
    .where('revision', '=', revision)
    .execute();
}

async function putForm(
  trx: Transaction<Tables>,
  { id, ...form }: Omit<Form, 'fields'>,
  fields: readonly Field[],
): Promise<void> {
  const row = { ...form, fields: JSON.stringify(fields) };
  await trx
    .insertInto('forms')
    .values({ id, ...row })
    .onConflict((on) => on.column('id').doUpdateSet(row))
    .execute();
}

async function dropOldDrafts(trx: Transaction<Tables>, form: string): Promise<void> {
  const oldest = trx
    .selectFrom('form_revisions')
    .select('revision')
    .where('form', '=', form)
    .where('version', 'is', null)
    .orderBy('revision', 'desc')
    .limit(1)
    .offset(DRAFTS_KEPT);
  await trx
    .deleteFrom('form_revisions')
    .where('form', '=', form)
    .where('version', 'is', null)
    .where('revision', '<=', oldest)
    .execute();
}
