import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from './migrations.ts';
import { ensureDataDir, lockDataDir, openDatabase, StoreError } from './open.ts';
import type { ResumeGrant, Store } from './port.ts';
import { createSqliteStore } from './sqlite.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-store-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a data directory', () => {
  it('keeps what was stored, and is readable by its owner alone', async () => {
    const nested = join(dir, 'a', 'b');
    ensureDataDir(nested);
    const first = createSqliteStore(openDatabase(nested));
    await first.settings.set('x', '1');
    await first.close();
    const second = createSqliteStore(openDatabase(nested));
    expect(await second.settings.get('x')).toBe('1');
    expect(await second.settings.getOrCreate('x', () => '2')).toBe('1');
    await second.close();
    expect(statSync(nested).mode & 0o777).toBe(0o700);
    expect(statSync(join(nested, 'casement.db')).mode & 0o777).toBe(0o600);
  });

  it('is one server’s at a time, and free again once that is gone', () => {
    const unlock = lockDataDir(dir);
    expect(() => lockDataDir(dir)).toThrow(/another server already uses/);
    unlock();
    lockDataDir(dir)();
  });

  it('says in one line what is wrong with it', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => ensureDataDir(join(dir, 'file', 'below'))).toThrow(StoreError);
    expect(() => ensureDataDir(join(dir, 'file', 'below'))).toThrow(/cannot be used: a part of the path is a file$/);
    writeFileSync(join(dir, 'casement.db'), 'this is no database, only a file of that name '.repeat(40));
    expect(() => openDatabase(dir)).toThrow(/cannot be used: .*not a database/);
  });

  it('of a newer version is left alone', () => {
    openDatabase(dir).close();
    const db = new Database(join(dir, 'casement.db'));
    db.prepare('INSERT INTO migrations (id, at) VALUES (99, 0)').run();
    db.close();
    expect(() => openDatabase(dir)).toThrow(/newer version/);
  });

  it.each(MIGRATIONS.map(({ id }) => id - 1))('is brought up to date from version %i', (version) => {
    const old = new Database(join(dir, 'casement.db'));
    old.exec('CREATE TABLE migrations (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT');
    for (const { id, sql } of MIGRATIONS.filter((one) => one.id <= version)) {
      old.exec(sql);
      old.prepare('INSERT INTO migrations (id, at) VALUES (?, 0)').run(id);
    }
    old.close();
    const db = openDatabase(dir);
    const ids = db.prepare('SELECT id FROM migrations ORDER BY id').pluck().all();
    db.close();
    expect(ids).toEqual(MIGRATIONS.map(({ id }) => id));
  });
});

/** Something of each kind that the first version kept, written as that version wrote it. */
const OF_VERSION_1 = `
  INSERT INTO settings VALUES ('server-id', 'server-7'), ('issuer', 'casement:old');
  INSERT INTO tokens VALUES ('jti-1', 'ada', 900, 2000000), ('jti-2', 'bob', 900, 1000);
  INSERT INTO login_links VALUES ('hash-1', 999000, NULL), ('hash-2', 999000, 999500);
  INSERT INTO resume_tokens VALUES
    ('resume-1', 'client-1', 'session-1', 'ada', 'master', 'https://portal.example.org', 2000000);
`;
const OF_VERSION_2 = `
  INSERT INTO forms VALUES ('mine', 'Mine', '<input name="a">', 3, '[]');
  INSERT INTO start_traces (start_id, login, at, session_id, outcome, steps)
    VALUES ('start-1', 'ada', 5, 'session-1', 'started', '[]');
`;

