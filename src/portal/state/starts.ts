/**
 * Starts under way: the form loop, the steps as they pass, and those that failed, which stay until dismissed.
 *
 * The server keeps nothing between the calls of one start. Each call carries the whole start data: what was asked for
 * first, with the answers of all forms so far merged into `params` (contract section 2).
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../../api/client.ts';
import { ApiFailure, toFailure } from '../../api/failure.ts';
import type { Answers, Form } from '../../contract/form.ts';
import type { SshStage } from '../../contract/login.ts';
import type { Session } from '../../contract/session.ts';
import { MAX_FORMS, type StartProgress, type StartRequest, type StartResult } from '../../contract/start.ts';
import type { StartLink } from '../start/start-link.ts';
import { formProblems } from './form-problems.ts';
import { randomId } from './random-id.ts';

export interface StepState {
  readonly step: StartProgress['step'];
  readonly state: StartProgress['state'];
  /** Milliseconds, once it is over. */
  readonly ms: number | undefined;
}

/** One form of the loop: what the server asked, what is still to come after it, what was typed. */
export interface Asked {
  readonly form: Form;
  readonly formsLeft: readonly string[];
  readonly answers: Answers | undefined;
}

export interface Start {
  readonly id: string;
  /** What a card is called until there is a session. */
  readonly title: string;
  readonly request: StartRequest;
  /** The link by which the page was opened: what its questions open with. */
  readonly link: StartLink | undefined;
  readonly phase: 'sending' | 'form' | 'login' | 'started' | 'scheduled' | 'failed';
  /** The forms asked so far; answers are kept when one goes back. */
  readonly trail: readonly Asked[];
  /** Which of the trail is shown; its length while everything in it is answered. */
  readonly at: number;
  readonly startId: string;
  readonly steps: readonly StepState[];
  readonly sessionId: string | undefined;
  readonly session: Session | undefined;
  readonly output: string | undefined;
  /** What the session server asks before the start can go on. */
  readonly login: SshStage | undefined;
  readonly failure: ApiFailure | undefined;
}

export interface Starts {
  readonly store: StoreApi<{ readonly starts: readonly Start[] }>;
  /** Sends at once and returns the start's id. `remembered`: forms of an attempt before, for what was typed in them. */
  begin(title: string, request: StartRequest, remembered?: readonly Asked[], link?: StartLink): string;
  answer(id: string, answers: Answers): void;
  /** Answers the session server's question; what was typed is kept nowhere. */
  logIn(id: string, answers: readonly string[]): void;
  /**
   * Keeps what was typed and shows the form before; `false` when there is none. While a call is under way, its answer
   * is no longer waited for: the form that was sent is shown again.
   */
  back(id: string, typed?: Answers): boolean;
  retry(id: string): void;
  /** Gives it up: a session that exists already is ended, and one that comes all the same is as well. */
  cancel(id: string): void;
  dismiss(id: string): void;
  progress(progress: StartProgress): void;
  /** Somebody else is there now. What is under way is left to whom it belongs, and what comes of it is not heard. */
  clear(): void;
}

export interface StartsOptions {
  readonly api: () => Api;
  /** Called before anything is drawn, so that the viewer can connect in the meantime. */
  readonly onStarted?: (start: Start, session: Session) => void;
}

/**
 * The data of one call: first request, answers up to `at`, and the forms that were still to come there. What a form asks
 * for is taken from its answers alone: a bookmark's parameter that was emptied in a form is not sent after all.
 */
export function startData(start: Pick<Start, 'request' | 'trail' | 'at'>): StartRequest {
  const { request } = start;
  const answered = start.trail.slice(0, start.at);
  const last = answered.at(-1);
  if (!last) return request;
  const params = new Map(Object.entries(request.params ?? {}));
  for (const { form, answers } of answered) {
    for (const { name } of form.fields) params.delete(name);
    for (const [name, answer] of Object.entries(answers ?? {})) params.set(name, answer);
  }
  return {
    ...request,
    params: Object.fromEntries(params),
    forms: [...last.formsLeft],
    answered: answered.map(({ form }) => ({ id: form.id, version: form.version })),
  };
}

/** Which question this is and how many there will be, as far as is known; both count from 1. */
export function stepOf(start: Pick<Start, 'trail' | 'at'>): { readonly step: number; readonly of: number } {
  const step = start.at + 1;
  return { step, of: Math.max(step + (start.trail[start.at]?.formsLeft.length ?? 0), start.trail.length) };
}

/** Something was filled in that would be lost with this start. */
export function hasAnswers(start: Pick<Start, 'trail'>): boolean {
  return start.trail.some(({ answers }) => answers !== undefined);
}

/**
 * The trail with the form that is asked at position `at`; what was typed into it before is kept. A form that is asked
 * twice has its own answers each time, and the second time begins with those of the first.
 */
function askAt(start: Start, result: Extract<StartResult, { stage: 'form' }>): readonly Asked[] {
  const { trail, at } = start;
  const places = [...trail.slice(at), ...trail.slice(0, at).toReversed()];
  const before = places.find((asked) => asked.form.id === result.form.id && asked.answers !== undefined);
  const asked: Asked = {
    form: result.form,
    formsLeft: result.forms.filter((id) => id !== result.form.id),
    answers: before?.answers,
  };
  // Forms asked further on stay behind this one, for their answers' sake, until others take their places.
  return [...trail.slice(0, at), asked, ...trail.slice(at + 1)];
}

/** No answer of the server's came, which has a reference; so the start may have happened all the same. */
function wasLost({ code, ref }: ApiFailure): boolean {
  return ref === undefined && (code === 'offline' || code === 'unavailable' || code === 'unexpected-answer');
}

