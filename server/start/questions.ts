/**
 * A start that waits for a person: the session server asks them something before it lets them in. The call that began
 * the start is answered with the question, the start itself waits here, and the call with the answers takes it up.
 */
import { randomBytes } from 'node:crypto';
import { CasementError } from '../../src/contract/errors.ts';
import type { SshStage } from '../../src/contract/login.ts';
import { StartLogin, type StartResult } from '../../src/contract/start.ts';
import type { AskPerson } from '../sessions/port.ts';

/** As long as sshd waits for answers itself (`LoginGraceTime`). */
const PATIENCE_MS = 120_000;

interface Waiting {
  readonly questions: Questions;
  answer(answers: readonly string[]): void;
}

/** By token. Few, and each leaves by itself. */
const waiting = new Map<string, Waiting>();

/** The questions of one start. */
export class Questions {
  readonly login: string;
  #asked: ((result: StartResult) => void) | undefined;
  #run: Promise<StartResult> | undefined;

  constructor(login: string) {
    this.login = login;
  }

  readonly ask: AskPerson = (stage: SshStage) =>
    new Promise((resolve, reject) => {
      const authtoken = randomBytes(24).toString('base64url');
      const timer = setTimeout(() => {
        waiting.delete(authtoken);
        reject(new CasementError('login-expired'));
      }, PATIENCE_MS);
      timer.unref();
      waiting.set(authtoken, {
        questions: this,
        answer: (answers) => {
          clearTimeout(timer);
          waiting.delete(authtoken);
          resolve(answers);
        },
      });
      this.#asked?.({ stage: 'login', login: { ...stage, authtoken } });
    });

  /** The start's end, or its next question, whichever comes first. */
  untilAsked(run: Promise<StartResult>): Promise<StartResult> {
    this.#run = run;
    // While a question waits, nobody waits for the start.
    run.catch(() => undefined);
    return this.next(() => undefined);
  }

  next(go: () => void): Promise<StartResult> {
    const { promise, resolve } = withResolvers<StartResult>();
    this.#asked = resolve;
    go();
    return Promise.race([promise, this.#run ?? promise]);
  }
}

function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The answers, where the start data brings some. @throws CasementError `bad-request` */
export function answersIn(data: unknown): StartLogin | undefined {
  if (typeof data !== 'object' || data === null || !('login' in data) || data.login === undefined) return undefined;
  const parsed = StartLogin.safeParse(data.login);
  if (!parsed.success) throw new CasementError('bad-request', { details: { field: 'login' } });
  return parsed.data;
}

/** Goes on with the start that waits for these answers. @throws CasementError `login-expired`, and those of a start */
export async function goOn(login: string, { authtoken, answers }: StartLogin): Promise<StartResult> {
  const found = waiting.get(authtoken);
  if (found?.questions.login !== login) throw new CasementError('login-expired');
  return found.questions.next(() => found.answer(answers));
}
