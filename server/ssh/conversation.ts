/**
 * One login at a host's sshd, as a state machine whose questions are answered from outside. Whoever asks (the login
 * page, the Start dialog) sees rounds; at the end there is an authenticated connection, or a `CasementError`.
 *
 * Methods are tried as OpenSSH's own client tries them: public key where one was offered, keyboard-interactive, which
 * is the one that can change a password on the way, then password. One wrong answer ends the conversation, so that
 * the caller decides how often a person may try.
 */
import { isIP } from 'node:net';
import type { AnyAuthMethod, Client } from 'ssh2';
import { CasementError, type ErrorCode } from '../../src/contract/errors.ts';
import { fingerprintOf, hostKeyAlgorithms, type HostKeyVerdict, type KnownHosts } from './known-hosts.ts';
import { loadSsh2, type Ssh2 } from './load.ts';
import { outsideKey, parsePublicKey } from './outside-key.ts';
import type { SshRound, SshStep } from './rounds.ts';
import { hearSilentRequests, hearVerdicts, setOldPassword } from './ssh2-inside.ts';

/** From the first packet to sshd's list of methods. Behind it answers may take as long as a person and a phone do. */
const CONNECT_MS = 10_000;
const KEEPALIVE_MS = 30_000;
/** Pause before another try where sshd has no room, longer each time. */
const AGAIN_MS = 250;
const MOST_TURNS = 4;
/** Characters kept of a text of the server's. */
const MAX_TEXT = 16_384;
const MAX_PROMPTS = 64;

export interface SshConversationOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly knownHosts: KnownHosts;
  /** One line in OpenSSH's format. Its owner is asked to sign, in a round of its own. */
  readonly publicKey?: string;
  /** Told once a changed or unknown key was refused, or a first one taken. */
  readonly onHostKey?: (verdict: Exclude<HostKeyVerdict, 'pinned'>, fingerprint: string) => void;
  readonly connectMs?: number;
}

type SshError = Error & { readonly level?: string; readonly code?: string | number };

interface Asker {
  resolve(step: SshStep): void;
  reject(error: CasementError): void;
}

export class SshConversation {
  readonly #options: SshConversationOptions;
  #client: Client | undefined;
  /** Waits for the next step. */
  #asker: Asker | undefined;
  /** Takes the answers to the round that was handed out last. */
  #reply: ((answers: readonly string[]) => void) | undefined;
  /** Takes a signature, with bytes where the others take text. */
  #takeSignature: ((signature: Buffer) => void) | undefined;
  #expected = 0;
  #tried = new Set<string>();
  /** Somebody answered a round of the method that is being tried. */
  #answered = false;
  #notice = '';
  #verdict: HostKeyVerdict | undefined;
  #over = false;
  #unheard: CasementError | undefined;
  /** How often sshd hung up before it said anything. */
  #turns = 0;
  #again: NodeJS.Timeout | undefined;

  constructor(options: SshConversationOptions) {
    this.#options = options;
  }

  /**
   * Connects and goes up to the first round.
   *
   * @throws CasementError `ssh-unreachable`, `ssh-lost`, `ssh-method`, `host-key-changed`, `host-key-unknown`,
   *   `login-failed`, `account-refused`, `bad-request` (a public key that is none)
   */
  async begin(): Promise<SshStep> {
    const ssh2 = await loadSsh2();
    const { publicKey } = this.#options;
    const key = publicKey === undefined ? undefined : parsePublicKey(ssh2, publicKey);
    if (publicKey !== undefined && !key) {
      throw new CasementError('bad-request', { details: { field: 'publicKey' } });
    }
    return this.#next(() => this.#connect(ssh2, key));
  }

