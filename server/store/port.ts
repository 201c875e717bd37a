/** What the rest of the server keeps across restarts. One implementation today: SQLite in the data directory. */
import * as z from 'zod/mini';
import { ApiError } from '../../src/contract/errors.ts';
import { Params } from '../../src/contract/json.ts';
import { Job, SessionId } from '../../src/contract/session.ts';
import type { AdminFormSummary, FormRevision } from '../../src/contract/admin-forms.ts';
import type { BookmarkText, PastStart } from '../../src/contract/bookmark.ts';
import type {
  AdminFunctionSummary,
  FunctionBody,
  FunctionName,
  FunctionOutcome,
  FunctionRevision,
  RecordedInput,
  RecordedInputWithData,
  ShadowReport,
} from '../../src/contract/functions.ts';
import type { Field, Form } from '../../src/contract/form.ts';
import type { AuditEntry, AuditFilter } from '../../src/contract/audit.ts';
import type { PermissionEntry, PermissionLevel } from '../../src/contract/permissions.ts';
import type { Profile, ProfileDraft } from '../../src/contract/profile.ts';
import type { Role } from '../../src/contract/session.ts';
import type { StartStep } from '../../src/contract/start.ts';

/** A login's entry on the list of tokens that are still good. Times are milliseconds since 1970. */
export interface LiveToken {
  readonly jti: string;
  readonly login: string;
  readonly issued: number;
  readonly expires: number;
  readonly method: 'local' | 'ssh' | 'oidc';
  /** What the identity provider's groups entitle to, whatever the account's own groups say. */
  readonly level: PermissionLevel | null;
  /** For the person's list of their logins: "Firefox on Linux", and where it came from. */
  readonly browser: string;
  readonly address: string;
  readonly lastUsed: number;
}

/** An entry of the audit list as it is written. Holds no secret and no name that is nobody's. */
export type NewAuditEntry = Omit<AuditEntry, 'id'>;

/** Entries older than `id`, newest first. */
export interface AuditStore {
  /** One at least, all or none of them. */
  add(entries: readonly NewAuditEntry[]): Promise<void>;
  query(filter: AuditFilter, before: number | undefined, limit: number): Promise<AuditEntry[]>;
  /** Forgets what is older than `before`, and of the rest all but the newest `entries`. */
  trim(before: number, entries: number): Promise<void>;
}

/** Rules about who may do what, and documents of which the newest version counts. */
export interface RuleStore {
  list(): Promise<PermissionEntry[]>;
  /** Over `version`, 0 for a new one. `undefined`: that is not the newest any more. */
  save(rule: Omit<PermissionEntry, 'version'>, version: number): Promise<PermissionEntry | undefined>;
  /** False as for `save`. */
  remove(id: string, version: number): Promise<boolean>;
}

export interface DocumentStore {
  get(key: string): Promise<{ readonly value: string; readonly version: number } | undefined>;
  /** Over `version`, 0 for a new one; the next one is one more. False: that is not the newest any more. */
  save(key: string, value: string, version: number): Promise<boolean>;
}

/** A session that runs under `account` and is for `login`. */
export interface LentSession {
  readonly session: string;
  readonly account: string;
  readonly login: string;
}

export interface LentStore {
  list(): Promise<LentSession[]>;
  add(lent: LentSession): Promise<void>;
  remove(session: string): Promise<void>;
}

/** A one-time login link. Only the hash of its secret is ever kept. */
export interface LoginLink {
  readonly hash: string;
  readonly created: number;
  readonly used: number | null;
}

/** What a resume token stands for: one viewer of one session. */
export interface ResumeGrant {
  readonly clientId: string;
  readonly sessionId: string;
  readonly login: string;
  readonly role: Role;
  readonly parentOrigin: string | null;
  /** The login it came from: when that ends, so does this. */
  readonly jti: string;
}

