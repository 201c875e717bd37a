/** The resume token of one frame, for F5. Kept per slot: frames of one page and origin share their `sessionStorage`. */
const PREFIX = 'casement.resume.';

export class ResumeStore {
  readonly #storage: () => Storage;
  readonly #key: string;
  /** For browsers that refuse storage to a frame: at least reconnecting works. */
  #token: string | undefined;

  constructor(storage: () => Storage, slot: string) {
    this.#storage = storage;
    this.#key = PREFIX + slot;
  }

  load(): string | undefined {
    try {
      this.#token ??= this.#storage().getItem(this.#key) ?? undefined;
    } catch {
      // Storage is blocked; what is in memory counts.
    }
    return this.#token;
  }

  save(token: string): void {
    this.#token = token;
    try {
      this.#storage().setItem(this.#key, token);
    } catch {
      // As above.
    }
  }

  clear(): void {
    this.#token = undefined;
    try {
      this.#storage().removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}
