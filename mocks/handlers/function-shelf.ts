/** The functions of the mock server with their history, in memory; the rules are those of a real one. */
import { CasementError } from '../../src/contract/errors.ts';
import { SAMPLE_INPUTS, SAMPLE_TEXTS } from '../../src/contract/function-samples.ts';
import {
  FUNCTION_NAMES,
  type AdminFunction,
  type AdminFunctionSummary,
  type FunctionBody,
  type FunctionName,
  type FunctionRevision,
  type FunctionRun,
  type RecordedInputWithData,
  type ShadowReport,
} from '../../src/contract/functions.ts';
import type { JsonValue } from '../../src/contract/json.ts';
import { loadEngine } from '../../src/sandbox/engine.ts';
import { Sandbox } from '../../src/sandbox/run.ts';

interface Kept {
  revision: FunctionRevision;
  readonly body: FunctionBody;
}

interface Shelved {
  /** Newest first. */
  revisions: Kept[];
  live: Kept | undefined;
  shadow: { revision: number; since: number } | null;
  readonly inputs: RecordedInputWithData[];
}

export function builtInBody(name: FunctionName): FunctionBody {
  return { kind: 'built-in', choice: name === 'load-balancing' ? 'fewest-sessions' : 'default' };
}

const now = () => performance.now();

export class FunctionShelf {
  readonly #functions: ReadonlyMap<FunctionName, Shelved>;
  readonly #login: string;
  #sandbox: Promise<Sandbox> | undefined;

