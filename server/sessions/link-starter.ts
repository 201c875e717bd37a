/**
 * Starting the link of one user where none answers: the ways there are, one after the other, until it can be connected
 * to. One that waits for a person may be given up meanwhile.
 */
import { CasementError } from '../../src/contract/errors.ts';
import type { Launcher } from './launchers.ts';
import type { AskPerson, StartObserver, UnixUser } from './port.ts';
import type { Road } from './roads.ts';
import { reasonOf } from '../../src/contract/reason.ts';
import type { Log } from './server-log.ts';

export interface LinkStarterOptions {
  readonly user: UnixUser;
  readonly road: Road;
  /** In the order in which they are tried. */
  readonly launchers: readonly Launcher[];
  readonly log: Log;
}

/** Failures of the account, which no other way to start a link would change. */
const OF_THE_ACCOUNT: readonly string[] = [
  'account-no-shell',
  'account-expired',
  'account-no-home',
  'home-full',
  'home-unwritable',
];

export class LinkStarter {
  readonly #options: LinkStarterOptions;
  readonly #connect: () => Promise<void>;
  #interrupt: ((arrived: boolean) => void) | undefined;
  #asking = false;

  /** `connect`: to the link that was started. */
  constructor(options: LinkStarterOptions, connect: () => Promise<void>) {
    this.#options = options;
    this.#connect = connect;
  }

  /** Whoever is being asked for a password, and left it, keeps nobody waiting. */
  stopAsking(): void {
    if (this.#asking) this.#interrupt?.(false);
  }

  /** A link has connected meanwhile, by this launch or by another. */
  arrived(): void {
    this.#interrupt?.(true);
  }

  /**
   * Resolves when it is connected. `began`, `failure`: since when it was looked for in vain, and why.
   *
   * @throws CasementError
   */
  async start(observer: StartObserver, began: number, failure: Error): Promise<void> {
    const { user, launchers } = this.#options;
    let last = failure;
    for (const step of ['link', 'sudo', 'ssh'] as const) {
      const launcher = launchers.find((one) => one.step === step && one.applies(user));
      if (!launcher) {
        if (step === 'link') observer.step(step, 'failed', performance.now() - began, last);
        else observer.step(step, 'skipped');
        continue;
      }
      const stepBegan = performance.now();
      if (step !== 'link') observer.step(step, 'running');
      try {
        await this.#launch(launcher, observer);
        await this.#connect();
        reached(observer, step, stepBegan);
        return;
      } catch (error) {
        last = this.#failed(observer, step, stepBegan, error);
        if (last instanceof CasementError && OF_THE_ACCOUNT.includes(last.code)) break;
      }
    }
    throw last instanceof CasementError ? last : new CasementError('link-failed', { cause: last });
  }

  async #launch(launcher: Launcher, { ask }: StartObserver): Promise<void> {
    const { user, road } = this.#options;
    const asking: AskPerson | undefined =
      ask &&
      ((stage) => {
        this.#asking = true;
        return ask(stage);
      });
    await this.#unlessInterrupted(
      launcher.launch({ user, invitation: road.invitation(), ...(asking ? { ask: asking } : {}) }),
    );
  }

  /** Waits for a launch, or for what `arrived` and `stopAsking` tell of. */
  async #unlessInterrupted(launched: Promise<void>): Promise<void> {
    const interrupted = new Promise<void>((resolve, reject) => {
      this.#interrupt = (arrived) => (arrived ? resolve() : reject(new CasementError('login-expired')));
    });
    try {
      await Promise.race([launched, interrupted]);
    } finally {
      this.#interrupt = undefined;
      this.#asking = false;
    }
  }

  #failed(observer: StartObserver, step: Launcher['step'], began: number, error: unknown): Error {
    const { user, log } = this.#options;
    const reason = error instanceof Error ? error : new Error(String(error));
    log.warn({ step, user: user.login, reason: reasonOf(reason) }, 'no link');
    observer.step(step, 'failed', performance.now() - began, reason);
    return reason;
  }
}

/** The ways behind the one that worked are not needed. */
export function reached(observer: StartObserver, by: 'link' | 'sudo' | 'ssh', began: number): void {
  observer.step(by, 'done', performance.now() - began);
  if (by === 'link') observer.step('sudo', 'skipped');
  if (by !== 'ssh') observer.step('ssh', 'skipped');
}
