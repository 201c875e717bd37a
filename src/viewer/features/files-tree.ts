/** A folder that a person gives, with all that is in it, as far as a browser tells and the limits allow. */
import { MAX_IN_FOLDER, MAX_LEVELS } from '../../contract/files.ts';
import { FileError } from './files-client.ts';

export interface TreeFile {
  /** The folders it is in, from the one below the top. */
  readonly below: readonly string[];
  readonly file: File;
}

export interface Tree {
  /** Each folder below the top one, also those that are empty. */
  readonly folders: readonly (readonly string[])[];
  readonly files: readonly TreeFile[];
  /** What the browser could not read, as paths below the top one. */
  readonly unreadable: readonly string[];
}

/** A folder whose content is read when it is its turn. */
export interface FolderSource {
  readonly name: string;
  /** `found` hears how many files there are so far. @throws FileError `folder-many`, `folder-deep`, `not-readable` */
  read(signal: AbortSignal, found: (files: number) => void): Promise<Tree>;
}

class Gathering implements Tree {
  readonly folders: (readonly string[])[] = [];
  readonly files: TreeFile[] = [];
  readonly unreadable: string[] = [];

  addFile(below: readonly string[], file: File): void {
    this.files.push({ below, file });
    this.#count();
  }

  addFolder(below: readonly string[]): void {
    // The top one is a level as well.
    if (below.length >= MAX_LEVELS) throw new FileError('folder-deep', '', { limit: MAX_LEVELS });
    this.folders.push(below);
    this.#count();
  }

  #count(): void {
    if (this.files.length + this.folders.length > MAX_IN_FOLDER) {
      throw new FileError('folder-many', '', { limit: MAX_IN_FOLDER });
    }
  }
}

/** Browsers give some at a time, and none at the end. */
async function* entriesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry[]> {
  const reader = folder.createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    yield some;
  }
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File | undefined>((resolve) => entry.file(resolve, () => resolve(undefined)));

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/** A folder that was dropped. */
export function droppedFolder(top: FileSystemDirectoryEntry): FolderSource {
  return {
    name: top.name,
    async read(signal, found) {
      const tree = new Gathering();
      const waiting: { readonly folder: FileSystemDirectoryEntry; readonly below: readonly string[] }[] = [
        { folder: top, below: [] },
      ];
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { folder, below } = next;
        try {
          for await (const entries of entriesOf(folder)) {
            if (signal.aborted) throw new FileError('stopped');
            const files = await Promise.all(
              entries.filter(isFile).map(async (entry) => ({ entry, file: await fileOf(entry) })),
            );
            for (const { entry, file } of files) {
              if (file) tree.addFile(below, file);
              else tree.unreadable.push([...below, entry.name].join('/'));
            }
            for (const entry of entries.filter(isFolder)) {
              const inside = [...below, entry.name];
              tree.addFolder(inside);
              waiting.push({ folder: entry, below: inside });
            }
            found(tree.files.length);
          }
        } catch (error) {
          if (error instanceof FileError) throw error;
          if (below.length === 0) throw new FileError('not-readable');
          tree.unreadable.push(`${below.join('/')}/`);
        }
      }
      return tree;
    },
  };
}

/** Folders that were chosen in the browser's dialog, which tells of no empty ones. */
export function chosenFolders(files: readonly File[]): FolderSource[] {
  const tops = new Map<string, TreeFile[]>();
  for (const file of files) {
    const [top = '', ...rest] = file.webkitRelativePath.split('/');
    const inside = tops.get(top) ?? [];
    inside.push({ below: rest.slice(0, -1), file });
    tops.set(top, inside);
  }
  return [...tops].map(([name, inside]) => ({
    name,
    async read() {
      const tree = new Gathering();
      const seen = new Set<string>();
      for (const { below, file } of inside) {
        for (let level = 1; level <= below.length; level++) {
          const folder = below.slice(0, level);
          const key = folder.join('/');
          if (seen.has(key)) continue;
          seen.add(key);
          tree.addFolder(folder);
        }
        tree.addFile(below, file);
      }
      return tree;
    },
  }));
}
