/** Typed listeners by event name. Calls them in the order in which they were added. */
export class Emitter<Events extends object> {
  #sets: { [Name in keyof Events]?: Set<(body: Events[Name], code?: string) => void> } = {};

  /** Returns the way to stop listening. */
  on<Name extends keyof Events>(event: Name, listener: (body: Events[Name], code?: string) => void): () => void {
    const set: Set<(body: Events[Name], code?: string) => void> = this.#sets[event] ?? new Set();
    this.#sets[event] = set;
    set.add(listener);
    return () => set.delete(listener);
  }

  emit<Name extends keyof Events>(event: Name, body: Events[Name], code?: string): void {
    for (const listener of this.#sets[event] ?? []) listener(body, code);
  }

  clear(): void {
    this.#sets = {};
  }
}
