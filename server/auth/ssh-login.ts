/**
 * Logging in over SSH: one conversation with the session server's sshd for each login that is under way. It proves who
 * somebody is, and its connection is what their link can be started over. Kept in memory, few and not for long.
 */
import { randomBytes } from 'node:crypto';
import { CasementError, type ErrorCode } from '../../src/contract/errors.ts';
import type { SshStage } from '../../src/contract/login.ts';
import { SshConversation } from '../ssh/conversation.ts';
import type { HostKeyVerdict, KnownHosts } from '../ssh/known-hosts.ts';
import type { SshRound, SshStep } from '../ssh/rounds.ts';
import { checkUsable, isAccountName, type Accounts } from './accounts.ts';
import type { AdoptConnection, LoginClient, SshBegin, SshLogins, SshOutcome } from './port.ts';
import { type LoginThrottle, WaitError } from './throttle.ts';
import type { Tokens } from './tokens.ts';

/** From the first answer of sshd's to the last of the person's. sshd's own default (`LoginGraceTime`) is the same. */
const LIFETIME_MS = 120_000;
/** Logins under way, in all and from one address. sshd itself begins to refuse at ten (`MaxStartups`). */
const MOST = 500;
const MOST_PER_ADDRESS = 100;
/** Seconds to wait where there are as many; logins end all the time. */
const ROOM_SECONDS = 10;
/** Rounds that `basic` answers by itself before it gives up. */
const BASIC_ROUNDS = 8;

/** A prompt that is plainly about the password. Anything else is left to the person: a wrong guess would cost a try. */
const PASSWORD_PROMPT = /passw|kennwort|passphrase|mot de passe|contrase|senha|wachtwoord|парол|密码|密碼|パスワード/i;

/** Failures that say nothing about the answers given. */
const NOT_THEIR_FAULT: readonly ErrorCode[] = [
  'ssh-unreachable',
  'ssh-lost',
  'ssh-method',
  'host-key-changed',
  'host-key-unknown',
  'bad-request',
];

export interface SshLoginOptions {
  readonly host: string;
  readonly port: number;
  readonly knownHosts: KnownHosts;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly throttle: LoginThrottle;
  /** Takes the connection of a successful login over; absent: it is closed. */
  readonly adopt?: AdoptConnection;
  readonly onHostKey?: (verdict: Exclude<HostKeyVerdict, 'pinned'>, fingerprint: string) => void;
  /** How a login ended. `login` is an account's name, never what somebody typed. */
  readonly onOutcome?: (outcome: { code: ErrorCode | 'ok'; login: string; address: string }) => void;
  readonly lifetimeMs?: number;
  readonly mostPerAddress?: number;
}

interface Try {
  readonly username: string;
  readonly client: LoginClient;
}

interface Pending extends Try {
  readonly authtoken: string;
  readonly conversation: SshConversation;
  readonly timer: NodeJS.Timeout;
  /** What waits to be answered: text, or a signature. */
  asks: SshRound['kind'];
}

