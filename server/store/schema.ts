/** The tables as they are after the last migration. Times are milliseconds since 1970. */
export interface Tables {
  settings: { key: string; value: string };
  tokens: {
    jti: string;
    login: string;
    issued: number;
    expires: number;
    method: string;
    level: string | null;
    browser: string;
    address: string;
    last_used: number;
  };
  audit: {
    id: number | null;
    at: number;
    event: string;
    login: string;
    address: string;
    detail: string;
    outcome: string;
    target: string;
    owner: string;
    data: string;
  };
  permission_rules: {
    id: string;
    level: string | null;
    granted: string;
    denied: string;
    note: string;
    version: number;
    at: number;
    by: string;
  };
  documents: { key: string; value: string; version: number };
  login_links: { hash: string; created: number; used: number | null };
  resume_tokens: {
    hash: string;
    client_id: string;
    session_id: string;
    login: string;
    role: string;
    parent_origin: string | null;
    good_until: number;
    jti: string;
  };
  forms: { id: string; name: string; html: string; version: number; fields: string };
  jobs: { session_id: string; login: string; data: string };
  form_heads: { id: string; revision: number; deleted: number };
  form_revisions: {
    form: string;
    revision: number;
    version: number | null;
    name: string;
    html: string;
    warnings: number;
    at: number;
    by: string;
    published_at: number | null;
    published_by: string | null;
  };
  form_defaults: { form: string; position: number };
  profiles: { id: string; version: number; draft: string; changed: number; changed_by: string };
  function_heads: {
    name: string;
    revision: number;
    live: number | null;
    shadow: number | null;
    shadow_since: number | null;
    shadow_runs: number;
    shadow_different: number;
    shadow_failed: number;
    shadow_skipped: number;
  };
  function_revisions: {
    name: string;
    revision: number;
    version: number | null;
    body: string;
    at: number;
    by: string;
    published_at: number | null;
    published_by: string | null;
  };
  function_inputs: {
    id: number | null;
    name: string;
    at: number;
    login: string;
    input: string;
    outcome: string;
    ms: number;
  };
  function_differences: {
    id: number | null;
    name: string;
    at: number;
    input: number | null;
    live: string;
    shadow: string;
  };
  start_traces: {
    id: number | null;
    start_id: string;
    login: string;
    at: number;
    session_id: string | null;
    outcome: string;
    steps: string;
  };
  bookmarks: {
    id: string;
    owner: string;
    text: string;
    version: number;
    changed: number;
    by: string;
    deleted: number | null;
  };
  hidden_bookmarks: { bookmark: string };
  favourites: { login: string; bookmark: string; position: number };
  lent_sessions: { session: string; account: string; login: string };
  past_starts: { id: number | null; login: string; at: number; start: string };
}