  /**
   * Answers the round that was asked last, one string a prompt.
   *
   * @throws CasementError as `begin`, and `bad-request` for another number of answers, after which the round still
   *   waits
   */
  async answer(answers: readonly string[]): Promise<SshStep> {
    this.#throwIfOver();
    const reply = this.#reply;
    if (!reply || answers.length !== this.#expected) {
      throw new CasementError('bad-request', { details: { field: 'answers', expected: this.#expected } });
    }
    this.#reply = undefined;
    return this.#next(() => reply(answers));
  }

  /** Answers a `public-key` round. @throws CasementError as `answer` */
  async sign(signature: Buffer): Promise<SshStep> {
    this.#throwIfOver();
    const take = this.#takeSignature;
    if (!take) throw new CasementError('bad-request', { details: { field: 'signature' } });
    this.#takeSignature = undefined;
    return this.#next(() => take(signature));
  }

  /** Gives up; a step that is waited for fails with `code`. After success it does nothing: the client has an owner. */
  close(code: ErrorCode = 'login-expired'): void {
    this.#fail(new CasementError(code));
  }

  #next(go: () => void): Promise<SshStep> {
    return new Promise((resolve, reject) => {
      if (this.#over || this.#asker) {
        reject(new CasementError('login-expired'));
        return;
      }
      this.#asker = { resolve, reject };
      go();
    });
  }

  #settle(step: SshStep): void {
    const asker = this.#asker;
    this.#asker = undefined;
    asker?.resolve(step);
  }

  #fail(error: CasementError): void {
    if (this.#over) return;
    this.#over = true;
    const asker = this.#asker;
    this.#asker = undefined;
    this.#forget();
    this.#client?.destroy();
    if (asker) asker.reject(error);
    // Between two rounds: whoever answers next hears of it.
    else this.#unheard = error;
  }

  #throwIfOver(): void {
    if (!this.#over) return;
    const error = this.#unheard ?? new CasementError('login-expired');
    this.#unheard = undefined;
    throw error;
  }

  #forget(): void {
    this.#reply = undefined;
    this.#takeSignature = undefined;
    clearTimeout(this.#again);
    if (this.#client) setOldPassword(this.#client, undefined);
  }

  #takeNotice(): string {
    const notice = this.#notice.trim();
    this.#notice = '';
    return notice;
  }

  #hear(text: string): void {
    this.#notice = `${this.#notice}${text.replaceAll('\r\n', '\n')}\n`.slice(-MAX_TEXT);
  }

