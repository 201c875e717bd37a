/** Who did what: written to the database and, line by line, to whatever collects logs; read a page at a time. */
import { MAX_AUDIT_PAGE, type AuditFilter } from '../../src/contract/audit.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { JsonValue } from '../../src/contract/json.ts';
import type { AuditStore, NewAuditEntry } from '../store/port.ts';
import type { LineSink } from './audit-lines.ts';
import type { AuditTrail, SiteSettings } from './port.ts';

const PAGE = 100;
const DAY_MS = 24 * 3600 * 1000;
/** Characters. An entry is for looking something up, not for keeping what was sent. */
const MAX_TEXT = 500;
const MAX_DATA = 64 * 1024;
/** Entries that are written together. */
const AT_ONCE = 100;

export interface AuditOptions {
  readonly store: AuditStore;
  readonly lines: LineSink | undefined;
  readonly settings: SiteSettings;
  readonly now: () => number;
  readonly failed: (cause: unknown) => void;
}

const clip = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

function bounded(data: JsonValue): JsonValue {
  const text = JSON.stringify(data);
  return text.length > MAX_DATA ? { clipped: text.slice(0, MAX_DATA) } : data;
}

export function createAudit({ store, lines, settings, now, failed }: AuditOptions): AuditTrail {
  let last: Promise<unknown> = Promise.resolve();
  const waiting: NewAuditEntry[] = [];

  /** Together, and where that is refused one by one, so that no entry is lost for another's sake. */
  async function add(entries: readonly NewAuditEntry[]): Promise<void> {
    try {
      await store.add(entries);
    } catch (cause) {
      if (entries.length === 1) throw cause;
      for (const one of entries) await store.add([one]).catch(failed);
    }
  }

  /** All that came while the last were being written: a file is opened and closed for each time. */
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const entries = waiting.splice(0, AT_ONCE);
      const text = entries.map((entry) => `${JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() })}\n`);
      // Either is written even if the other cannot be.
      const done = await Promise.allSettled([add(entries), lines?.write(text.join(''))]);
      for (const one of done) if (one.status === 'rejected') failed(one.reason);
    }
  }

  async function* all(filter: AuditFilter) {
    let before: number | undefined;
    for (;;) {
      const page = await store.query(filter, before, MAX_AUDIT_PAGE);
      yield* page;
      if (page.length < MAX_AUDIT_PAGE) return;
      before = page.at(-1)?.id;
    }
  }

  return {
    record({ event, login, address, outcome = 'ok', target = '', owner = '', detail = '', data = null }) {
      const texts = { login: clip(login), address, target: clip(target), owner: clip(owner), detail: clip(detail) };
      waiting.push({ at: now(), event, outcome, ...texts, data: bounded(data) });
      if (waiting.length === 1) last = last.then(write);
    },

    async page({ limit = PAGE, cursor, ...filter }) {
      if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
        throw new CasementError('bad-request', { details: { field: 'cursor' } });
      }
      await last;
      // One more than is asked for tells whether there is another page.
      const found = await store.query(filter, cursor === undefined ? undefined : Number(cursor), limit + 1);
      const entries = found.slice(0, limit);
      return { entries, next: found.length > limit ? String(entries.at(-1)?.id) : null };
    },

    all,

    async sweep() {
      const { days, entries } = settings.get().audit;
      await store.trim(days === 0 ? 0 : now() - days * DAY_MS, entries);
    },

    async flush() {
      await last;
    },
  };
}
