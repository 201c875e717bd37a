/** The forms of the mock server with their history, in memory; the rules are those of a real one. */
import type { AdminForm, AdminFormSummary, FormRevision } from '../../src/contract/admin-forms.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Form } from '../../src/contract/form.ts';
import { deriveFields, type Derived } from '../../src/forms/fields/index.ts';

interface Kept {
  revision: FormRevision;
  html: string;
}

interface Shelved {
  readonly id: string;
  /** Newest first, never empty. */
  revisions: [Kept, ...Kept[]];
  published: Form | undefined;
}

/** @throws CasementError `form-unusable` */
export function usable(html: string): Derived {
  const derived = deriveFields(html);
  const findings = derived.findings.filter(({ severity }) => severity === 'error');
  if (findings.length > 0) throw new CasementError('form-unusable', { details: { findings } });
  return derived;
}

export class FormShelf {
  readonly #forms = new Map<string, Shelved>();
  readonly #login: string;
  #defaults: string[] = [];

  constructor(shipped: readonly Form[], login: string) {
    this.#login = login;
    for (const form of shipped) {
      const kept = { ...this.#keep(1, form.name, form.html), html: form.html };
      kept.revision = { ...kept.revision, version: 1, at: 0, by: '', publishedAt: 0, publishedBy: '' };
      this.#forms.set(form.id, { id: form.id, revisions: [kept], published: form });
    }
  }

  published(id: string): Form | undefined {
    return this.#forms.get(id)?.published;
  }

  listed(): { id: string; name: string; isDefault?: boolean }[] {
    const all = [...this.#forms.values()].flatMap(({ published }) => (published ? [published] : []));
    const defaults = this.defaults();
    return [
      ...defaults.flatMap((id) => all.filter((form) => form.id === id)),
      ...all.filter(({ id }) => !defaults.includes(id)),
    ].map(({ id, name }) => ({ id, name, ...(defaults.includes(id) ? { isDefault: true } : {}) }));
  }

  defaults(): string[] {
    return this.#defaults.filter((id) => this.published(id));
  }

  list(): AdminFormSummary[] {
    return [...this.#forms.keys()].map((id) => {
      const { html: _html, findings, revisions: _all, ...summary } = this.read(id);
      return { ...summary, warnings: findings.length };
    });
  }

  read(id: string): AdminForm {
    const { revisions, published } = this.#get(id);
    const [{ revision, html }] = revisions;
    return {
      id,
      html,
      name: revision.name,
      revision: revision.revision,
      at: revision.at,
      by: revision.by,
      published: published?.version ?? null,
      draft: revision.version === null,
      findings: deriveFields(html).findings,
      revisions: revisions.map((one) => one.revision),
    };
  }

  text(id: string, revision: number): { name: string; html: string } {
    const found = this.#get(id).revisions.find((one) => one.revision.revision === revision);
    if (!found) throw new CasementError('not-found');
    return { name: found.revision.name, html: found.html };
  }

  create(name: string, html: string): AdminForm {
    usable(html);
    const base = (name.toLowerCase().match(/[\p{L}\p{Nd}]+/gu) ?? ['form']).join('-');
    let id = base;
    for (let n = 2; this.#forms.has(id); n++) id = `${base}-${n}`;
    this.#forms.set(id, { id, revisions: [this.#keep(1, name, html)], published: undefined });
    return this.read(id);
  }

  /** `by`: somebody else, for a test of two. */
  save(id: string, text: { name: string; html: string; revision: number }, by = this.#login): AdminForm {
    usable(text.html);
    const form = this.#newest(id, text.revision);
    const [head] = form.revisions;
    if (head.html !== text.html || head.revision.name !== text.name) {
      form.revisions = [this.#keep(text.revision + 1, text.name, text.html, by), ...form.revisions];
    }
    return this.read(id);
  }

  publish(id: string, revision: number): AdminForm {
    const form = this.#newest(id, revision);
    const [head] = form.revisions;
    if (head.revision.version === null) this.#publish(form, head);
    return this.read(id);
  }

  rollBack(id: string, revision: number): AdminForm {
    const form = this.#get(id);
    const { name, html } = this.text(id, revision);
    const [head] = form.revisions;
    const again = this.#keep(head.revision.revision + 1, name, html);
    form.revisions = [again, ...form.revisions];
    this.#publish(form, again);
    if (head.revision.version === null) {
      const draft = this.#keep(head.revision.revision + 2, head.revision.name, head.html, head.revision.by);
      form.revisions = [draft, ...form.revisions];
    }
    return this.read(id);
  }

  remove(id: string): void {
    this.#get(id);
    this.#forms.delete(id);
  }

  setDefaults(before: readonly string[], forms: readonly string[]): string[] {
    if (this.defaults().join(' ') !== before.join(' ')) {
      throw new CasementError('form-conflict', { details: { forms: this.defaults() } });
    }
    const unknown = forms.find((id) => !this.published(id));
    if (unknown !== undefined) throw new CasementError('form-unknown', { details: { form: unknown } });
    this.#defaults = [...new Set(forms)];
    return this.defaults();
  }

  #get(id: string): Shelved {
    const form = this.#forms.get(id);
    if (!form) throw new CasementError('not-found');
    return form;
  }

  #newest(id: string, revision: number): Shelved {
    const form = this.#get(id);
    if (form.revisions[0].revision.revision !== revision) {
      throw new CasementError('form-conflict', { details: { form: this.read(id) } });
    }
    return form;
  }

  #keep(revision: number, name: string, html: string, by = this.#login): Kept {
    const unpublished = { version: null, publishedAt: null, publishedBy: null };
    return { html, revision: { revision, name, at: Date.now(), by, ...unpublished } };
  }

  #publish(form: Shelved, kept: Kept): void {
    const version = Math.max(0, ...form.revisions.map((one) => one.revision.version ?? 0)) + 1;
    kept.revision = { ...kept.revision, version, publishedAt: Date.now(), publishedBy: this.#login };
    const { name } = kept.revision;
    form.published = { id: form.id, name, html: kept.html, version, fields: usable(kept.html).fields };
  }
}
