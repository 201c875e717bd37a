/** What is in a folder of the user's, to choose from. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { type FileEntry, type Listing, MAX_ENTRIES } from '../../src/contract/files.ts';
import { pathText } from './files-names.ts';
import { type Folder, inFolder } from './files-place.ts';
import { isPart } from './files-upload.ts';

/** Looked at together; a network file system takes its time for each. */
const AT_ONCE = 64;

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

async function describe(folder: Folder, entry: Dirent<Buffer>): Promise<FileEntry | undefined> {
  const name = pathText(entry.name);
  try {
    // Links are followed: what is behind them is what would be opened.
    const found = await stat(folder.entry(entry.name));
    const kind = found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
    return { name, kind, size: found.isFile() ? found.size : 0, modified: Math.round(found.mtimeMs) };
  } catch {
    // Gone meanwhile, or a link to nothing.
    return undefined;
  }
}

export function listFolder(path: string, home: string): Promise<Listing> {
  return inFolder(path, home, async (folder) => {
    const found = await readdir(folder.entry(''), { withFileTypes: true, encoding: 'buffer' });
    const wanted = found.filter((entry) => !isPart(entry.name));
    const kept = wanted.slice(0, MAX_ENTRIES);
    const entries: FileEntry[] = [];
    for (let at = 0; at < kept.length; at += AT_ONCE) {
      const some = await Promise.all(kept.slice(at, at + AT_ONCE).map((entry) => describe(folder, entry)));
      entries.push(...some.filter((entry) => entry !== undefined));
    }
    const last = (entry: FileEntry) => (entry.kind === 'folder' ? 0 : 1);
    entries.sort((a, b) => last(a) - last(b) || byName.compare(a.name, b.name));
    return { path: folder.text, home: pathText(folder.home), entries, truncated: wanted.length > kept.length };
  });
}
