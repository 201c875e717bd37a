/** From chunks of any size to the lines that calls and answers are, on both ends of a lane. */

const NEWLINE = 10;

export class Lines {
  #parts: Buffer[] = [];
  #size = 0;

  /** Bytes of the line that has not ended yet. */
  get size(): number {
    return this.#size;
  }

  /** Without their ends. The chunk is its owner's again once all are taken. */
  *push(chunk: Buffer): Generator<string, void> {
    let from = 0;
    for (let to; (to = chunk.indexOf(NEWLINE, from)) >= 0; from = to + 1) {
      const line = Buffer.concat([...this.#parts, chunk.subarray(from, to)]).toString();
      this.#parts = [];
      this.#size = 0;
      yield line;
    }
    if (from === chunk.length) return;
    this.#parts.push(Buffer.from(chunk.subarray(from)));
    this.#size += chunk.length - from;
  }
}
