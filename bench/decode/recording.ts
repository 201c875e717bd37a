/** A recording as a page needs it: the handshake apart, since what is measured begins behind it. */

export interface Stream {
  width: number;
  height: number;
  lossy: boolean;
  finalRgbSha256: string;
  /** The server's bytes up to the end of ServerInit, as they came. */
  handshake: Uint8Array<ArrayBuffer>[];
  chunks: { at: number; bytes: Uint8Array<ArrayBuffer> }[];
  bytes: number;
}

/** File format: `RFBREC1`, a line of JSON, then frames of milliseconds, length and bytes. */
export function parseRecording(file: Uint8Array<ArrayBuffer>): Stream {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const first = file.indexOf(10);
  const second = file.indexOf(10, first + 1);
  const decoder = new TextDecoder();
  if (decoder.decode(file.subarray(0, first)) !== 'RFBREC1') throw new Error('not a recording');
  const head = JSON.parse(decoder.decode(file.subarray(first + 1, second))) as Omit<Stream, 'lossy'> & {
    encodings: string;
  };
  const all: Stream['chunks'] = [];
  for (let at = second + 1; at + 8 <= file.length;) {
    const length = view.getUint32(at + 4);
    all.push({ at: view.getUint32(at), bytes: file.slice(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  const { handshake, rest } = splitHandshake(all);
  return {
    width: head.width,
    height: head.height,
    lossy: head.encodings.includes('jpeg'),
    finalRgbSha256: head.finalRgbSha256,
    handshake,
    chunks: rest,
    bytes: rest.reduce((sum, chunk) => sum + chunk.bytes.length, 0),
  };
}

/** Greeting 12, security types 1 + n, result 4, ServerInit 24 + name. */
function splitHandshake(all: Stream['chunks']): { handshake: Uint8Array<ArrayBuffer>[]; rest: Stream['chunks'] } {
  const start = new Uint8Array(all.slice(0, 16).reduce((sum, chunk) => sum + chunk.bytes.length, 0));
  let filled = 0;
  for (const chunk of all.slice(0, 16)) {
    start.set(chunk.bytes, filled);
    filled += chunk.bytes.length;
  }
  const init = 12 + 1 + (start[12] ?? 0) + 4;
  const end = init + 24 + new DataView(start.buffer).getUint32(init + 20);
  const handshake: Uint8Array<ArrayBuffer>[] = [];
  const rest: Stream['chunks'] = [];
  let at = 0;
  for (const chunk of all) {
    const before = Math.min(Math.max(end - at, 0), chunk.bytes.length);
    if (before > 0) handshake.push(chunk.bytes.slice(0, before));
    if (before < chunk.bytes.length) rest.push({ at: chunk.at, bytes: chunk.bytes.slice(before) });
    at += chunk.bytes.length;
  }
  return { handshake, rest };
}