/** How one start went, step by step, for whoever has to find out why. */
export interface StartTrace {
  readonly startId: string;
  readonly login: string;
  readonly at: number;
  readonly sessionId: string | null;
  readonly outcome: string;
  /** `reason`: why a step failed, or was tried in vain. */
  readonly steps: readonly {
    readonly step: StartStep;
    readonly state: string;
    readonly ms: number;
    readonly reason?: string;
    /** What a function of the site returned, as JSON, clipped. */
    readonly returned?: string;
  }[];
}

/** A form's text as somebody saves it. Whoever saves has checked it; `warnings` is how much there was to say. */
export interface FormText {
  readonly name: string;
  readonly html: string;
  readonly warnings: number;
  readonly by: string;
}

/** Forms as administrators write them; `Store.forms` has what was published of them. */
export interface FormLibrary {
  list(): Promise<AdminFormSummary[]>;
  get(id: string): Promise<(AdminFormSummary & { readonly html: string }) | undefined>;
  /** Newest first. */
  revisions(id: string): Promise<FormRevision[]>;
  text(id: string, revision: number): Promise<{ readonly name: string; readonly html: string } | undefined>;
  /** False: the id is taken, or was once. */
  create(id: string, text: FormText): Promise<boolean>;
  /** False: `revision` is not the newest, or the form is gone. The same text again is no new revision. */
  save(id: string, revision: number, text: FormText): Promise<boolean>;
  /** Makes the newest revision the next version. False as for `save`. */
  publish(id: string, revision: number, fields: readonly Field[], by: string): Promise<boolean>;
  /** Publishes the text of an older revision again; a draft stays a draft. False: there is no such revision. */
  rollBack(id: string, revision: number, fields: readonly Field[], by: string): Promise<boolean>;
  /** False: there was none. Its name is not given to another form. */
  remove(id: string): Promise<boolean>;
  /** Ids of published forms that own commands are asked, in order. */
  defaults(): Promise<string[]>;
  /** False: the list is not `before` any more. */
  setDefaults(before: readonly string[], forms: readonly string[]): Promise<boolean>;
}

/** What administrators let sessions do; sessions that run have a copy of their own. */
export interface ProfileStore {
  /** By name. */
  list(): Promise<Profile[]>;
  get(id: string): Promise<Profile | undefined>;
  /** `undefined`: the id is taken. */
  create(id: string, draft: ProfileDraft, by: string): Promise<Profile | undefined>;
  /** `undefined`: `version` is not the newest, or the profile is gone. */
  save(id: string, version: number, draft: ProfileDraft, by: string): Promise<Profile | undefined>;
  /** False: there was none. */
  remove(id: string): Promise<boolean>;
  /** The id of the one that own commands get where none is chosen, if there is one. */
  ownDefault(): Promise<string | null>;
  /** False: there is no such profile. */
  setOwnDefault(id: string | null): Promise<boolean>;
}

/** A bookmark that somebody wrote. `owner` is `''` for those of the system. */
export interface StoredBookmark {
  readonly id: string;
  readonly owner: string;
  readonly text: BookmarkText;
  readonly version: number;
  readonly changed: number;
  readonly by: string;
}

/** A start as its owner may want it again; two of them are the same if all of this is. */
export type StartToKeep = Omit<PastStart, 'id' | 'at' | 'ask'> & {
  /** A password was typed into one of its forms, and is not kept. */
  readonly hadSecrets: boolean;
};
export type KeptStart = StartToKeep & Pick<PastStart, 'id' | 'at'>;

