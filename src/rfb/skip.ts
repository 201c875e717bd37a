/** Past bytes that nobody wants, without waiting for all of them at once. */
import type { ByteReader } from './byte-reader.ts';
import type { Parser } from './handshake.ts';

export function* skip(reader: ByteReader, count: number): Parser<void> {
  for (let left = count; left > 0;) {
    if (reader.available < 1) yield 1;
    const take = Math.min(left, reader.available);
    reader.skip(take);
    left -= take;
  }
}
