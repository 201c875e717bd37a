/** A login over SSH as the page goes through it: name and password first, then what the session server asks. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../../api/client.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import type { SshStage } from '../../contract/login.ts';
import { readSetting, writeSetting } from '../app/settings.ts';

export interface SshLoginState {
  /** What is asked now; `undefined`: name and password. */
  readonly round: SshStage | undefined;
  readonly name: string;
  readonly busy: boolean;
  readonly failure: ApiFailure | undefined;
  /** Milliseconds since 1970; before that another try would be refused. */
  readonly notBefore: number;
}

export interface NameAndPassword {
  readonly name: string;
  /** Empty where the session server asks for something else first. */
  readonly password: string;
  /** Others use this computer: nothing is remembered on it. */
  readonly shared: boolean;
}

export interface SshLogin {
  readonly store: StoreApi<SshLoginState>;
  begin(input: NameAndPassword): Promise<void>;
  answer(answers: readonly string[]): Promise<void>;
  /** Back to name and password. */
  restart(): void;
}

/** Seconds that the server asks to wait; 0 where it does not. */
function waitOf({ details }: ApiFailure): number {
  const seconds = typeof details === 'object' && details !== null && 'retryAfter' in details ? details.retryAfter : 0;
  return typeof seconds === 'number' && seconds > 0 ? seconds : 0;
}

export function createSshLogin(api: () => Api, loggedIn: () => Promise<void>): SshLogin {
  const store = createStore<SshLoginState>(() => ({
    round: undefined,
    name: readSetting('login.name') ?? '',
    busy: false,
    failure: undefined,
    notBefore: 0,
  }));

  async function send(call: () => Promise<SshStage>): Promise<void> {
    if (store.getState().busy) return;
    store.setState({ busy: true, failure: undefined });
    try {
      const stage = await call();
      if (stage.stage === 'success') {
        await loggedIn();
        store.setState({ round: undefined });
      } else {
        store.setState({ round: stage });
      }
    } catch (thrown) {
      const failure = toFailure(thrown);
      const wait = waitOf(failure);
      store.setState({
        failure,
        ...(wait > 0 ? { notBefore: Date.now() + wait * 1000 } : {}),
        // A conversation with a wrong answer in it is over; one that the network cut may go on.
        ...(failure.code === 'offline' || failure.code === 'bad-request' ? {} : { round: undefined }),
      });
    } finally {
      store.setState({ busy: false });
    }
  }

  return {
    store,
    begin({ name, password, shared }) {
      writeSetting('login.name', shared ? '' : name);
      store.setState({ name });
      return send(() => api().call('loginSsh', { username: name, shared, ...(password === '' ? {} : { password }) }));
    },
    answer(answers) {
      const { round } = store.getState();
      if (round?.authtoken === undefined) return Promise.resolve();
      const { authtoken } = round;
      return send(() => api().call('loginSsh', { authtoken, answers: [...answers] }));
    },
    restart: () => store.setState({ round: undefined, failure: undefined }),
  };
}
