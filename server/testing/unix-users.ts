/** Real Unix accounts for tests, made and removed by them. Needs root, which CI is; elsewhere such tests are skipped. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** Why tests that need real accounts cannot run here; `undefined` where they can. */
export const NO_ACCOUNTS = process.getuid?.() === 0 ? undefined : 'needs root, to make Unix accounts';

export interface TestUser {
  readonly login: string;
  readonly password: string;
  readonly uid: number;
  readonly home: string;
}

export class UnixUsers {
  readonly #users: string[] = [];
  readonly #groups: string[] = [];

  #name(): string {
    return `cmt${randomBytes(4).toString('hex')}`;
  }

  group(): string {
    const name = this.#name();
    execFileSync('groupadd', [name]);
    this.#groups.push(name);
    return name;
  }

  /** `more`: further arguments of `useradd`. */
  add(...more: string[]): TestUser {
    const login = this.#name();
    const password = `p-${randomBytes(6).toString('hex')}`;
    execFileSync('useradd', ['--create-home', '--shell', '/bin/bash', ...more, login]);
    this.#users.push(login);
    execFileSync('chpasswd', { input: `${login}:${password}\n` });
    const [, , uid, , , home] = execFileSync('getent', ['passwd', login], { encoding: 'utf8' }).trim().split(':');
    return { login, password, uid: Number(uid), home: home ?? '' };
  }

  /** Ends what still runs as them, and removes them with their homes. */
  removeAll(): void {
    for (const login of this.#users.splice(0)) {
      try {
        execFileSync('pkill', ['-KILL', '-u', login], { stdio: 'ignore' });
      } catch {
        // Nothing of theirs ran.
      }
      try {
        execFileSync('userdel', ['--remove', '--force', login], { stdio: 'ignore' });
      } catch {
        // A test has removed the account itself, or its home.
      }
    }
    for (const name of this.#groups.splice(0)) execFileSync('groupdel', [name], { stdio: 'ignore' });
  }
}
