/** Folders as browsers tell of them: some entries at a time, files that cannot be read, trees beyond the limits. */
import { describe, expect, it } from 'vitest';
import { MAX_IN_FOLDER, MAX_LEVELS } from '../../contract/files.ts';
import { chosenFolders, droppedFolder } from './files-tree.ts';

interface Given {
  readonly [name: string]: string | Error | Given;
}

/** As browsers give entries: by callbacks, two at a time, and none at the end. */
function entry(name: string, content: string | Error | Given): FileSystemEntry {
  if (typeof content === 'string' || content instanceof Error) {
    const file: Partial<FileSystemFileEntry> = {
      name,
      isFile: true,
      isDirectory: false,
      file(done, failed) {
        if (content instanceof Error) failed?.(new DOMException(content.message));
        else done(new File([content], name));
      },
    };
    return file as FileSystemFileEntry;
  }
  const folder: Partial<FileSystemDirectoryEntry> = {
    name,
    isFile: false,
    isDirectory: true,
    createReader() {
      const left = Object.entries(content);
      return {
        readEntries(done, failed) {
          const some = left.splice(0, 2);
          if (some.some(([inside]) => inside === 'FAILS')) failed?.(new DOMException('no'));
          else done(some.map(([inside, what]) => entry(inside, what)));
        },
      };
    },
  };
  return folder as FileSystemDirectoryEntry;
}

const dropped = (content: Given) => droppedFolder(entry('top', content) as FileSystemDirectoryEntry);
const running = () => new AbortController().signal;
const read = (content: Given) => dropped(content).read(running(), () => undefined);
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;

function nested(levels: number): Given {
  return levels === 0 ? {} : { inside: nested(levels - 1) };
}

describe('a folder that is dropped', () => {
  it('is read to its end, with folders that are empty', async () => {
    const heard: number[] = [];
    const { folders, files, unreadable } = await dropped({
      a: '1',
      b: '2',
      c: '3',
      sub: { d: '4', empty: {}, deeper: { e: '5' } },
    }).read(running(), (found) => heard.push(found));
    expect(files.map(({ below, file }) => [...below, file.name].join('/')).toSorted()).toEqual([
      'a',
      'b',
      'c',
      'sub/d',
      'sub/deeper/e',
    ]);
    expect(folders.map((below) => below.join('/')).toSorted()).toEqual(['sub', 'sub/deeper', 'sub/empty']);
    expect([unreadable, heard.at(-1)]).toEqual([[], 5]);
  });

  it('keeps a list of what the browser cannot read, and is not read where it cannot be itself', async () => {
    const { files, unreadable } = await read({ a: '1', b: new Error('no'), sub: { c: '2', FAILS: '' }, last: '3' });
    expect(files.map(({ file }) => file.name)).toEqual(['a', 'last']);
    expect(unreadable).toEqual(['b', 'sub/']);
    await expect(read({ FAILS: '' })).rejects.toThrow(code('not-readable'));
  });

  it('may be as deep and as full as the limits, and no more', async () => {
    expect((await read(nested(MAX_LEVELS - 1))).folders).toHaveLength(MAX_LEVELS - 1);
    await expect(read(nested(MAX_LEVELS))).rejects.toThrow(code('folder-deep'));
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, 'x']));
    expect((await read({ sub: many(MAX_IN_FOLDER - 1) })).files).toHaveLength(MAX_IN_FOLDER - 1);
    await expect(read({ sub: many(MAX_IN_FOLDER) })).rejects.toThrow(code('folder-many'));
  });

  it('is read no further once it is given up', async () => {
    const stop = new AbortController();
    const tree = dropped({ a: '1', b: '2', c: '3' }).read(stop.signal, () => stop.abort());
    await expect(tree).rejects.toThrow(code('stopped'));
  });
});

describe('folders that are chosen', () => {
  const chosen = (path: string) => {
    const file = new File(['x'], path.slice(path.lastIndexOf('/') + 1));
    return Object.defineProperty(file, 'webkitRelativePath', { value: path });
  };

  it('are told apart by the first name of their files’ paths', async () => {
    const [one, two, ...none] = chosenFolders([chosen('one/a'), chosen('one/sub/deep/b'), chosen('two/c')]);
    expect([one?.name, two?.name, none]).toEqual(['one', 'two', []]);
    const tree = await one?.read(running(), () => undefined);
    expect(tree?.files.map(({ below, file }) => [below, file.name])).toEqual([
      [[], 'a'],
      [['sub', 'deep'], 'b'],
    ]);
    expect(tree?.folders).toEqual([['sub'], ['sub', 'deep']]);
  });

  it('keep to the limits too', async () => {
    const path = Array.from({ length: MAX_LEVELS + 1 }, () => 'x').join('/');
    await expect(chosenFolders([chosen(`${path}/file`)])[0]?.read(running(), () => undefined)).rejects.toThrow(
      code('folder-deep'),
    );
  });
});
