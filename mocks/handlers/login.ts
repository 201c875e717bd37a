/** A login over SSH: a name, a password, and a code as the second round. */
import { CasementError } from '../../src/contract/errors.ts';
import type { SshLogin, SshStage } from '../../src/contract/login.ts';
import type { World } from './world.ts';

const AUTHTOKEN = 'demo-authtoken';
const PASSWORD_ROUND: SshStage = {
  stage: 'keyboard-interactive',
  authtoken: AUTHTOKEN,
  prompts: [{ prompt: 'Password: ', echo: false }],
};
const CODE_ROUND: SshStage = {
  stage: 'keyboard-interactive',
  authtoken: AUTHTOKEN,
  instruction: 'A second factor is needed.\nLook at your telephone.',
  prompts: [{ prompt: 'Verification code: ', echo: true }],
};

/** Failed tries after which this world asks to wait. */
const FREE_TRIES = 3;

export function loginSsh(world: World, { username, password, authtoken, answers = [] }: SshLogin): SshStage {
  if (!world.login.includes('ssh')) throw new CasementError('login-unavailable');
  const check = (right: boolean) => {
    if (right) return;
    world.sshRound = undefined;
    world.failedTries++;
    throw new CasementError('login-failed');
  };
  if (authtoken === undefined) {
    if (world.failedTries >= FREE_TRIES) throw new CasementError('rate-limited', { details: { retryAfter: 30 } });
    world.sshName = username;
    if (password === undefined) {
      world.sshRound = 'password';
      return PASSWORD_ROUND;
    }
    check(username === 'ada' && password === 'analytical');
  } else if (authtoken !== AUTHTOKEN || world.sshRound === undefined) {
    throw new CasementError('login-expired');
  } else if (world.sshRound === 'password') {
    check(world.sshName === 'ada' && answers[0] === 'analytical');
  } else {
    check(answers[0] === '1843');
    world.sshRound = undefined;
    world.loggedIn = true;
    return { stage: 'success', token: 'demo-token', host: 'demo' };
  }
  world.sshRound = 'code';
  return CODE_ROUND;
}