  /** Hands out a round and waits for `count` answers. */
  #ask(round: SshRound, count: number, reply: (answers: readonly string[]) => void): void {
    this.#expected = count;
    this.#reply = (answers) => {
      this.#answered = true;
      reply(answers);
    };
    this.#settle({ kind: 'round', round });
  }

  #connect(ssh2: Ssh2, key: ReturnType<typeof parsePublicKey>): void {
    const { host, port, username, knownHosts, connectMs = CONNECT_MS } = this.#options;
    const client = new ssh2.Client();
    this.#client = client;
    const timer = setTimeout(() => this.#fail(new CasementError('ssh-unreachable')), connectMs);
    const pinned = knownHosts.types(host, port);

    client.on('banner', (text) => this.#hear(text));
    client.on('change password', (prompt, done) => {
      this.#ask({ kind: 'new-password', prompt: prompt.slice(0, MAX_TEXT), notice: this.#takeNotice() }, 1, ([next]) =>
        done(next ?? ''),
      );
    });
    client.once('ready', () => {
      if (this.#over) return;
      this.#over = true;
      this.#forget();
      this.#settle({ kind: 'success', client, notice: this.#takeNotice() });
    });
    const ended = (error: SshError | undefined) => {
      clearTimeout(timer);
      if (client !== this.#client) return;
      if (!this.#over && this.#turnedAway(error)) {
        this.#client = undefined;
        client.destroy();
        const pause = AGAIN_MS * ++this.#turns * (0.5 + Math.random());
        this.#again = setTimeout(() => this.#connect(ssh2, key), pause);
        return;
      }
      this.#fail(this.#explain(error));
    };
    client.on('error', ended);
    client.once('close', () => ended(undefined));

    const sign = (data: Buffer, hash: string | undefined) =>
      new Promise<Buffer>((resolve) => {
        this.#takeSignature = resolve;
        this.#settle({ kind: 'round', round: { kind: 'public-key', data, hash, notice: this.#takeNotice() } });
      });

    const choose = (left: readonly string[], partial: boolean, next: (method: AnyAuthMethod | false) => void): void => {
      if (partial) {
        // One of several has been passed: what was tried may be asked for again, as a second factor.
        this.#tried.clear();
      } else if (this.#answered) {
        this.#fail(this.#refusal());
        return;
      }
      this.#answered = false;
      const method = ['publickey', 'keyboard-interactive', 'password'].find(
        (name) => left.includes(name) && !this.#tried.has(name) && (name !== 'publickey' || key !== undefined),
      );
      if (method === undefined) {
        this.#fail(this.#tried.size > 0 ? this.#refusal() : new CasementError('ssh-method'));
        return;
      }
      this.#tried.add(method);
      if (method === 'publickey' && key) {
        next({ type: 'agent', username, agent: outsideKey(ssh2, key, sign) });
      } else if (method === 'password') {
        this.#ask({ kind: 'password', notice: this.#takeNotice() }, 1, ([password = '']) => {
          // Needed once more where the server wants a new one.
          setOldPassword(client, password);
          next({ type: 'password', username, password });
        });
      } else {
        next({
          type: 'keyboard-interactive',
          username,
          prompt: (name, instruction, _language, prompts, finish) => {
            const round = {
              kind: 'keyboard-interactive',
              name: name.slice(0, MAX_TEXT),
              instruction: instruction.slice(0, MAX_TEXT),
              prompts: prompts
                .slice(0, MAX_PROMPTS)
                .map(({ prompt, echo }) => ({ prompt: prompt.slice(0, MAX_TEXT), echo: echo ?? false })),
              notice: this.#takeNotice(),
            } as const;
            this.#ask(round, round.prompts.length, (answers) => finish([...answers]));
          },
        });
      }
    };

    let verdict: { readonly left: readonly string[]; readonly partial: boolean } | undefined;
    client.connect({
      host,
      port,
      username,
      readyTimeout: 0,
      keepaliveInterval: KEEPALIVE_MS,
      ...(isIP(host) === 0 ? {} : { forceIPv4: isIP(host) === 4, forceIPv6: isIP(host) === 6 }),
      ...(pinned.length > 0 ? { algorithms: { serverHostKey: hostKeyAlgorithms(pinned) } } : {}),
      hostVerifier: (shown: Buffer) => this.#verify(shown),
      authHandler: (left: readonly string[] | null, partial: boolean | null, next) => {
        // Said by the types to be a method always; `false` is how the last one is declined.
        const go = next as (method: AnyAuthMethod | false) => void;
        clearTimeout(timer);
        if (left === null) go({ type: 'none', username });
        else choose(verdict?.left ?? left, verdict?.partial ?? partial ?? false, go);
      },
    });
    hearSilentRequests(client, (text) => this.#hear(text));
    hearVerdicts(client, (left, partial) => {
      verdict = { left, partial };
    });
  }

  /** Closed before a word: that is how sshd answers when `MaxStartups` logins are under way, and it soon has room. */
  #turnedAway(error: SshError | undefined): boolean {
    const hungUp = error === undefined || /ECONNRESET|EPIPE|before handshake/.test(`${error.code} ${error.message}`);
    return hungUp && this.#verdict === undefined && this.#tried.size === 0 && this.#turns < MOST_TURNS;
  }

  #verify(key: Buffer): boolean {
    const { host, port, knownHosts, onHostKey } = this.#options;
    const verdict = knownHosts.check(host, port, key);
    this.#verdict = verdict;
    if (verdict !== 'pinned') onHostKey?.(verdict, fingerprintOf(key));
    return verdict === 'pinned' || verdict === 'added';
  }

  /** Not let in. Where the server says why, that is more than a wrong password, and is handed on. */
  #refusal(): CasementError {
    const reason = this.#takeNotice();
    return reason === ''
      ? new CasementError('login-failed')
      : new CasementError('account-refused', { details: { reason } });
  }

  /** Why the connection ended before its time. `error` is absent where the server just closed it. */
  #explain(error: SshError | undefined): CasementError {
    const cause = error === undefined ? {} : { cause: error };
    if (this.#verdict === undefined && /no matching host key/i.test(error?.message ?? '')) {
      // It no longer has a key of a type that is pinned.
      this.#verdict = 'changed';
      this.#options.onHostKey?.('changed', '');
    }
    if (this.#verdict === 'changed') return new CasementError('host-key-changed', cause);
    if (this.#verdict === 'unknown') return new CasementError('host-key-unknown', cause);
    if (this.#tried.size === 0) return new CasementError('ssh-unreachable', cause);
    if (/too many authentication failures/i.test(error?.message ?? '')) return this.#refusal();
    // Right answers, and then the server's word why this account may not come in all the same.
    const reason = this.#answered ? this.#takeNotice() : '';
    if (reason !== '') return new CasementError('account-refused', { details: { reason }, ...cause });
    return new CasementError('ssh-lost', cause);
  }
}
