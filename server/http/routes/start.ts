/** Starting, and what it is started from. */
import { randomUUID } from 'node:crypto';
import { CasementError } from '../../../src/contract/errors.ts';
import { StartsOnce } from '../../start/once.ts';
import { runStart } from '../../start/order.ts';
import { callerOf } from '../authenticate.ts';
import { pathId, type HttpContext } from '../context.ts';
import type { Handlers } from './handler.ts';

const START_ID = /^[A-Za-z0-9_-]{1,64}$/;

export function startRoutes(context: HttpContext): Handlers<'bookmarks' | 'forms' | 'form' | 'start'> {
  const { auth, bus, functions, host, log, store, checkAnswers, canStart } = context;
  const once = new StartsOnce(context.now);
  return {
    bookmarks: () => [...context.bookmarks],

    async forms() {
      const [forms, defaults] = await Promise.all([store.forms.list(), store.library.defaults()]);
      const first = defaults.flatMap((id) => forms.filter((form) => form.id === id));
      const rest = forms.filter(({ id }) => !defaults.includes(id));
      return [
        ...first.map(({ id, name }) => ({ id, name, isDefault: true })),
        ...rest.map(({ id, name }) => ({ id, name })),
      ];
    },

    async form({ request }) {
      const form = await store.forms.get(pathId(request));
      if (!form) throw new CasementError('not-found', { details: { field: 'id' } });
      return form;
    },

    async start({ input, request }) {
      const caller = callerOf(request);
      const wanted = request.headers['x-start-id'];
      if (wanted !== undefined && (typeof wanted !== 'string' || !START_ID.test(wanted))) {
        throw new CasementError('bad-request', { details: { field: 'X-Start-Id' } });
      }
      const startId = wanted ?? randomUUID();
      const begin = async () => {
        const server = context.serverInfo();
        const isOwn = input.forms === undefined && input.bookmarkId === undefined;
        const data = isOwn ? { ...input, forms: await store.library.defaults() } : input;
        return runStart(
          { caller, data, startId, ip: request.ip },
          {
            auth,
            forms: store.forms,
            functions,
            host,
            checkAnswers,
            bookmark: (id) => context.bookmarks.find((bookmark) => bookmark.id === id),
            servers: () => [server],
            localServerId: server.serverId,
            canStart,
            progress: (progress) => bus.publish({ topic: 'start', login: caller.login, progress }),
            trace: (trace) => {
              store.traces
                .add({ ...trace, login: caller.login })
                .catch((cause: unknown) => log.error({ err: cause }, 'a start could not be traced'));
            },
            warn: (cause, message) => request.log.error({ cause }, message),
          },
        );
      };
      return wanted === undefined ? begin() : once.run({ login: caller.login, startId, data: input }, begin);
    },
  };
}
