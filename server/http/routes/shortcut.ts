/** `connect/shortcut`: to the session of a bookmark, or to a new one where there is none (contract section 1). */
import type { FastifyRequest } from 'fastify';
import { chooseSession } from '../../../src/contract/shortcut.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import { StartData, type StartResult } from '../../../src/contract/start.ts';
import { callerOf, requireAction } from '../authenticate.ts';
import { visibleBookmark } from '../bookmarks.ts';
import type { HttpContext } from '../context.ts';
import { audited } from './audited.ts';
import type { Handlers } from './handler.ts';
import type { Starter } from './start.ts';

export function shortcutRoutes(
  context: HttpContext,
  begin: Starter,
  connect: Handlers<'connect'>['connect'],
): Handlers<'connectShortcut'> {
  const { host } = context;
  /** By person and bookmark: what is just being started, and is not among the sessions yet. */
  const underWay = new Map<string, Promise<unknown>>();

  /** As `begin`, for those who ask later to wait for. */
  async function beginAlone(key: string, start: StartData, request: FastifyRequest): Promise<StartResult> {
    const starting = begin(start, request);
    underWay.set(key, starting);
    try {
      return await starting;
    } finally {
      underWay.delete(key);
    }
  }

  return {
    async connectShortcut({ input, request, reply }) {
      const caller = callerOf(request);
      // Before anything is started: it leads to a ticket.
      requireAction(context, caller, 'connect', request);
      const { id, parentOrigin, params, geometry, ...more } = input;
      const bookmark = await visibleBookmark(context, caller, id);
      const connectTo = (session: string) => {
        const target = { id: session, ...(parentOrigin === undefined ? {} : { parentOrigin }) };
        return audited(context, 'connect', request, async () => connect({ input: target, request, reply }), session);
      };

      const key = JSON.stringify([caller.login, id]);
      // Whatever became of it: looked at anew after each.
      for (let other = underWay.get(key); other; other = underWay.get(key)) await other.catch(() => undefined);
      const own = host.list().filter(({ login }) => login === caller.login);
      const known = chooseSession(own, id);
      if (known?.status === 'running') return connectTo(known.id);
      if (known) return { stage: 'scheduled', output: '', session: known };

      const data = StartData.safeParse({
        ...more,
        command: bookmark.command,
        geometry: geometry ?? bookmark.geometry,
        params: { ...bookmark.params, ...params },
        bookmarkId: id,
      });
      if (!data.success) throw new CasementError('bad-request');
      const result = await beginAlone(key, data.data, request);
      return result.stage === 'started' ? connectTo(result.session.id) : result;
    },
  };
}
