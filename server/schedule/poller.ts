/**
 * Looks at jobs now and then, all of one person and scheduler at once: soon after something has changed, ever more
 * seldom while nothing does. Never twice at the same time, and not at all where there is nothing to follow.
 */
const FIRST_MS = 2000;
const LAST_MS = 60_000;
const SLOWER = 1.5;

interface Group {
  readonly ids: Set<string>;
  ms: number;
  timer: NodeJS.Timeout | undefined;
  busy: boolean;
  /** Somebody wants another look as soon as this one is done. */
  again: boolean;
}

export class Poller {
  readonly #look: (ids: readonly string[]) => Promise<boolean>;
  readonly #failed: (cause: unknown) => void;
  readonly #first: number;
  readonly #last: number;
  readonly #groups = new Map<string, Group>();
  #closed = false;
  /** Whether one is to be followed any longer. */
  wanted: (id: string) => boolean = () => true;

  /** `look` says whether there was news. */
  constructor(
    look: (ids: readonly string[]) => Promise<boolean>,
    failed: (cause: unknown) => void,
    [first, last]: readonly [number, number] = [FIRST_MS, LAST_MS],
  ) {
    this.#look = look;
    this.#failed = failed;
    this.#first = first;
    this.#last = last;
  }

  add(name: string, id: string): void {
    const group = this.#groups.get(name) ?? { ids: new Set(), ms: 0, timer: undefined, busy: false, again: false };
    group.ids.add(id);
    this.#groups.set(name, group);
    this.soon(name);
  }

  /** Something is known to have changed. */
  soon(name: string): void {
    const group = this.#groups.get(name);
    if (!group || this.#closed) return;
    group.ms = this.#first;
    if (group.busy) group.again = true;
    else this.#plan(name, group);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#groups.values()) clearTimeout(timer);
  }

  #plan(name: string, group: Group): void {
    clearTimeout(group.timer);
    if (this.#closed) return;
    group.timer = setTimeout(() => void this.#run(name, group), group.ms);
  }

  async #run(name: string, group: Group): Promise<void> {
    for (const id of group.ids) if (!this.wanted(id)) group.ids.delete(id);
    if (group.ids.size === 0) {
      this.#groups.delete(name);
      return;
    }
    group.busy = true;
    let news = false;
    try {
      news = await this.#look([...group.ids]);
    } catch (cause) {
      if (!this.#closed) this.#failed(cause);
    }
    group.busy = false;
    group.ms = news || group.again ? this.#first : Math.min(group.ms * SLOWER, this.#last);
    group.again = false;
    this.#plan(name, group);
  }
}
