/**
 * Long text frames in parts, the same on both ends of the viewer's socket: at most two parts are on their way at a
 * time, so that a large message never holds up the picture that shares the connection.
 */
import type { Part } from './socket.ts';

/** Characters. A longer message would hold the picture up on a slow line (1 MiB in one piece: 870 ms at 10 Mbit/s). */
export const MAX_TEXT_FRAME = 16 * 1024;
/** Parts of one message. */
export const MAX_PARTS = 4096;

/**
 * What may overtake a long message: acknowledgements, which it waits for, signs of life, and what keys that follow it
 * would overtake, since those go as RFB. All else stays in order.
 */
const OVERTAKES = /^\{"t":"(?:ping|pong|part\.ack|type|window)"/;

/** Two: one being received while the next is on its way. More would only queue in front of the picture. */
const WINDOW = 2;
/** Characters of one whole message put together again: the data's 1 MiB, JSON-escaped at worst sixfold, and room around it. */
const MAX_MESSAGE = 6 * 1024 * 1024 + 65536;
/** Messages of one peer that may be incomplete at the same time; ours sends them one after another. */
const MAX_OPEN = 4;

/** Splits what is too long and paces it by the peer's acknowledgements. Owns nothing but its queue. */
export class PartSender {
  readonly #send: (frame: string) => void;
  #nextId = 1;
  #queue: { readonly frame: string; readonly part: boolean }[] = [];
  #inFlight = 0;
  #queued = 0;

  constructor(send: (frame: string) => void) {
    this.#send = send;
  }

  /** Sends one JSON text, whole when it is short. */
  send(json: string): void {
    if (json.length <= MAX_TEXT_FRAME) {
      if (this.#queue.length === 0 || OVERTAKES.test(json)) this.#send(json);
      else this.#push(json, false);
      return;
    }
    const id = this.#nextId++;
    const n = Math.ceil(json.length / MAX_TEXT_FRAME);
    for (let i = 0; i < n; i++) {
      const text = json.slice(i * MAX_TEXT_FRAME, (i + 1) * MAX_TEXT_FRAME);
      this.#push(JSON.stringify({ t: 'part', id, i, n, text } satisfies Part), true);
    }
    this.#pump();
  }

  /** Characters that wait for acknowledgements. */
  get queued(): number {
    return this.#queued;
  }

  acknowledged(): void {
    if (this.#inFlight > 0) this.#inFlight--;
    this.#pump();
  }

  #push(frame: string, part: boolean): void {
    this.#queue.push({ frame, part });
    this.#queued += frame.length;
  }

  #pump(): void {
    for (let next = this.#queue[0]; next && (!next.part || this.#inFlight < WINDOW); next = this.#queue[0]) {
      this.#queue.shift();
      this.#queued -= next.frame.length;
      if (next.part) this.#inFlight++;
      this.#send(next.frame);
    }
  }
}

/**
 * Reads a text frame that is about parts, as the schemas of `socket.ts` do, in a few lines: the viewer's worker has no
 * other use for zod. `undefined`: it is about something else, or no such frame.
 */
export function parsePartFrame(text: string): Part | { t: 'part.ack' } | undefined {
  if (!/^\s*\{\s*"t"\s*:\s*"part/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('t' in value)) return undefined;
  const { t, id, i, n, text: content }: { t: unknown; id?: unknown; i?: unknown; n?: unknown; text?: unknown } = value;
  if (!isCount(id, Number.MIN_SAFE_INTEGER) || !isCount(i, t === 'part' ? 0 : Number.MIN_SAFE_INTEGER))
    return undefined;
  if (t === 'part.ack') return { t };
  if (t !== 'part' || !isCount(n, 1) || n > MAX_PARTS || typeof content !== 'string') return undefined;
  return { t, id, i, n, text: content };
}

function isCount(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

/** Puts parts together again. Returns the whole JSON text with the last part, `undefined` before, and throws on nonsense. */
export class PartReceiver {
  readonly #open = new Map<number, { next: number; n: number; texts: string[]; length: number }>();

  receive(part: Part): string | undefined {
    let message = this.#open.get(part.id);
    if (!message) {
      if (part.i !== 0 || this.#open.size >= MAX_OPEN) throw new RangeError('a part without its beginning');
      message = { next: 0, n: part.n, texts: [], length: 0 };
      this.#open.set(part.id, message);
    }
    message.length += part.text.length;
    if (part.i !== message.next || part.n !== message.n || message.length > MAX_MESSAGE) {
      this.#open.delete(part.id);
      throw new RangeError('a part out of order or a message too long');
    }
    message.texts.push(part.text);
    message.next++;
    if (message.next < message.n) return undefined;
    this.#open.delete(part.id);
    return message.texts.join('');
  }
}
