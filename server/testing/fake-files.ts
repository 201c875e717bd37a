/** Files of a session in memory, with no rules of their own: what is refused before them is what tests look at. */
import { Readable, Writable } from 'node:stream';
import { CasementError } from '../../src/contract/errors.ts';
import type { SessionFiles } from '../sessions/port.ts';

export interface FakeFiles extends SessionFiles {
  readonly content: Map<string, Buffer>;
  /** The session of each question so far. */
  readonly asked: string[];
}

export function fakeFiles(): FakeFiles {
  const asked: string[] = [];
  const content = new Map<string, Buffer>();
  const parts = new Map<string, Buffer>();
  const need = (path: string) => {
    const found = content.get(path);
    if (!found) throw new CasementError('file-unknown');
    return found;
  };
  return {
    content,
    asked,
    async list({ session }, path) {
      asked.push(session);
      const entries = [...content].map(([name, { length }]) => ({
        name,
        kind: 'file' as const,
        size: length,
        modified: 1,
      }));
      return { path, home: '/home/me', entries, truncated: false };
    },
    async begin({ session }, { folder, name }) {
      asked.push(session);
      return { folder, offset: parts.get(name)?.length ?? 0, exists: content.has(name) };
    },
    async finish(_client, { folder, name }, exists) {
      if (content.has(name) && exists !== 'replace') throw new CasementError('file-exists');
      content.set(name, parts.get(name) ?? Buffer.alloc(0));
      return { folder, name };
    },
    async cancel(_client, { name }) {
      parts.delete(name);
    },
    async make({ session }, folder, below) {
      asked.push(session);
      return { folder: [folder, ...below].join('/'), made: true };
    },
    async find({ session }, path) {
      asked.push(session);
      return { path, name: path.slice(path.lastIndexOf('/') + 1), size: need(path).length, modified: 1, tag: 'tag' };
    },
    async write(_client, { name }, offset) {
      let part = parts.get(name) ?? Buffer.alloc(0);
      if (part.length !== offset) throw new CasementError('file-offset', { details: { offset: part.length } });
      return new Writable({
        write(piece: Buffer, _encoding, next) {
          part = Buffer.concat([part, piece]);
          parts.set(name, part);
          next();
        },
      });
    },
    async read(_client, { path }, offset, length) {
      return Readable.from([need(path).subarray(offset, offset + length)]);
    },
  };
}
