/** What a password manager is told of a prompt that the session server words as it likes. */
import type { SshPrompt } from '../../contract/login.ts';

const NEW = /\bnew\b|retype|repeat|confirm|neues|wiederhol/i;
const CODE = /code|one-time|otp|token|verification|passcode|authenticator|bestätigung|\bpin\b/i;

export function autocompleteOf({
  prompt,
  echo,
}: SshPrompt): 'new-password' | 'one-time-code' | 'current-password' | 'off' {
  if (CODE.test(prompt)) return 'one-time-code';
  if (echo) return 'off';
  return NEW.test(prompt) ? 'new-password' : 'current-password';
}
