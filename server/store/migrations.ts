/**
 * Numbered changes of the tables, applied in order and each in a transaction. One that has been released is never
 * edited: a mistake is put right by the next number.
 */
export interface Migration {
  readonly id: number;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    sql: `
      CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE tokens (
        jti TEXT PRIMARY KEY, login TEXT NOT NULL, issued INTEGER NOT NULL, expires INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE login_links (hash TEXT PRIMARY KEY, created INTEGER NOT NULL, used INTEGER) STRICT;
      CREATE TABLE resume_tokens (
        hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, session_id TEXT NOT NULL, login TEXT NOT NULL,
        role TEXT NOT NULL, parent_origin TEXT, good_until INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX resume_tokens_by_client ON resume_tokens (client_id);
      CREATE INDEX resume_tokens_by_session ON resume_tokens (session_id);
    `,
  },
  {
    id: 2,
    sql: `
      CREATE TABLE forms (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, html TEXT NOT NULL, version INTEGER NOT NULL, fields TEXT NOT NULL
      ) STRICT;
      CREATE TABLE start_traces (
        id INTEGER PRIMARY KEY AUTOINCREMENT, start_id TEXT NOT NULL, login TEXT NOT NULL, at INTEGER NOT NULL,
        session_id TEXT, outcome TEXT NOT NULL, steps TEXT NOT NULL
      ) STRICT;
      CREATE INDEX start_traces_by_login ON start_traces (login, at);
    `,
  },
  {
    id: 3,
    sql: `
      ALTER TABLE tokens ADD COLUMN method TEXT NOT NULL DEFAULT 'local';
      ALTER TABLE tokens ADD COLUMN level TEXT;
      ALTER TABLE tokens ADD COLUMN browser TEXT NOT NULL DEFAULT '';
      ALTER TABLE tokens ADD COLUMN address TEXT NOT NULL DEFAULT '';
      ALTER TABLE tokens ADD COLUMN last_used INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX tokens_by_login ON tokens (login);
      ALTER TABLE resume_tokens ADD COLUMN jti TEXT NOT NULL DEFAULT '';
      CREATE INDEX resume_tokens_by_jti ON resume_tokens (jti);
      CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL, login TEXT NOT NULL,
        address TEXT NOT NULL, detail TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    // Every save of a form is a revision; one that was published has a version, and stands in `forms`.
    id: 4,
    sql: `
      CREATE TABLE form_heads (
        id TEXT PRIMARY KEY, revision INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE form_revisions (
        form TEXT NOT NULL, revision INTEGER NOT NULL, version INTEGER, name TEXT NOT NULL, html TEXT NOT NULL,
        warnings INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, published_at INTEGER, published_by TEXT,
        PRIMARY KEY (form, revision)
      ) STRICT;
      CREATE UNIQUE INDEX form_revisions_by_version ON form_revisions (form, version);
      CREATE TABLE form_defaults (form TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
      INSERT INTO form_heads (id, revision) SELECT id, 1 FROM forms;
      INSERT INTO form_revisions (form, revision, version, name, html, warnings, at, by, published_at, published_by)
        SELECT id, 1, version, name, html, 0, 0, '', 0, '' FROM forms;
    `,
  },
  {
    // Functions as forms are kept: every save a revision, those published with a version. `live` is what decides.
    id: 5,
    sql: `
      CREATE TABLE function_heads (
        name TEXT PRIMARY KEY, revision INTEGER NOT NULL, live INTEGER, shadow INTEGER, shadow_since INTEGER,
        shadow_runs INTEGER NOT NULL DEFAULT 0, shadow_different INTEGER NOT NULL DEFAULT 0,
        shadow_failed INTEGER NOT NULL DEFAULT 0, shadow_skipped INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE function_revisions (
        name TEXT NOT NULL, revision INTEGER NOT NULL, version INTEGER, body TEXT NOT NULL, at INTEGER NOT NULL,
        by TEXT NOT NULL, published_at INTEGER, published_by TEXT, PRIMARY KEY (name, revision)
      ) STRICT;
      CREATE UNIQUE INDEX function_revisions_by_version ON function_revisions (name, version);
      CREATE TABLE function_inputs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, at INTEGER NOT NULL, login TEXT NOT NULL,
        input TEXT NOT NULL, outcome TEXT NOT NULL, ms REAL NOT NULL
      ) STRICT;
      CREATE INDEX function_inputs_by_name ON function_inputs (name, id);
      CREATE TABLE function_differences (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, at INTEGER NOT NULL, input INTEGER,
        live TEXT NOT NULL, shadow TEXT NOT NULL
      ) STRICT;
      CREATE INDEX function_differences_by_name ON function_differences (name, id);
    `,
  },
  {
    // `data` is JSON: the start and what its scheduler last said of the job.
    id: 6,
    sql: `
      CREATE TABLE jobs (session_id TEXT PRIMARY KEY, login TEXT NOT NULL, data TEXT NOT NULL) STRICT;
    `,
  },
  {
    // `owner` is '' for bookmarks of the system; `deleted` is when, for a day in which it can be taken back.
    id: 7,
    sql: `
      CREATE TABLE bookmarks (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, text TEXT NOT NULL, version INTEGER NOT NULL, changed INTEGER NOT NULL,
        by TEXT NOT NULL, deleted INTEGER
      ) STRICT;
      CREATE INDEX bookmarks_by_owner ON bookmarks (owner, deleted);
      CREATE TABLE hidden_bookmarks (bookmark TEXT PRIMARY KEY) STRICT;
      CREATE TABLE favourites (
        login TEXT NOT NULL, bookmark TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (login, bookmark)
      ) STRICT;
      CREATE TABLE past_starts (
        id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL, at INTEGER NOT NULL, start TEXT NOT NULL
      ) STRICT;
      CREATE INDEX past_starts_by_login ON past_starts (login, id);
      CREATE TABLE lent_sessions (session TEXT PRIMARY KEY, account TEXT NOT NULL, login TEXT NOT NULL) STRICT;
    `,
  },
  {
    // `draft` is JSON: profiles are few, read whole, and gain members.
    id: 8,
    sql: `
      CREATE TABLE profiles (
        id TEXT PRIMARY KEY, version INTEGER NOT NULL, draft TEXT NOT NULL, changed INTEGER NOT NULL,
        changed_by TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    // The lowest level was called `user` before there were lower ones.
    id: 9,
    sql: `
      UPDATE tokens SET level = 'full' WHERE level = 'user';
      CREATE TABLE permission_rules (
        id TEXT PRIMARY KEY, level TEXT, granted TEXT NOT NULL, denied TEXT NOT NULL, note TEXT NOT NULL,
        version INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL
      ) STRICT;
      CREATE TABLE documents (key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL) STRICT;
      ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'ok';
      ALTER TABLE audit ADD COLUMN target TEXT NOT NULL DEFAULT '';
      ALTER TABLE audit ADD COLUMN owner TEXT NOT NULL DEFAULT '';
      ALTER TABLE audit ADD COLUMN data TEXT NOT NULL DEFAULT 'null';
      UPDATE audit SET outcome = detail, detail = '' WHERE event = 'login-refused';
      CREATE INDEX audit_by_at ON audit (at);
      CREATE INDEX audit_by_login ON audit (login, id);
      CREATE INDEX audit_by_owner ON audit (owner, id) WHERE owner <> '';
      CREATE INDEX audit_by_event ON audit (event, id);
      CREATE INDEX audit_by_target ON audit (target, id) WHERE target <> '';
    `,
  },
];
