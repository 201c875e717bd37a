/** Logging in over SSH for a start, with the questions put to whoever started it. */
import type { SshStage } from '../../src/contract/login.ts';
import type { SshConversation } from '../ssh/conversation.ts';
import type { SshRound } from '../ssh/rounds.ts';
import type { SshLogin } from './launchers.ts';
import type { UnixUser } from './port.ts';

export type Conversation = Pick<SshConversation, 'begin' | 'answer' | 'close'>;

/** `authtoken` is the business of whoever hands the question on. No key was offered, so no signature is asked for. */
function stageOf(round: SshRound): SshStage {
  const notice = round.notice === '' ? {} : { notice: round.notice };
  switch (round.kind) {
    case 'keyboard-interactive':
      return {
        stage: 'keyboard-interactive',
        prompts: [...round.prompts],
        ...(round.name === '' ? {} : { name: round.name }),
        ...(round.instruction === '' ? {} : { instruction: round.instruction }),
        ...notice,
      };
    case 'new-password':
      return {
        stage: 'keyboard-interactive',
        instruction: round.prompt,
        prompts: [{ prompt: 'New password:', echo: false }],
        ...notice,
      };
    case 'password':
    case 'public-key':
      return { stage: 'password', prompts: [{ prompt: 'Password:', echo: false }], ...notice };
  }
}

export function sshLogin(converse: (user: UnixUser) => Conversation): SshLogin {
  return async (user, ask) => {
    const conversation = converse(user);
    try {
      let step = await conversation.begin();
      while (step.kind === 'round') {
        step = await conversation.answer(await ask(stageOf(step.round)));
      }
      return step.client;
    } catch (error) {
      conversation.close();
      throw error;
    }
  };
}