/** Whoever calls has checked who may do what; nothing here knows of groups. */
export interface BookmarkStore {
  list(owner: string): Promise<readonly StoredBookmark[]>;
  get(id: string): Promise<StoredBookmark | undefined>;
  /** `undefined`: `most` of this owner are there already. */
  create(owner: string, text: BookmarkText, by: string, most: number): Promise<StoredBookmark | undefined>;
  /** `undefined`: `version` is not the newest, or the bookmark is gone. */
  save(id: string, version: number, text: BookmarkText, by: string): Promise<StoredBookmark | undefined>;
  /** False: there was none. */
  remove(id: string): Promise<boolean>;
  /** One that was deleted less than a day ago. */
  deleted(id: string): Promise<StoredBookmark | undefined>;
  restore(id: string): Promise<void>;
  /** Ids of bookmarks of the system and of the machine that nobody is shown. */
  hidden(): Promise<ReadonlySet<string>>;
  setHidden(id: string, hidden: boolean): Promise<void>;
  /** Ids in the person's own order. */
  favourites(login: string): Promise<string[]>;
  /** At the end, or before another favourite. Past `most` nothing is added. */
  setFavourite(
    login: string,
    id: string,
    favourite: boolean,
    before: string | undefined,
    most: number,
  ): Promise<string[]>;
  /** Newest first. */
  past(login: string): Promise<KeptStart[]>;
  /** The same thing started again moves to the front; of the oldest past `most` nothing is kept. */
  remember(login: string, start: StartToKeep, most: number): Promise<void>;
  /** One, or all. False: there was none. */
  forget(login: string, id: string | undefined): Promise<boolean>;
}

/** A deleted bookmark can be taken back for so long. */
export const BOOKMARK_GRACE_MS = 24 * 3600 * 1000;
/** What decides, and what runs beside it. */
export interface LiveFunction {
  /** `undefined`: nothing was published, so the built-in behaviour decides. */
  readonly live: { readonly body: FunctionBody; readonly version: number } | undefined;
  readonly shadow: { readonly body: FunctionBody; readonly revision: number } | undefined;
}

/** The functions of the site. Whoever publishes has checked the body. */
export interface FunctionLibrary {
  /** One of each kind, in the order of a start. */
  list(): Promise<AdminFunctionSummary[]>;
  /** The newest revision's; `undefined` where nothing was ever saved. */
  body(name: FunctionName, revision?: number): Promise<FunctionBody | undefined>;
  get(name: FunctionName): Promise<AdminFunctionSummary>;
  /** Newest first. */
  revisions(name: FunctionName): Promise<FunctionRevision[]>;
  /** False: `revision` is not the newest. The same body again is no new revision. */
  save(name: FunctionName, revision: number, body: FunctionBody, by: string): Promise<boolean>;
  /** The newest revision decides from now on. False as for `save`. */
  publish(name: FunctionName, revision: number, by: string): Promise<boolean>;
  /** Publishes an older revision again; a draft stays a draft. False: there is no such revision. */
  rollBack(name: FunctionName, revision: number, by: string): Promise<boolean>;
  /** The built-in behaviour decides again. False: it does already. */
  remove(name: FunctionName): Promise<boolean>;
  live(name: FunctionName): Promise<LiveFunction>;
  /** One at least. Gives their ids, in the same order. Only the newest are kept. */
  record(name: FunctionName, inputs: readonly NewInput[]): Promise<number[]>;
  /** Newest first. */
  inputs(name: FunctionName): Promise<RecordedInput[]>;
  input(name: FunctionName, id: number): Promise<RecordedInputWithData | undefined>;
  /** Counts from the beginning, and forgets what was found before. False: there is no such revision. */
  setShadow(name: FunctionName, revision: number | null): Promise<boolean>;
  shadow(name: FunctionName): Promise<ShadowReport>;
  /** A run beside the live one, if `revision` still is the one that does. */
  addShadowRun(name: FunctionName, revision: number, run: ShadowRun): Promise<void>;
}

/** What a function was asked and what it gave, as it is recorded. */
export type NewInput = Omit<RecordedInputWithData, 'id' | 'at' | 'state'>;

/** `skipped`: it was left out. Otherwise what both gave, and whether that is the same. */
export type ShadowRun =
  | { readonly state: 'skipped' }
  | {
      readonly state: 'ran';
      readonly same: boolean;
      readonly input: number | null;
      readonly live: FunctionOutcome;
      readonly shadow: FunctionOutcome;
    };

