/**
 * The part of a start that the session host does in one go (link, sudo, ssh, session), as steps that can be waited
 * for one after the other.
 */
import type { StartStep } from '../../src/contract/start.ts';
import { reasonOf } from '../../src/contract/reason.ts';
import type { AskPerson, StartObserver } from '../sessions/port.ts';
import type { StepResult } from './tracker.ts';

type HostStep = Extract<StartStep, 'link' | 'sudo' | 'ssh' | 'session'>;
const HOST_STEPS: readonly StartStep[] = ['link', 'sudo', 'ssh', 'session'] satisfies HostStep[];

/** For the trace, which administrators read. */
const reason = (error: Error | undefined) => (error ? { reason: reasonOf(error).slice(0, MAX_REASON) } : {});
const MAX_REASON = 2000;

export class Launch<Value> {
  /** What came of it, a session for one, or why nothing did. */
  readonly result: Promise<Value>;
  readonly #ended = new Map<
    StartStep,
    { state: 'done' | 'skipped' | 'failed'; ms: number | undefined; error: Error | undefined }
  >();
  #reached = -1;
  #atSeats = false;
  #enter: () => void = () => undefined;
  #refuse: (error: unknown) => void = () => undefined;
  #settled = false;
  #wake: (() => void)[] = [];

  constructor(begin: (observer: StartObserver) => Promise<Value>, ask?: AskPerson) {
    this.result = begin({
      step: (step, state, ms, error) => {
        // What was not tried is not to blame.
        if (state !== 'skipped') this.#reached = Math.max(this.#reached, HOST_STEPS.indexOf(step));
        if (state !== 'running') this.#ended.set(step, { state, ms, error });
        this.#notify();
      },
      ready: () => {
        this.#atSeats = true;
        this.#notify();
        return new Promise<void>((enter, refuse) => {
          this.#enter = enter;
          this.#refuse = refuse;
        });
      },
      ...(ask ? { ask } : {}),
    });
    const settle = () => {
      this.#settled = true;
      this.#notify();
    };
    this.result.then(settle, settle);
  }

  /**
   * Waits until the host is through with a step. One that it never speaks of, because it went on to a later one, was
   * skipped. A failed `link` is not an error yet: `sudo` and `ssh` come after it; the start fails by `session`.
   */
  async through(step: HostStep): Promise<StepResult<null>> {
    const place = HOST_STEPS.indexOf(step);
    for (;;) {
      const end = this.#ended.get(step);
      if (end?.state === 'failed' && step !== 'session') {
        // Nothing after it was tried: this is where the start ends, so the error belongs here.
        if (this.#settled && this.#reached <= place) await this.result;
        if (this.#settled || this.#isPast(place)) return { state: 'skipped', value: null, ...reason(end.error) };
      } else if (end && end.state !== 'failed') {
        const { state, ms } = end;
        return ms === undefined ? { state, value: null } : { state, value: null, ms };
      } else if (this.#settled && this.#reached === place) {
        await this.result;
        return { state: 'done', value: null };
      } else if (this.#settled || this.#isPast(place)) {
        return { state: 'skipped', value: null };
      }
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  #isPast(place: number): boolean {
    return this.#reached > place || (this.#atSeats && place < HOST_STEPS.indexOf('session'));
  }

  /**
   * Waits until nothing but a seat is missing; the host waits as well, until `enter` or `refuse`. `false`: the start has
   * ended before, or it is one of a host that asks nobody.
   */
  async untilSeats(): Promise<boolean> {
    while (!this.#atSeats && !this.#settled && this.#reached < HOST_STEPS.indexOf('session')) {
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
    return this.#atSeats;
  }

  enter(): void {
    this.#enter();
  }

  /** Nothing of the session was begun; `session` rejects with this. */
  refuse(error: unknown): void {
    this.#refuse(error);
  }

  #notify(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