export function createStarts(options: StartsOptions): Starts {
  const store = createStore<{ readonly starts: readonly Start[] }>(() => ({ starts: [] }));

  /** Counts those who came one after the other. */
  let turn = 0;

  const find = (id: string) => store.getState().starts.find((start) => start.id === id);

  function update(id: string, change: Partial<Start>): void {
    store.setState(({ starts }) => ({
      starts: starts.map((start) => (start.id === id ? { ...start, ...change } : start)),
    }));
  }

  function remove(id: string): void {
    store.setState(({ starts }) => ({ starts: starts.filter((start) => start.id !== id) }));
  }

  /** The start that still waits for this call; going back, or giving up, ends the waiting. */
  const waiting = (id: string, startId: string) => {
    const start = find(id);
    return start?.startId === startId && start.phase === 'sending' ? start : undefined;
  };

  /** Nobody waits for this session any more. */
  function end(sessionId: string): void {
    options
      .api()
      .call('terminate', { id: sessionId })
      // It may have ended, or never have begun; either is what was wanted.
      .catch(() => undefined);
  }

  function arrived(id: string, startId: string, result: StartResult): void {
    const start = waiting(id, startId);
    if (!start) {
      if ('session' in result && result.session) end(result.session.id);
      return;
    }
    if (result.stage === 'form') {
      if (start.at >= MAX_FORMS) update(id, { phase: 'failed', failure: new ApiFailure('form-loop') });
      else update(id, { phase: 'form', trail: askAt(start, result) });
    } else if (result.stage === 'started') {
      options.onStarted?.(start, result.session);
      update(id, { phase: 'started', session: result.session, sessionId: result.session.id });
    } else if (result.stage === 'login') {
      update(id, { phase: 'login', login: result.login });
    } else {
      update(id, { phase: 'scheduled', session: result.session, output: result.output });
    }
  }

  function failed(id: string, startId: string, failure: ApiFailure): void {
    const start = waiting(id, startId);
    if (!start) return;
    // An answer that does not fit its form is put right in the form, where everything is still typed in.
    const invalid = start.trail.findIndex(({ form }) => form.id === formProblems(failure)?.form);
    const at = invalid >= 0 ? invalid : start.at - 1;
    if (failure.code === 'form-invalid' && at >= 0) update(id, { phase: 'form', at, failure });
    else update(id, { phase: 'failed', failure });
  }

  /** Not async on purpose: the request leaves in the same task as the click. */
  function send(id: string, startId = randomId()): void {
    update(id, { phase: 'sending', startId, steps: [], login: undefined, failure: undefined, sessionId: undefined });
    const start = find(id);
    if (start) call(id, startId, startData(start));
  }

  function call(id: string, startId: string, data: StartRequest): void {
    const own = turn;
    options
      .api()
      .call('start', data, { headers: { 'x-start-id': startId } })
      .then(
        (result) => {
          if (own === turn) arrived(id, startId, result);
        },
        (thrown: unknown) => failed(id, startId, toFailure(thrown)),
      );
  }

  return {
    store,
    begin(title, request, remembered = [], link) {
      const id = randomId();
      const start: Start = {
        id,
        title,
        request,
        link,
        phase: 'sending',
        trail: remembered,
        at: 0,
        startId: '',
        steps: [],
        sessionId: undefined,
        session: undefined,
        output: undefined,
        login: undefined,
        failure: undefined,
      };
      store.setState(({ starts }) => ({ starts: [...starts, start] }));
      send(id);
      return id;
    },
    answer(id, answers) {
      const start = find(id);
      if (!start || start.phase !== 'form') return;
      const trail = start.trail.map((asked, index) => (index === start.at ? { ...asked, answers } : asked));
      update(id, { trail, at: start.at + 1 });
      send(id);
    },
    logIn(id, answers) {
      const start = find(id);
      const authtoken = start?.login?.authtoken;
      if (start?.phase !== 'login' || authtoken === undefined) return;
      // The same start goes on, so its steps and its id stay.
      update(id, { phase: 'sending' });
      call(id, start.startId, { ...startData(start), login: { authtoken, answers: [...answers] } });
    },
    back(id, typed) {
      const start = find(id);
      if (!start) return false;
      const trail = typed
        ? start.trail.map((asked, index) => (index === start.at ? { ...asked, answers: typed } : asked))
        : start.trail;
      const first = start.at === 0;
      // The call itself goes on: a session that comes of it has to be heard of, to be ended.
      const waited = start.phase === 'sending' ? { startId: '', steps: [], sessionId: undefined } : {};
      update(
        id,
        first ? { trail, ...waited } : { trail, at: start.at - 1, phase: 'form', failure: undefined, ...waited },
      );
      return !first;
    },
    retry(id) {
      const start = find(id);
      if (start?.phase !== 'failed') return;
      // By the id of the call that got lost the server knows it again, and starts nothing twice.
      send(id, start.failure && wasLost(start.failure) ? start.startId : undefined);
    },
    cancel(id) {
      const start = find(id);
      remove(id);
      // It may not be there yet: the call itself goes on, and what comes of it is ended then.
      if (start?.phase === 'sending' && start.sessionId !== undefined) end(start.sessionId);
    },
    dismiss: remove,
    clear() {
      turn++;
      store.setState({ starts: [] });
    },
    progress(progress) {
      const start = store.getState().starts.find((one) => one.startId === progress.startId);
      if (!start || progress.startId === '') return;
      const step: StepState = { step: progress.step, state: progress.state, ms: progress.ms };
      update(start.id, {
        steps: [...start.steps.filter((other) => other.step !== step.step), step],
        ...(progress.sessionId === undefined ? {} : { sessionId: progress.sessionId }),
      });
    },
  };
}