  constructor(login: string) {
    this.#login = login;
    this.#functions = new Map(
      FUNCTION_NAMES.map((name) => [name, { revisions: [], live: undefined, shadow: null, inputs: [] }]),
    );
  }

  list(): AdminFunctionSummary[] {
    return FUNCTION_NAMES.map((name) => this.#summary(name));
  }

  async read(name: FunctionName): Promise<AdminFunction> {
    const { revisions } = this.#get(name);
    const body = revisions[0]?.body ?? builtInBody(name);
    return {
      ...this.#summary(name),
      body,
      failure: body.kind === 'javascript' ? (await this.#load()).check(body.text).failure : null,
      revisions: revisions.map(({ revision }) => revision),
    };
  }

  /** `by`: somebody else, for a test of two. */
  async save(name: FunctionName, body: FunctionBody, revision: number, by = this.#login): Promise<AdminFunction> {
    const one = await this.#newest(name, revision);
    if (JSON.stringify(one.revisions[0]?.body) !== JSON.stringify(body)) {
      one.revisions = [this.#keep(revision + 1, body, by), ...one.revisions];
    }
    return this.read(name);
  }

  async publish(name: FunctionName, revision: number): Promise<AdminFunction> {
    const one = await this.#newest(name, revision);
    const [head] = one.revisions;
    if (!head) throw new CasementError('not-found');
    await this.#publish(one, head);
    return this.read(name);
  }

  async rollBack(name: FunctionName, revision: number): Promise<AdminFunction> {
    const one = this.#get(name);
    const [head] = one.revisions;
    if (!head) throw new CasementError('not-found');
    const again = this.#keep(head.revision.revision + 1, this.text(name, revision));
    await this.#usable(again.body);
    one.revisions = [again, ...one.revisions];
    await this.#publish(one, again);
    if (head.revision.version === null) {
      one.revisions = [this.#keep(head.revision.revision + 2, head.body, head.revision.by), ...one.revisions];
    }
    return this.read(name);
  }

  remove(name: FunctionName): Promise<AdminFunction> {
    const one = this.#get(name);
    if (!one.live) throw new CasementError('not-found');
    one.live = undefined;
    return this.read(name);
  }

  text(name: FunctionName, revision: number): FunctionBody {
    const found = this.#get(name).revisions.find((one) => one.revision.revision === revision);
    if (!found) throw new CasementError('not-found');
    return found.body;
  }

  /** There are no executables here, as on a server where nobody has put one. */
  async dryRun(
    name: FunctionName,
    body: FunctionBody | undefined,
    revision: number | undefined,
    input: JsonValue,
  ): Promise<FunctionRun> {
    const one = this.#get(name);
    const tried = body ?? (revision === undefined ? (one.live?.body ?? builtInBody(name)) : this.text(name, revision));
    return this.#run(name, tried, input);
  }

  inputs(name: FunctionName): RecordedInputWithData[] {
    return this.#get(name).inputs;
  }

  /** As if a start had brought this input. */
  record(name: FunctionName, input: JsonValue = SAMPLE_INPUTS[name]): void {
    const { inputs } = this.#get(name);
    const outcome = { state: 'returned', result: null } as const;
    const one = { id: (inputs[0]?.id ?? 0) + 1, at: Date.now(), login: this.#login, state: outcome.state, ms: 1 };
    inputs.unshift({ ...one, input, outcome });
  }

  async setShadow(name: FunctionName, revision: number | null): Promise<ShadowReport> {
    if (revision !== null) await this.#usable(this.text(name, revision));
    this.#get(name).shadow = revision === null ? null : { revision, since: Date.now() };
    return this.shadow(name);
  }

  shadow(name: FunctionName): ShadowReport {
    const { shadow } = this.#get(name);
    const { revision, since } = shadow ?? { revision: null, since: null };
    return { revision, since, runs: 0, different: 0, failed: 0, skipped: 0, differences: [] };
  }

  async #run(name: FunctionName, body: FunctionBody, input: JsonValue): Promise<FunctionRun> {
    if (body.kind === 'executable') {
      const failure = { cause: 'executable', message: `${body.path}: not found` } as const;
      return { outcome: { state: 'failed', failure }, problem: null, logs: [], ms: 0 };
    }
    const text = body.kind === 'javascript' ? body.text : SAMPLE_TEXTS[name];
    const sandbox = await this.#load();
    const { outcome, logs, ms, spoilt } = sandbox.run(text, JSON.stringify(input));
    if (spoilt) this.#sandbox = undefined;
    return { outcome, problem: null, logs, ms };
  }

  #load(): Promise<Sandbox> {
    this.#sandbox ??= loadEngine().then((engine) => new Sandbox(engine, now));
    return this.#sandbox;
  }

  #summary(name: FunctionName): AdminFunctionSummary {
    const { revisions, live, shadow } = this.#get(name);
    const head = revisions[0]?.revision;
    return {
      name,
      revision: head?.revision ?? 0,
      published: live?.revision.version ?? null,
      live: live?.body.kind ?? 'built-in',
      draft: head !== undefined && head.version === null,
      at: head?.at ?? 0,
      by: head?.by ?? '',
      shadow: shadow?.revision ?? null,
    };
  }

  #get(name: FunctionName): Shelved {
    const one = this.#functions.get(name);
    if (!one) throw new CasementError('not-found');
    return one;
  }

  async #newest(name: FunctionName, revision: number): Promise<Shelved> {
    const one = this.#get(name);
    if ((one.revisions[0]?.revision.revision ?? 0) !== revision) {
      throw new CasementError('function-conflict', { details: { function: await this.read(name) } });
    }
    return one;
  }

  #keep(revision: number, body: FunctionBody, by = this.#login): Kept {
    const unpublished = { version: null, publishedAt: null, publishedBy: null };
    return { body, revision: { revision, kind: body.kind, at: Date.now(), by, ...unpublished } };
  }

  async #usable(body: FunctionBody): Promise<void> {
    const failure = body.kind === 'javascript' ? (await this.#load()).check(body.text).failure : null;
    if (failure) throw new CasementError('function-unusable', { details: { failure } });
  }

  async #publish(one: Shelved, kept: Kept): Promise<void> {
    await this.#usable(kept.body);
    if (kept.revision.version === null) {
      const version = Math.max(0, ...one.revisions.map(({ revision }) => revision.version ?? 0)) + 1;
      kept.revision = { ...kept.revision, version, publishedAt: Date.now(), publishedBy: this.#login };
    }
    one.live = kept;
  }
}