describe('a database of the first version', () => {
  function write(version: number, ...rows: string[]): void {
    const old = new Database(join(dir, 'casement.db'));
    old.exec('CREATE TABLE migrations (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT');
    for (const { id, sql } of MIGRATIONS.filter((one) => one.id <= version)) {
      old.exec(sql);
      old.prepare('INSERT INTO migrations (id, at) VALUES (?, 0)').run(id);
    }
    for (const sql of rows) old.exec(sql);
    old.close();
  }
  /** Every row of a table that the old version had, by the columns that it had. */
  function rowsOf(tables: readonly string[]): Record<string, unknown[]> {
    const db = new Database(join(dir, 'casement.db'), { readonly: true });
    const rows = tables.map((table) => [table, db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()] as const);
    db.close();
    return Object.fromEntries(rows);
  }

  it('has all its rows in the newest, as they were, and works', async () => {
    write(1, OF_VERSION_1);
    const before = rowsOf(['settings', 'tokens', 'login_links', 'resume_tokens']);
    const store = createSqliteStore(openDatabase(dir), () => 1_000_000);
    const after = rowsOf(Object.keys(before));
    for (const [table, rows] of Object.entries(before)) {
      expect(after[table], table).toHaveLength(rows.length);
      expect(after[table], table).toMatchObject(rows);
    }
    expect(await store.settings.get('server-id')).toBe('server-7');
    // Who was logged in still is, by the way there was then; who no longer was is not.
    expect(await store.tokens.find('jti-1')).toMatchObject({ login: 'ada', expires: 2_000_000, method: 'local' });
    expect(await store.tokens.find('jti-2')).toBeUndefined();
    // What came since can be used, with what there was before.
    await store.lent.add({ session: 'session-1', account: 'sim', login: 'ada' });
    expect(await store.lent.list()).toHaveLength(1);
    expect(await store.bookmarks.list('')).toEqual([]);
    await store.close();
    // Nothing is done twice.
    const again = createSqliteStore(openDatabase(dir), () => 1_000_000);
    expect(await again.tokens.find('jti-1')).toMatchObject({ login: 'ada' });
    expect(await again.lent.list()).toHaveLength(1);
    await again.close();
  });

  it('of the second version keeps its forms and traces as well', async () => {
    write(2, OF_VERSION_1, OF_VERSION_2);
    const store = createSqliteStore(openDatabase(dir), () => 1_000_000);
    expect(await store.forms.get('mine')).toMatchObject({ name: 'Mine', html: '<input name="a">', version: 3 });
    expect(rowsOf(['start_traces'])['start_traces']).toMatchObject([{ start_id: 'start-1', outcome: 'started' }]);
    await store.close();
  });

  it('whose upgrade fails in the middle is as it was before that step, and says so', () => {
    write(1, OF_VERSION_1, 'CREATE TABLE forms (something TEXT)');
    expect(() => openDatabase(dir)).toThrow(StoreError);
    expect(rowsOf(['migrations'])['migrations']).toMatchObject([{ id: 1 }]);
    expect(rowsOf(['tokens'])['tokens']).toHaveLength(2);
  });
});

