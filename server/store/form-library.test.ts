import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from './open.ts';
import type { FormText, Store } from './port.ts';
import { createSqliteStore } from './sqlite.ts';

let dir: string;
let store: Store;
let time: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-library-'));
  time = 1000;
  store = createSqliteStore(openDatabase(dir), () => time);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const text = (html: string, by = 'ada'): FormText => ({ name: 'Nodes', html, warnings: 0, by });
const shipped = { id: 'shipped', name: 'Shipped', html: '<p>', version: 1, fields: [] };

it('keeps a new form from people until it is published', async () => {
  expect(await store.library.create('nodes', text('one'))).toBe(true);
  expect(await store.library.create('nodes', text('other'))).toBe(false);
  expect(await store.forms.get('nodes')).toBeUndefined();
  expect(await store.library.get('nodes')).toMatchObject({ revision: 1, published: null, draft: true, by: 'ada' });
  expect(await store.library.publish('nodes', 1, [], 'bob')).toBe(true);
  expect(await store.forms.get('nodes')).toMatchObject({ html: 'one', version: 1 });
  expect(await store.library.get('nodes')).toMatchObject({ published: 1, draft: false });
  expect((await store.library.revisions('nodes'))[0]).toMatchObject({ version: 1, publishedBy: 'bob', by: 'ada' });
});

it('lets one of two who saved over the same revision through, whatever the moment', async () => {
  await store.library.create('nodes', text('one'));
  const saves = await Promise.all(['a', 'b', 'c'].map((html) => store.library.save('nodes', 1, text(html))));
  expect(saves.filter(Boolean)).toHaveLength(1);
  expect(await store.library.save('nodes', 1, text('late'))).toBe(false);
  expect(await store.library.publish('nodes', 1, [], 'ada')).toBe(false);
  expect((await store.library.get('nodes'))?.revision).toBe(2);
});

it('makes no revision of a text that is the same', async () => {
  await store.library.create('nodes', text('one'));
  expect(await store.library.save('nodes', 1, text('one', 'bob'))).toBe(true);
  expect(await store.library.revisions('nodes')).toHaveLength(1);
});

it('rolls back as a new version, and leaves the draft a draft', async () => {
  await store.library.create('nodes', text('one'));
  await store.library.publish('nodes', 1, [], 'ada');
  await store.library.save('nodes', 1, text('two'));
  await store.library.publish('nodes', 2, [], 'ada');
  await store.library.save('nodes', 2, text('unfinished', 'eve'));
  time = 2000;
  expect(await store.library.rollBack('nodes', 1, [], 'bob')).toBe(true);
  expect(await store.forms.get('nodes')).toMatchObject({ html: 'one', version: 3 });
  expect(await store.library.get('nodes')).toMatchObject({ html: 'unfinished', draft: true, published: 3, by: 'eve' });
  const history = await store.library.revisions('nodes');
  expect(history.map(({ version }) => version)).toEqual([null, 3, null, 2, 1]);
  expect(history[1]).toMatchObject({ publishedBy: 'bob', publishedAt: 2000 });
});

it('keeps the list of defaults in order, of forms that are published, and for one who saw it as it is', async () => {
  for (const id of ['a', 'b', 'c']) {
    await store.library.create(id, text(id));
    if (id !== 'c') await store.library.publish(id, 1, [], 'ada');
  }
  expect(await store.library.setDefaults([], ['b', 'a', 'c', 'b'])).toBe(true);
  expect(await store.library.defaults()).toEqual(['b', 'a']);
  expect(await store.library.setDefaults([], ['a'])).toBe(false);
  await store.library.remove('b');
  expect(await store.library.defaults()).toEqual(['a']);
});

it('does not bring back a shipped form that was deleted, and gives its name to nobody', async () => {
  await store.forms.addMissing(shipped);
  expect(await store.library.get('shipped')).toMatchObject({ published: 1, draft: false, at: 0 });
  expect(await store.library.remove('shipped')).toBe(true);
  expect(await store.library.remove('shipped')).toBe(false);
  await store.forms.addMissing(shipped);
  expect(await store.forms.list()).toEqual([]);
  expect(await store.library.create('shipped', text('mine'))).toBe(false);
});

it('forgets old drafts, and no version', async () => {
  await store.library.create('nodes', text('0'));
  await store.library.publish('nodes', 1, [], 'ada');
  for (let i = 1; i <= 210; i++) await store.library.save('nodes', i, text(String(i)));
  const history = await store.library.revisions('nodes');
  expect([history.length, history.at(-1)?.version]).toEqual([201, 1]);
  expect((await store.library.text('nodes', 211))?.html).toBe('210');
});
