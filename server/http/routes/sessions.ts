/** One's own sessions. A session of somebody else is answered like one that does not exist. */
import { MAX_DATA_BYTES } from '../../../src/contract/clientcomm.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import { RESERVED_PARAMS } from '../../../src/contract/json.ts';
import { encodeViewerData } from '../../../src/contract/xrdp.ts';
import { callerOf } from '../authenticate.ts';
import { anySession, ownSession, type HttpContext } from '../context.ts';
import { isOwnOrigin, ownOrigin, parseOrigin } from '../origin.ts';
import { querySessions } from '../session-query.ts';
import type { Handlers } from './handler.ts';

/** Bytes of a log that are shown where the caller does not say. */
const LOG_BYTES = 64 * 1024;
const RESERVED: readonly string[] = RESERVED_PARAMS;

type Names = 'sessions' | 'connect' | 'disconnect' | 'terminate' | 'purge' | 'params' | 'log' | 'clientcomm';

export function sessionRoutes(context: HttpContext): Handlers<Names> {
  const { host, store, tickets } = context;
  return {
    sessions({ input, request }) {
      const { login } = callerOf(request);
      return querySessions(
        host.list().filter((session) => session.login === login),
        input,
      );
    },

    connect({ input, request }) {
      const caller = callerOf(request);
      const session = ownSession(context, caller, input.id);
      if (session.status !== 'running') throw new CasementError('session-not-running');
      let parentOrigin: string | null = null;
      if (input.parentOrigin !== undefined) {
        const parsed = parseOrigin(input.parentOrigin);
        if (parsed === undefined) throw new CasementError('bad-request', { details: { field: 'parentOrigin' } });
        if (!isOwnOrigin(request, parsed) && !context.parents().includes(parsed)) {
          throw new CasementError('origin-denied', { details: { field: 'parentOrigin' } });
        }
        parentOrigin = parsed;
      }
      const role = 'master';
      const origin = ownOrigin(request);
      const url = new URL(origin);
      const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
      const data = {
        id: session.id,
        port,
        RdpPort: port,
        username: caller.login,
        password: tickets.give({ sessionId: session.id, login: caller.login, role, parentOrigin, jti: caller.jti }),
        geometry: session.geometry,
        serverId: session.serverId,
        role,
      } as const;
      return { ...data, url: `${context.viewerOrigin ?? origin}/xrdp#${encodeViewerData(data)}` };
    },

    async disconnect({ input, request }) {
      const { id } = anySession(context, callerOf(request), input.id, 'sessions-all');
      // Before the sockets close: a viewer that is sent away must not come back by itself.
      await store.resume.dropSession(id);
      await host.disconnect(id);
      return {};
    },

    async terminate({ input, request }) {
      const { id } = anySession(context, callerOf(request), input.id, 'sessions-all');
      await host.terminate(id);
      await store.resume.dropSession(id);
      return {};
    },

    async purge({ input, request }) {
      const { id } = anySession(context, callerOf(request), input.id, 'admin');
      await host.purge(id);
      await store.resume.dropSession(id);
      return {};
    },

    params({ input, request }) {
      const { id } = anySession(context, callerOf(request), input.id, 'admin');
      const allowed = Object.entries(input.params).filter(([name]) => !RESERVED.includes(name));
      return host.setParams(id, Object.fromEntries(allowed));
    },

    log({ input, request }) {
      const { id } = anySession(context, callerOf(request), input.id, 'admin');
      return host.log(id, input.bytes ?? LOG_BYTES);
    },

    async clientcomm({ input, request }) {
      const { id } = ownSession(context, callerOf(request), input.id);
      if (Buffer.byteLength(input.data) > MAX_DATA_BYTES) {
        throw new CasementError('too-large', { details: { field: 'data' } });
      }
      const timeoutMs = input.timeout === undefined ? undefined : input.timeout * 1000;
      const { type, data } = input;
      const { delivered, answer } = await host.clientcomm(id, { type, data }, input.clients, timeoutMs);
      return {
        delivered,
        ...(answer?.data === undefined ? {} : { data: answer.data }),
        ...(answer?.error === undefined ? {} : { error: answer.error }),
      };
    },
  };
}