/** A job and the card that stands for it until its session is there, and after. Times are milliseconds since 1970. */
export const StoredJob = z.object({
  user: z.object({ login: z.string(), uid: z.number(), gid: z.number(), home: z.string() }),
  start: z.object({
    id: SessionId,
    name: z.string(),
    command: z.string(),
    geometry: z.string(),
    params: Params,
    profile: z.nullable(z.string()),
    keyboardLayout: z.string(),
  }),
  at: z.number(),
  /** Its `id` is empty until the scheduler has given one. */
  job: Job,
  /** The owner asked for its end, so the end is no failure. */
  cancelled: z.boolean(),
  /** When the card ended without a session. */
  ended: z.nullable(z.number()),
  error: z.nullable(ApiError),
});
export type StoredJob = z.infer<typeof StoredJob>;

export interface JobStore {
  put(job: StoredJob): Promise<void>;
  all(): Promise<StoredJob[]>;
  remove(sessionId: string): Promise<void>;
}

export interface Store {
  readonly jobs: JobStore;
  readonly settings: {
    get(key: string): Promise<string | undefined>;
    set(key: string, value: string): Promise<void>;
    /** The value that is there, or `make()` kept from now on. */
    getOrCreate(key: string, make: () => string): Promise<string>;
  };
  readonly tokens: {
    add(token: LiveToken): Promise<void>;
    /** `undefined` once revoked or past its end. */
    find(jti: string): Promise<LiveToken | undefined>;
    revoke(jti: string): Promise<void>;
    /** The live ones of one person, newest use first. */
    list(login: string): Promise<LiveToken[]>;
    /** Those of everybody. */
    all(): Promise<LiveToken[]>;
    touch(jti: string, lastUsed: number): Promise<void>;
  };
  readonly audit: AuditStore;
  readonly rules: RuleStore;
  readonly documents: DocumentStore;
  readonly loginLinks: {
    add(hash: string): Promise<void>;
    all(): Promise<LoginLink[]>;
    /** True for exactly one caller, however many ask at once. */
    use(hash: string): Promise<boolean>;
    /** Forgets links that nobody used, so that only the newest one works. */
    dropUnused(): Promise<void>;
  };
  readonly resume: {
    /** A first token for a viewer that came with a ticket. */
    issue(hash: string, grant: ResumeGrant): Promise<void>;
    find(hash: string): Promise<ResumeGrant | undefined>;
    /** `next` becomes the viewer's token; what it had before stays good for `RESUME_OVERLAP_MS`. */
    rotate(presented: string, next: string, grant: ResumeGrant): Promise<void>;
    dropClient(clientId: string): Promise<void>;
    dropSession(sessionId: string): Promise<void>;
    /** All viewers of one login. */
    dropLogin(jti: string): Promise<void>;
  };
  readonly forms: {
    list(): Promise<Form[]>;
    get(id: string): Promise<Form | undefined>;
    /** Keeps the one that is there, or was deleted: what a person has done is not undone by a shipped form. */
    addMissing(form: Form): Promise<void>;
  };
  readonly library: FormLibrary;
  readonly profiles: ProfileStore;
  readonly bookmarks: BookmarkStore;
  readonly lent: LentStore;
  readonly functions: FunctionLibrary;
  readonly traces: {
    add(trace: StartTrace): Promise<void>;
    recent(login: string, limit: number): Promise<StartTrace[]>;
  };
  /** Forgets what has run out. Cheap; called now and then. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** A lost answer must lock nobody out, so the token before the newest works on for this long. */
export const RESUME_OVERLAP_MS = 30_000;
/** A viewer that was away for longer than this asks its portal for a ticket again. */
export const RESUME_LIFETIME_MS = 7 * 24 * 3600 * 1000;
