/** Opens the database file of a data directory and brings its tables up to date. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';

/** Thrown for what the person who starts the server can put right; the message is one line for them. */
export class StoreError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
  }
}

function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'EACCES' || code === 'EPERM' || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY') {
    return 'no right to write there';
  }
  if (code === 'EROFS') return 'it is on a file system mounted read-only';
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'a part of the path is a file';
  return cause instanceof Error ? cause.message : String(cause);
}

/** Makes the directory, for its owner alone. */
export function ensureDataDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StoreError(`the data directory ${dir} cannot be used: ${reason(cause)}`, cause);
  }
}

/**
 * Holds the data directory for this process. The lock belongs to the kernel (a lock on a small SQLite file), so it is
 * gone with the process however that ends, and no stale process id can be in the way.
 *
 * @returns the way to let go of it
 */
export function lockDataDir(dir: string): () => void {
  const path = join(dir, 'server.lock');
  let lock: Database.Database;
  try {
    lock = new Database(path, { timeout: 0 });
    chmodSync(path, 0o600);
  } catch (cause) {
    throw new StoreError(`the data directory ${dir} cannot be used: ${reason(cause)}`, cause);
  }
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_BUSY') {
      throw new StoreError(`another server already uses the data directory ${dir}`, cause);
    }
    throw new StoreError(`the data directory ${dir} cannot be used: ${reason(cause)}`, cause);
  }
  return () => lock.close();
}

function migrate(db: Database.Database): void {
  db.exec('CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT');
  const applied = new Set(db.prepare<[], number>('SELECT id FROM migrations').pluck().all());
  const newest = Math.max(0, ...applied);
  const known = MIGRATIONS.at(-1)?.id ?? 0;
  if (newest > known) {
    throw new StoreError(`the data directory was written by a newer version (${newest}, this one knows ${known})`);
  }
  for (const migration of MIGRATIONS) {
    // By its own number, not by the newest: two that were written side by side may arrive in either order.
    if (applied.has(migration.id)) continue;
    db.transaction(() => {
      db.exec(migration.sql);
      db.prepare('INSERT INTO migrations (id, at) VALUES (?, ?)').run(migration.id, Date.now());
    })();
  }
}

/** @throws StoreError */
export function openDatabase(dir: string): Database.Database {
  const path = join(dir, 'casement.db');
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: 2000 });
    chmodSync(path, 0o600);
    db.pragma('journal_mode = WAL');
    // WAL with NORMAL loses at most the last commits on a power cut, never the file.
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -512');
    migrate(db);
    return db;
  } catch (cause) {
    db?.close();
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(`the data directory ${dir} cannot be used: ${reason(cause)}`, cause);
  }
}
