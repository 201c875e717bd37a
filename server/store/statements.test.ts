// @vitest-environment node
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { rememberStatements } from './statements.ts';

it('prepares a statement once, and the one that was not used for longest is forgotten', () => {
  const db = new Database(':memory:');
  const remembering = rememberStatements(db);
  const first = remembering.prepare('SELECT 0 AS n');
  const second = remembering.prepare('SELECT 1 AS n');
  for (let n = 2; n < 500; n++) remembering.prepare(`SELECT ${n} AS n`);
  expect(remembering.prepare('SELECT 0 AS n')).toBe(first);
  remembering.prepare('SELECT 500 AS n');
  expect(remembering.prepare('SELECT 0 AS n')).toBe(first);
  const again = remembering.prepare('SELECT 1 AS n');
  expect(again).not.toBe(second);
  expect([first.all(), again.all()]).toEqual([[{ n: 0 }], [{ n: 1 }]]);
  remembering.close();
  expect(db.open).toBe(false);
});

it('runs one again after the tables have changed', () => {
  const remembering = rememberStatements(new Database(':memory:'));
  remembering.prepare('CREATE TABLE things (a)').run();
  remembering.prepare('INSERT INTO things VALUES (?)').run(1);
  const all = () => remembering.prepare('SELECT * FROM things').all();
  expect(all()).toEqual([{ a: 1 }]);
  remembering.prepare('ALTER TABLE things ADD COLUMN b').run();
  expect(all()).toEqual([{ a: 1, b: null }]);
  remembering.close();
});
