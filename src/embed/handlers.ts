/** Who in the page answers ClientComm messages, by their type. */

/** A ClientComm message of a type that the viewer does not know. */
export interface CustomMessage {
  readonly type: string;
  /** The data, parsed when it is JSON. */
  readonly data: unknown;
  readonly from: string | undefined;
  /** `true`: a script waits for the answer. */
  readonly query: boolean;
}

/** What it returns, or its promise resolves with, is the answer: text as it is, anything else as JSON. */
export type MessageHandler = (message: CustomMessage) => unknown;

export class MessageHandlers {
  /** A `Map`, since types come from outside and may be spelled like an object's own members. */
  readonly #byType = new Map<string, Set<MessageHandler>>();
  readonly #others: MessageHandler | undefined;

  constructor(others: MessageHandler | undefined) {
    this.#others = others;
  }

  /** Returns the way to remove it. */
  add(type: string, handler: MessageHandler): () => void {
    const set = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, set);
    set.add(handler);
    return () => {
      set.delete(handler);
      if (set.size === 0 && this.#byType.get(type) === set) this.#byType.delete(type);
    };
  }

  /** The work that handles this message; `undefined`: nobody does. */
  find(message: CustomMessage): (() => unknown) | undefined {
    const handlers = [...(this.#byType.get(message.type) ?? (this.#others ? [this.#others] : []))];
    const [first] = handlers;
    if (!first) return undefined;
    return handlers.length === 1 ? () => first(message) : () => firstAnswer(handlers, message);
  }
}

/** All are called; the answer is of the first, in the order in which they were added, that has one. */
async function firstAnswer(handlers: readonly MessageHandler[], message: CustomMessage): Promise<unknown> {
  const outcomes = handlers.map(async (handler) => handler(message));
  for (const outcome of outcomes) outcome.catch(() => undefined);
  for (const outcome of outcomes) {
    const result = await outcome;
    if (result !== undefined) return result;
  }
  return undefined;
}
