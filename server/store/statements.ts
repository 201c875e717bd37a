/** Statements of a database that are prepared once. The query builder has each prepared anew, which costs as much as running it. */
import type Database from 'better-sqlite3';

/** The product has some two hundred; those of a filter, with a text for each choice, push the oldest out. */
const KEPT = 500;

/** The part of a database that the query builder uses. */
export interface PreparingDatabase {
  prepare(sql: string): Database.Statement;
  close(): void;
}

export function rememberStatements(db: Database.Database): PreparingDatabase {
  const known = new Map<string, Database.Statement>();
  return {
    prepare(sql) {
      const statement = known.get(sql) ?? db.prepare(sql);
      known.delete(sql);
      known.set(sql, statement);
      if (known.size > KEPT) {
        const [oldest = sql] = known.keys();
        known.delete(oldest);
      }
      return statement;
    },
    close() {
      known.clear();
      db.close();
    },
  };
}
