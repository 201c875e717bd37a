/** The calls about bookmarks, answered by the shelf. */
import type { BOOKMARK_API, Shortcut } from '../../src/contract/api-bookmarks.ts';
import type { API, ApiResult } from '../../src/contract/api.ts';
import { chooseSession } from '../../src/contract/shortcut.ts';
import type { ConnectResult } from '../../src/contract/connect.ts';
import type * as z from 'zod/mini';
import type { Person } from './bookmark-shelf.ts';
import { start } from './start.ts';
import { LOGIN, type World } from './world.ts';

type Name = keyof typeof BOOKMARK_API;
interface Call {
  readonly request: Request;
  readonly path: Readonly<Record<string, string>>;
}
type Answers = {
  [N in Name]: (input: z.output<(typeof API)[N]['input']>, call: Call) => ApiResult<N> | Promise<ApiResult<N>>;
};

export function bookmarkAnswers(world: World, connect: (id: string) => ConnectResult): Answers {
  const shelf = world.bookmarks;
  const person = (): Person => ({ login: LOGIN, groups: [], isAdmin: world.level === 'admin' });
  const idOf = ({ path }: Call) => path['id'] ?? '';

  async function shortcut(input: Shortcut, startId: string): Promise<ApiResult<'connectShortcut'>> {
    const data = shelf.startOf(person(), input);
    const known = chooseSession([...world.sessions.values()], input.id);
    if (known && known.status !== 'running') return { stage: 'scheduled', output: '', session: known };
    if (known) return connect(known.id);
    const result = await start(world, data, startId);
    return result.stage === 'started' ? connect(result.session.id) : result;
  }

  return {
    bookmarks: (query) => shelf.list(person(), query),
    bookmark: (_input, call) => shelf.get(person(), idOf(call)),
    bookmarkCreate: (input) => shelf.create(person(), input),
    bookmarkSave: (input, call) => shelf.save(person(), idOf(call), input),
    bookmarkDelete(_input, call) {
      shelf.remove(person(), idOf(call));
      return {};
    },
    bookmarkRestore: (_input, call) => shelf.restore(person(), idOf(call)),
    bookmarkHide: ({ hidden }, call) => shelf.hide(person(), idOf(call), hidden),
    bookmarkFavourite: ({ favourite, before }, call) => ({
      favourites: shelf.favourite(person(), idOf(call), favourite, before),
    }),
    pastStarts: () => shelf.past(),
    pastStartDelete(_input, call) {
      shelf.forget(idOf(call));
      return {};
    },
    pastStartsClear() {
      shelf.forget();
      return {};
    },
    connectShortcut: (input, { request }) => shortcut(input, request.headers.get('x-start-id') ?? 'none'),
  };
}