export function createSshLogins(options: SshLoginOptions): SshLogins {
  const { host, port, knownHosts, accounts, tokens, throttle, lifetimeMs = LIFETIME_MS } = options;
  const { mostPerAddress = MOST_PER_ADDRESS } = options;
  const pending = new Map<string, Pending>();

  function drop(login: Pending): void {
    clearTimeout(login.timer);
    pending.delete(login.authtoken);
  }

  function room(address: string): void {
    const mine = [...pending.values()].filter(({ client }) => client.address === address).length;
    if (pending.size >= MOST || mine >= mostPerAddress) {
      throw new CasementError('rate-limited', { details: { retryAfter: ROOM_SECONDS } });
    }
  }

  async function tell({ username, client }: Try, code: ErrorCode | 'ok'): Promise<void> {
    // People type their password into the field for the name now and then: only real names are written down.
    const account = isAccountName(username) ? await accounts.find(username).catch(() => undefined) : undefined;
    options.onOutcome?.({ code, login: account?.login ?? '', address: client.address });
  }

  /** Whether sshd is asked at all. @throws CasementError `rate-limited`, `login-failed` */
  async function admit(login: Try): Promise<void> {
    const { username, client } = login;
    try {
      throttle.begin(username, client.address);
      // The same answer as to a wrong password; that it comes sooner tells nothing, since no account can be named so.
      if (!isAccountName(username)) throw new CasementError('login-failed');
      room(client.address);
    } catch (thrown) {
      // Of those who go on during a wait the first is told of: the list must not be flooded by somebody who guesses.
      const again = thrown instanceof WaitError && !thrown.first;
      if (thrown instanceof CasementError && !again) await tell(login, thrown.code);
      throw thrown;
    }
  }

  /** A conversation's step, as an outcome; whatever ends the login also ends here. */
  async function follow(login: Pending, next: Promise<SshStep>): Promise<SshOutcome> {
    try {
      const step = await next;
      if (step.kind === 'round') {
        login.asks = step.round.kind;
        return { stage: stageOf(login.authtoken, step.round) };
      }
      drop(login);
      return await succeed(login, step);
    } catch (thrown) {
      const error = thrown instanceof CasementError ? thrown : new CasementError('internal', { cause: thrown });
      // Another number of answers than there are prompts: the round still waits.
      if (error.code === 'bad-request' && pending.has(login.authtoken)) throw error;
      drop(login);
      login.conversation.close();
      if (NOT_THEIR_FAULT.includes(error.code)) throttle.void(login.username, login.client.address);
      await tell(login, error.code);
      throw error;
    }
  }

  async function succeed(login: Pending, step: Extract<SshStep, { kind: 'success' }>): Promise<SshOutcome> {
    const { client: connection } = step;
    try {
      const account = await accounts.find(login.username);
      if (!account) throw new CasementError('account-no-shell');
      throttle.passed(login.username, login.client.address);
      await checkUsable(account);
      const loggedIn = await tokens.issue(account.login, 'ssh', login.client);
      const { login: name, uid, gid, home } = account;
      if (options.adopt) options.adopt({ login: name, uid, gid, home }, connection);
      else connection.end();
      await tell(login, 'ok');
      const notice = step.notice === '' ? {} : { notice: step.notice };
      const stage: SshStage = { stage: 'success', token: loggedIn.token, host, ...notice };
      return { stage, loggedIn, shared: login.client.shared };
    } catch (thrown) {
      connection.end();
      throw thrown;
    }
  }

  /** The password that came with the name goes to the first round, where that asks for one. */
  function answersWith(round: SshRound, password: string): string[] | undefined {
    if (round.kind === 'password') return [password];
    if (round.kind !== 'keyboard-interactive') return undefined;
    const [only, ...more] = round.prompts;
    return only !== undefined && more.length === 0 && !only.echo && PASSWORD_PROMPT.test(only.prompt)
      ? [password]
      : undefined;
  }

  async function begin(input: SshBegin, client: LoginClient): Promise<SshOutcome> {
    const { username, basic = false, publicKey } = input;
    await admit({ username, client });
    const conversation = new SshConversation({
      host,
      port,
      username,
      knownHosts,
      ...(publicKey === undefined ? {} : { publicKey }),
      ...(options.onHostKey ? { onHostKey: options.onHostKey } : {}),
    });
    const authtoken = randomBytes(24).toString('base64url');
    const timer = setTimeout(() => {
      pending.delete(authtoken);
      conversation.close();
    }, lifetimeMs);
    timer.unref();
    const login: Pending = { authtoken, username, client, conversation, timer, asks: 'password' };
    pending.set(authtoken, login);

    return follow(
      login,
      (async () => {
        let step = await conversation.begin();
        const { password } = input;
        if (password === undefined || password === '') {
          if (basic) throw new CasementError('login-failed');
          return step;
        }
        for (let round = 0; step.kind === 'round' && round < (basic ? BASIC_ROUNDS : 1); round++) {
          const answers = basic ? answersOf(step.round, password) : answersWith(step.round, password);
          if (!answers) break;
          step = await conversation.answer(answers);
        }
        if (basic && step.kind === 'round') throw new CasementError('login-failed');
        return step;
      })(),
    );
  }

  return {
    begin,
    async go({ authtoken, answers, signature }) {
      const login = pending.get(authtoken);
      if (!login) throw new CasementError('login-expired');
      if (login.asks === 'public-key') {
        const bytes = Buffer.from(signature ?? '', 'base64');
        if (bytes.length === 0) throw new CasementError('bad-request', { details: { field: 'signature' } });
        return follow(login, login.conversation.sign(bytes));
      }
      return follow(login, login.conversation.answer(answers ?? []));
    },
  };
}

/** `basic`: the password to every prompt; a signature or a new password it cannot give. */
function answersOf(round: SshRound, password: string): string[] | undefined {
  if (round.kind === 'password') return [password];
  return round.kind === 'keyboard-interactive' ? round.prompts.map(() => password) : undefined;
}

function stageOf(authtoken: string, round: SshRound): SshStage {
  const notice = round.notice === '' ? {} : { notice: round.notice };
  switch (round.kind) {
    case 'password':
      return { stage: 'password', authtoken, prompts: [{ prompt: 'Password:', echo: false }], ...notice };
    case 'new-password':
      return {
        stage: 'keyboard-interactive',
        authtoken,
        instruction: round.prompt,
        prompts: [{ prompt: 'New password:', echo: false }],
        ...notice,
      };
    case 'keyboard-interactive':
      return {
        stage: 'keyboard-interactive',
        authtoken,
        prompts: [...round.prompts],
        ...(round.name === '' ? {} : { name: round.name }),
        ...(round.instruction === '' ? {} : { instruction: round.instruction }),
        ...notice,
      };
    case 'public-key':
      break;
  }
  return {
    stage: 'public-key',
    authtoken,
    challenge: round.data.toString('base64'),
    ...(round.hash === undefined ? {} : { hash: round.hash }),
    ...notice,
  };
}
