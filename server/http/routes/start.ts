/** Starting, and what it is started from. */
import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData, StartResult } from '../../../src/contract/start.ts';
import { StartsOnce } from '../../start/once.ts';
import { runStart } from '../../start/order.ts';
import { programOf } from '../../start/program-of.ts';
import { callerOf } from '../authenticate.ts';
import { startableBookmark } from '../bookmarks.ts';
import { pathId, type HttpContext } from '../context.ts';
import { rememberStart } from '../past-starts.ts';
import type { Handlers } from './handler.ts';

/** Ends of a call that are none of a failure. */
const STAGES: readonly string[] = ['form', 'started', 'scheduled'];

interface Started {
  readonly command: string;
  readonly bookmarkId?: string | undefined;
  readonly runAs?: string | null;
}

/** What was to be started, and as whom. */
function commandOf({ command, bookmarkId, runAs = null }: Started): string {
  const program = programOf(command);
  const what = bookmarkId === undefined ? program : `${program} (${bookmarkId})`;
  return runAs === null ? what : `${what} as ${runAs}`;
}

const START_ID = /^[A-Za-z0-9_-]{1,64}$/;

export function startRoutes({ store }: HttpContext, begin: Starter): Handlers<'forms' | 'form' | 'start'> {
  return {
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

    start: ({ input, request }) => begin(input, request),
  };
}

/** Goes through the order of operations for whoever calls, and keeps what was started for the next time. */
export type Starter = (input: StartData, request: FastifyRequest) => Promise<StartResult>;

export function createStarter(context: HttpContext): Starter {
  const { auth, bus, functions, log, policy, store, checkAnswers } = context;
  const once = new StartsOnce(context.now);

  async function start(input: StartData, startId: string, request: FastifyRequest): Promise<StartResult> {
    const caller = callerOf(request);
    const isOwn = input.forms === undefined && input.bookmarkId === undefined;
    const data = isOwn ? { ...input, forms: await store.library.defaults() } : input;
    const result = await runStart(
      { caller, data, startId, ip: request.ip },
      {
        auth,
        forms: store.forms,
        profiles: store.profiles,
        functions,
        scheduling: context.scheduling,
        checkAnswers,
        bookmark: (id) => startableBookmark(context, caller, id),
        servers: () => policy.servers.list(),
        localServerId: policy.servers.localId,
        server: (id) => policy.servers.get(id),
        seats: policy.seats,
        progress: (progress) => bus.publish({ topic: 'start', login: caller.login, progress }),
        trace: (trace, subject) => {
          const isOver = STAGES.includes(trace.outcome);
          policy.audit.record({
            event: 'start',
            login: caller.login,
            address: request.ip,
            outcome: isOver ? 'ok' : trace.outcome,
            target: trace.sessionId ?? '',
            detail: `${isOver ? `${trace.outcome}: ` : ''}${commandOf({ ...input, ...subject })}`,
            data: { startId: trace.startId, steps: trace.steps.map((step) => ({ ...step })) },
          });
          store.traces
            .add({ ...trace, login: caller.login })
            .catch((cause: unknown) => log.error({ err: cause }, 'a start could not be traced'));
        },
        warn: (cause, message) => request.log.error({ cause }, message),
      },
    );
    if (result.stage === 'started' || result.stage === 'scheduled') {
      await rememberStart(context, caller, data).catch((cause: unknown) =>
        log.error({ err: cause }, 'a start could not be kept for the next time'),
      );
    }
    return result;
  }

  return (input, request) => {
    const wanted = request.headers['x-start-id'];
    if (wanted !== undefined && (typeof wanted !== 'string' || !START_ID.test(wanted))) {
      throw new CasementError('bad-request', { details: { field: 'X-Start-Id' } });
    }
    const begin = () => start(input, wanted ?? randomUUID(), request);
    const { login } = callerOf(request);
    return wanted === undefined ? begin() : once.run({ login, startId: wanted, data: input }, begin);
  };
}
