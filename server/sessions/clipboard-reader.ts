/** Asks owners of selections for what they hold, in one piece or by INCR. One question at a time. */
import type { ClipFailure } from '../../src/contract/clipboard.ts';
import { TRANSFERS, type ClipboardDisplay, type XProperty } from './clipboard-display.ts';

/** A program that answers nothing for this long does not answer. */
const ANSWER_MS = 3000;
/** Somebody's clipboard that is too long is still taken from them to its end, so that they need not wait for us, but not for ever. */
const DRAIN_MS = 10_000;

export class ClipError extends Error {
  readonly reason: ClipFailure;

  constructor(reason: ClipFailure) {
    super(`clipboard: ${reason}`);
    this.reason = reason;
  }
}

interface Waiting {
  readonly selection: number;
  reject(error: Error): void;
}

/** Counts the new values of a property of our window. */
class Values {
  readonly stop: () => void;
  onNew: () => void = () => undefined;
  #count = 0;

  constructor(display: ClipboardDisplay, property: number) {
    this.stop = display.listen((event) => {
      if (
        event.name !== 'PropertyNotify' ||
        event.wid !== display.window ||
        event.atom !== property ||
        event.state !== 0
      )
        return;
      this.#count++;
      this.onNew();
    });
  }

  /** Whether there is one that has not been taken. */
  next(): boolean {
    if (this.#count === 0) return false;
    this.#count--;
    return true;
  }
}

export class SelectionReader {
  readonly #display: ClipboardDisplay;
  #queue: Promise<unknown> = Promise.resolve();
  #turn = 0;
  #waiting: Waiting | undefined;
  #closed = false;

  constructor(display: ClipboardDisplay) {
    this.#display = display;
  }

  /** Rejects with a `ClipError`: `gone` where the owner refuses. */
  read(selection: number, target: number, limit: number): Promise<XProperty> {
    const reading = this.#queue.then(() => this.#read(selection, target, limit));
    this.#queue = reading.catch(() => undefined);
    return reading;
  }

  /** The selection has another owner: what the one before was asked is not worth waiting for. */
  ownerChanged(selection: number): void {
    if (this.#waiting?.selection === selection) this.#waiting.reject(new ClipError('gone'));
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.reject(new ClipError('unavailable'));
  }

  async #read(selection: number, target: number, limit: number): Promise<XProperty> {
    if (this.#closed) throw new ClipError('unavailable');
    const { client, window, atoms } = this.#display;
    const property = atoms[TRANSFERS[this.#turn++ % TRANSFERS.length] ?? 'CASEMENT_0'];
    const answered = await this.#until<number>(
      selection,
      (event, done) => {
        if (event.name !== 'SelectionNotify' || 'subtype' in event) return;
        if (event.selection !== selection || event.target !== target) return;
        if (event.property === property || event.property === 0) done(event.property);
      },
      () => client.ConvertSelection(window, selection, target, property, 0),
    );
    if (answered === 0) throw new ClipError('gone');
    // By taking the first value its owner is told to go on; what then comes must not be missed.
    const values = new Values(this.#display, property);
    try {
      const whole = await this.#display.take(window, property, limit);
      if (whole.type === atoms.INCR) return await this.#pieces(selection, property, limit, values);
      if (whole.data.length > limit) throw new ClipError('too-large');
      return whole;
    } finally {
      values.stop();
    }
  }

  async #pieces(selection: number, property: number, limit: number, values: Values): Promise<XProperty> {
    const { window } = this.#display;
    const pieces: Buffer[] = [];
    let bytes = 0;
    let giveUp = Infinity;
    for (;;) {
      if (!values.next()) {
        const idle = this.#until<void>(
          selection,
          () => undefined,
          (done) => (values.onNew = done),
        );
        await idle.catch((error: unknown) => {
          throw bytes > limit ? new ClipError('too-large') : error;
        });
        continue;
      }
      const piece = await this.#display.take(window, property, limit);
      if (piece.data.length === 0) {
        if (bytes > limit) throw new ClipError('too-large');
        return { type: piece.type, data: Buffer.concat(pieces) };
      }
      bytes += piece.data.length;
      if (bytes <= limit) pieces.push(piece.data);
      else {
        pieces.length = 0;
        if (giveUp === Infinity) giveUp = Date.now() + DRAIN_MS;
        if (Date.now() > giveUp) throw new ClipError('too-large');
      }
    }
  }

  /** One thing that an owner has to do, within the time that it is given. */
  #until<Result>(
    selection: number,
    listener: (event: Parameters<Parameters<ClipboardDisplay['listen']>[0]>[0], done: (result: Result) => void) => void,
    begin: (done: (result: Result) => void) => void,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const over = () => {
        clearTimeout(timer);
        stop();
        this.#waiting = undefined;
      };
      const done = (result: Result) => {
        over();
        resolve(result);
      };
      const fail = (error: Error) => {
        over();
        reject(error);
      };
      const timer = setTimeout(() => fail(new ClipError('timeout')), ANSWER_MS);
      const stop = this.#display.listen((event) => listener(event, done));
      this.#waiting = { selection, reject: fail };
      begin(done);
    });
  }
}