describe('the store', () => {
  let store: Store;
  let time: number;
  beforeEach(() => {
    time = 1_000_000;
    store = createSqliteStore(openDatabase(dir), () => time);
  });
  afterEach(() => store.close());

  const grant: ResumeGrant = {
    clientId: 'c1',
    sessionId: 's1',
    login: 'me',
    role: 'master',
    parentOrigin: 'https://portal.example.org',
    jti: 'a',
  };
  const tokenOf = (jti: string) =>
    ({
      jti,
      login: 'me',
      issued: time,
      expires: time + 100,
      method: 'ssh',
      level: null,
      browser: 'Firefox on Linux',
      address: '192.0.2.1',
      lastUsed: time,
    }) as const;

  it('finds a token until it is revoked or has run out', async () => {
    await store.tokens.add(tokenOf('a'));
    await store.tokens.add(tokenOf('b'));
    await store.tokens.revoke('a');
    expect(await store.tokens.find('a')).toBeUndefined();
    expect(await store.tokens.find('b')).toMatchObject({ login: 'me' });
    time += 100;
    expect(await store.tokens.find('b')).toBeUndefined();
  });

  it('lists the live logins of one person, the one used last first', async () => {
    await store.tokens.add(tokenOf('a'));
    await store.tokens.add(tokenOf('b'));
    await store.tokens.add({ ...tokenOf('c'), login: 'them' });
    await store.tokens.touch('a', time + 5);
    expect(await store.tokens.list('me')).toEqual([{ ...tokenOf('a'), lastUsed: time + 5 }, tokenOf('b')]);
    time += 100;
    expect(await store.tokens.list('me')).toEqual([]);
  });

  it('keeps what an administrator may have to look up, newest first', async () => {
    const entry = { at: 1, event: 'login', login: 'me', address: '192.0.2.1', outcome: 'ok', detail: '' };
    const more = { target: '', owner: '', data: { steps: [1] } };
    await store.audit.add([
      { ...entry, ...more },
      { ...entry, ...more, at: 2, event: 'host-key-changed' },
    ]);
    const all = await store.audit.query({}, undefined, 10);
    expect(all.map(({ event }) => event)).toEqual(['host-key-changed', 'login']);
    expect(all[1]).toEqual({ ...entry, ...more, id: all[1]?.id });
    expect(await store.audit.query({}, all[0]?.id, 10)).toEqual([all[1]]);
    await store.audit.trim(2, 10);
    expect(await store.audit.query({}, undefined, 10)).toEqual([all[0]]);
    await store.audit.add([{ ...entry, ...more, at: 3 }]);
    await store.audit.trim(0, 1);
    expect((await store.audit.query({}, undefined, 10)).map(({ at }) => at)).toEqual([3]);
  });

  it('lets a login link be used once', async () => {
    await store.loginLinks.add('h');
    const uses = await Promise.all([store.loginLinks.use('h'), store.loginLinks.use('h'), store.loginLinks.use('h')]);
    expect(uses.filter(Boolean)).toHaveLength(1);
    await store.loginLinks.dropUnused();
    expect(await store.loginLinks.all()).toMatchObject([{ hash: 'h', used: time }]);
  });

  it('rotates resume tokens; the one before works for 30 s, however often it is shown', async () => {
    await store.resume.issue('t1', grant);
    await store.resume.rotate('t1', 't2', grant);
    time += 20_000;
    expect(await store.resume.find('t1')).toEqual(grant);
    await store.resume.rotate('t1', 't3', grant);
    time += 11_000;
    expect(await store.resume.find('t1')).toBeUndefined();
    expect(await store.resume.find('t2')).toEqual(grant);
    time += 20_000;
    expect(await store.resume.find('t2')).toBeUndefined();
    expect(await store.resume.find('t3')).toEqual(grant);
  });

  it('takes resume tokens back by login, by viewer and by session', async () => {
    await store.resume.issue('t0', { ...grant, jti: 'b' });
    await store.resume.dropLogin('b');
    expect(await store.resume.find('t0')).toBeUndefined();
    await store.resume.issue('t1', grant);
    await store.resume.issue('t2', { ...grant, clientId: 'c2' });
    await store.resume.dropClient('c1');
    expect(await store.resume.find('t1')).toBeUndefined();
    expect(await store.resume.find('t2')).toBeDefined();
    await store.resume.dropSession('s1');
    expect(await store.resume.find('t2')).toBeUndefined();
  });

  it('keeps a form that is there, and gives its fields back as they were', async () => {
    const field = {
      name: 'a',
      type: 'text',
      dataType: 'text',
      required: true,
      multiple: false,
      constraints: {},
    } as const;
    const form = { id: 'f', name: 'F', html: '<input name="a">', version: 1, fields: [field] };
    await store.forms.addMissing(form);
    await store.forms.addMissing({ ...form, name: 'Other' });
    expect(await store.forms.list()).toEqual([form]);
    expect(await store.forms.get('none')).toBeUndefined();
  });

  it('forgets what has run out, and all but the newest thousand traces', async () => {
    await store.tokens.add(tokenOf('a'));
    await store.resume.issue('t1', grant);
    for (let i = 0; i < 1005; i++) {
      await store.traces.add({
        startId: `s${i}`,
        login: 'me',
        at: time,
        sessionId: null,
        outcome: 'started',
        steps: [],
      });
    }
    time += 8 * 24 * 3600 * 1000;
    await store.sweep();
    expect(await store.resume.find('t1')).toBeUndefined();
    const traces = await store.traces.recent('me', 2000);
    expect([traces.length, traces[0]?.startId, traces.at(-1)?.startId]).toEqual([1000, 's1004', 's5']);
  });
});
