/** Names of files are bytes; the contract's are text. What is no UTF-8 becomes lone surrogates, and bytes again. */
import { CasementError } from '../../src/contract/errors.ts';

/** Of one name, on every file system there is here. */
export const MAX_NAME_BYTES = 255;
const ESCAPE = 0xdc00;

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function pathText(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return whole;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const one = at + length <= bytes.length ? decoded(bytes.subarray(at, at + length)) : undefined;
    text += one ?? String.fromCharCode(ESCAPE + lead);
    at += one === undefined ? 1 : length;
  }
  return text;
}

/** @throws CasementError `file-name` for what no name can have */
export function pathBytes(text: string): Buffer {
  if (text.includes('\0')) throw new CasementError('file-name');
  const pieces: Buffer[] = [];
  // By code points, so that half of a pair is never taken for one that stands alone.
  for (const char of text) {
    const unit = char.length === 1 ? char.charCodeAt(0) : 0;
    pieces.push(unit >= ESCAPE + 0x80 && unit <= ESCAPE + 0xff ? Buffer.from([unit - ESCAPE]) : Buffer.from(char));
  }
  return Buffer.concat(pieces);
}

/**
 * The name that a file of a person's is given. Line breaks and other control characters are legal on Linux and a trap
 * for every script that meets them, so they are refused like the rest.
 *
 * @throws CasementError `file-name`
 */
export function newName(text: string): Buffer {
  const unfit = text === '' || text === '.' || text === '..' || /[/\p{Cc}\p{Surrogate}]/u.test(text);
  const bytes = Buffer.from(text);
  if (unfit || bytes.length > MAX_NAME_BYTES) throw new CasementError('file-name');
  return bytes;
}

/** `report (2).pdf`: the name with a number, cut where it would become too long. */
export function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  const [stem, end] = dot > 0 && name.length - dot <= 16 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const tail = ` (${number})${end}`;
  // By code points, so that none is cut in two.
  const points = Array.from(stem);
  while (Buffer.byteLength(points.join('') + tail) > MAX_NAME_BYTES) points.pop();
  return points.join('') + tail;
}
