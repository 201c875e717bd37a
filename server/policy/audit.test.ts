/** The audit list over a real database: filters, pages, lines, and that it stays quick. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditEntry, AuditFilter } from '../../src/contract/audit.ts';
import { csvCell } from '../http/audit-export.ts';
import { openDatabase } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { createSqliteStore } from '../store/sqlite.ts';
import { fileSink } from './audit-lines.ts';
import { createAudit } from './audit.ts';
import { createSettings } from './settings.ts';

let dir: string;
let store: Store;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-audit-'));
  store = createSqliteStore(openDatabase(dir));
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const words = fc.constantFrom('ada', 'bob', 'a%', 'a_b', "o'neil", '\\', 'Ada', '');
const entries = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 20 }),
    event: fc.constantFrom('login', 'start', 'refused'),
    login: words,
    address: words,
    outcome: fc.constantFrom('ok', 'forbidden', 'seats-taken'),
    target: words,
    owner: words,
    detail: words,
    data: fc.constant(null),
  }),
  { maxLength: 25 },
);
const filters = fc.record(
  {
    from: fc.integer({ min: 0, max: 20 }),
    to: fc.integer({ min: 0, max: 20 }),
    login: words,
    event: fc.constantFrom('login', 'start,refused', 'nothing'),
    target: words,
    outcome: fc.constantFrom('ok', 'failed', 'forbidden'),
    search: words,
  },
  { requiredKeys: [] },
);

/** The same in plain words. */
function fits(entry: AuditEntry, filter: AuditFilter): boolean {
  const { from, to, login, event, target, outcome, search } = filter;
  const texts = [entry.login, entry.owner, entry.address, entry.target, entry.detail];
  return (
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at <= to) &&
    (login === undefined || entry.login === login || entry.owner === login) &&
    (event === undefined || event.split(',').includes(entry.event)) &&
    (target === undefined || entry.target === target) &&
    (outcome === undefined || (outcome === 'failed' ? entry.outcome !== 'ok' : entry.outcome === outcome)) &&
    (search === undefined || texts.some((text) => text.toLowerCase().includes(search.toLowerCase())))
  );
}

it('finds exactly what fits, page by page, whatever the filter and the texts', async () => {
  const settings = await createSettings(store.documents);
  const audit = createAudit({ store: store.audit, lines: undefined, settings, now: () => 0, failed: () => undefined });
  await fc.assert(
    fc.asyncProperty(entries, filters, fc.integer({ min: 1, max: 7 }), async (written, filter, limit) => {
      await store.audit.trim(Number.MAX_SAFE_INTEGER, 1);
      if (written.length > 0) await store.audit.add(written);
      const all = await store.audit.query({}, undefined, 100);
      const found: AuditEntry[] = [];
      let cursor: string | undefined;
      do {
        const page = await audit.page({ ...filter, limit, ...(cursor === undefined ? {} : { cursor }) });
        found.push(...page.entries);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(found).toEqual(all.filter((entry) => fits(entry, filter)));
    }),
    { numRuns: 60 },
  );
});

it('writes lines beside the database, to files that are turned over by size', async () => {
  const path = join(dir, 'audit.jsonl');
  const sink = fileSink({ path, maxBytes: 70, keep: 2 });
  for (let i = 0; i < 10; i++) await sink.write(`${JSON.stringify({ line: i, text: 'x'.repeat(10) })}\n`);
  const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n');
  expect([lines(path).length, lines(`${path}.1`).length, lines(`${path}.2`).length]).toEqual([2, 2, 2]);
  expect(existsSync(`${path}.3`)).toBe(false);
  expect(JSON.parse(lines(path)[1] ?? '')).toMatchObject({ line: 9 });
});

it('goes on where it cannot be written, and says so', async () => {
  const settings = await createSettings(store.documents);
  const failures: unknown[] = [];
  const lines = { write: () => Promise.reject(new Error('no room')) };
  const failed = (cause: unknown) => failures.push(cause);
  const audit = createAudit({ store: store.audit, lines, settings, now: () => 1, failed });
  audit.record({ event: 'login', login: 'ada', address: '' });
  expect((await audit.page({})).entries).toMatchObject([{ login: 'ada', outcome: 'ok' }]);
  expect(failures).toHaveLength(1);
});

it('never gives a spreadsheet something to run', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const cell = csvCell(text);
      expect(cell).toMatch(/^"(?:[^"]|"")*"$/);
      expect(cell.slice(1)).not.toMatch(/^\s*[=+\-@]/);
    }),
  );
});
