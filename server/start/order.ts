/**
 * The order of operations (contract section 2, seed 001). Read it from top to bottom: each line is one step, takes what
 * the steps above gave, and is a file of its own.
 */
import { CasementError } from '../../src/contract/errors.ts';
import type { StartResult } from '../../src/contract/start.ts';
import type { SessionServer } from '../policy/port.ts';
import type { FilledPlan } from '../../src/contract/schedule.ts';
import type { AskPerson, SessionStart, StartObserver } from '../sessions/port.ts';
import { fill } from './fill.ts';
import type { StartCall, StartDeps } from './deps.ts';
import { answersIn, goOn, Questions } from './questions.ts';
import { secretsIn } from './secrets.ts';
import { enabled } from './steps/enabled.ts';
import { event } from './steps/event.ts';
import { formFilter } from './steps/form-filter.ts';
import { link } from './steps/link.ts';
import { loadBalancing } from './steps/load-balancing.ts';
import { permission } from './steps/permission.ts';
import { receive } from './steps/receive.ts';
import { schedule } from './steps/schedule.ts';
import { seats } from './steps/seats.ts';
import { send } from './steps/send.ts';
import { serverList } from './steps/server-list.ts';
import { session } from './steps/session.ts';
import { ssh } from './steps/ssh.ts';
import { sudo } from './steps/sudo.ts';
import { done, skipped, StartTracker } from './tracker.ts';

async function inOrder(asked: StartCall, deps: StartDeps, tracker: StartTracker, ask: AskPerson): Promise<StartResult> {
  const received = await tracker.step('receive', () => receive(asked, deps));
  const { bookmark } = received;
  const secrets = await secretsIn(received.data, deps);
  const call = { ...asked, secrets };
  tracker.secrets = secrets;
  const { data, user } = await tracker.step('permission', () => permission(call, received, deps));
  const owner = call.caller.login;
  tracker.subject = { command: data.command, runAs: user.login === owner ? null : user.login };

  const filtered = await tracker.step('form-filter', () => formFilter(call, data, deps));
  if (filtered.next === 'ask') return filtered.answer;
  const choice = await tracker.step('server-list', () => serverList(call, filtered, received, deps));
  if (choice) return choice;

  const plan = await tracker.step('schedule', () => schedule(call, filtered.data, user, deps));
  const action = plan ? 'schedule' : 'start';
  const agreed = await tracker.step('event', () => event(call, filtered.data, deps, action));
  const placing = { data: agreed, asked: data.profile, bookmark };
  const serverId = await tracker.step('load-balancing', () => loadBalancing(call, placing, deps));
  const { start, filled } = await tracker.step('send', async () => {
    const sent = await send(call, { ...placing, serverId }, deps);
    return { ...sent, value: { start: sent.value, filled: plan && fill(plan, sent.value) } };
  });
  tracker.sessionId = start.id;

  const server = serverOf(deps, serverId);
  if (filled) return scheduled(call, filled, start, { server, deps, tracker, ask });

  await tracker.step('enabled', () => enabled(server));
  const begin = (observer: StartObserver) => server.host.start(user, { ...start, owner }, observer);
  const launch = await tracker.step('link', () => link(begin, ask));
  await tracker.step('sudo', () => sudo(launch));
  await tracker.step('ssh', () => ssh(launch));
  const wish = { sessionId: start.id, serverId, hostname: server.info().hostname };
  await tracker.step('seats', () => seats(call, wish, launch, deps));
  return { stage: 'started', session: await tracker.step('session', () => session(launch)) };
}

/** The rest of the way for a start that something else starts, later: the same steps, by which its command is run. */
async function scheduled(
  { caller: { user } }: StartCall,
  plan: FilledPlan,
  start: SessionStart,
  { server, deps, tracker, ask }: { server: SessionServer; deps: StartDeps; tracker: StartTracker; ask: AskPerson },
): Promise<StartResult> {
  // The X server is needed where the job runs, which is not known here.
  await tracker.step('enabled', () =>
    enabled({
      info: () => server.info(),
      canStart: async () => ({ ...(await server.canStart()), xserver: true }),
    }),
  );
  const begin = (observer: StartObserver) => deps.scheduling.hand({ user, start, plan }, observer);
  const launch = await tracker.step('link', () => link(begin, ask));
  await tracker.step('sudo', () => sudo(launch));
  await tracker.step('ssh', () => ssh(launch));
  await tracker.step('seats', () => skipped(null));
  const handed = await tracker.step('session', async () => done(await launch.result));
  return { stage: 'scheduled', ...handed };
}

/** Step 8 has just found it. */
function serverOf(deps: Pick<StartDeps, 'server'>, serverId: string): SessionServer {
  const server = deps.server(serverId);
  if (!server) throw new CasementError('server-unknown', { details: { field: 'serverId', serverId } });
  return server;
}

/** @throws CasementError of any of the steps; nothing is kept of a start that ended with a form */
export async function runStart(call: StartCall, deps: StartDeps): Promise<StartResult> {
  const answered = answersIn(call.data);
  if (answered) return goOn(call.caller.login, answered);
  const tracker = new StartTracker(deps, call.startId);
  const questions = new Questions(call.caller.login);
  const run = async () => {
    try {
      const result = await inOrder(call, deps, tracker, questions.ask);
      tracker.finish(result.stage);
      return result;
    } catch (cause) {
      tracker.finish(cause instanceof CasementError ? cause.code : 'internal');
      throw cause;
    }
  };
  return questions.untilAsked(run());
}
