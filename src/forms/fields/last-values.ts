/** What a person answered the last time, per person and form, in whatever keeps text by key. */
import { Answers, type Form } from '../../contract/form.ts';
import { rememberable } from './prefill.ts';

/** As much of `localStorage` as is used. May throw when it is full or forbidden; that is nobody's problem here. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Characters; answers longer than that are not worth a person's store. */
const LONGEST = 64 * 1024;

export class LastValues {
  readonly #store: () => TextStore;
  readonly #login: string;

  /** `store` is asked each time: touching a forbidden one throws already. */
  constructor(store: () => TextStore, login: string) {
    this.#store = store;
    this.#login = login;
  }

  /** The last answers to this very version of the form; another version asks other things. */
  load(form: Pick<Form, 'id' | 'version'>): Answers | undefined {
    try {
      const text = this.#store().getItem(this.#key(form));
      const kept: unknown = text === null ? undefined : JSON.parse(text);
      if (typeof kept !== 'object' || kept === null || !('version' in kept) || !('answers' in kept)) return undefined;
      const answers = Answers.safeParse(kept.answers);
      return kept.version === form.version && answers.success ? answers.data : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps what may be kept, in the place of what was kept of an earlier version. */
  save(form: Pick<Form, 'id' | 'version' | 'fields'>, answers: Answers): void {
    try {
      const text = JSON.stringify({ version: form.version, answers: rememberable(form.fields, answers) });
      if (text.length <= LONGEST) this.#store().setItem(this.#key(form), text);
    } catch {
      // Full or forbidden: the form will open with its defaults.
    }
  }

  forget(form: Pick<Form, 'id'>): void {
    try {
      this.#store().removeItem(this.#key(form));
    } catch {
      // Nothing was kept there either.
    }
  }

  #key(form: Pick<Form, 'id'>): string {
    // As JSON, so that no login and form id together can look like another pair.
    return `casement.form ${JSON.stringify([this.#login, form.id])}`;
  }
}
