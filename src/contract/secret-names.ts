/** Names whose values are nobody's business: masked in what is kept of inputs and results of functions. */

/** Wherever they stand in a name. */
const ANYWHERE = /password|passphrase|passwd|passcode|pwd|token|secret|credential|authorization|cookie|apikey/i;
/** Only as a word of their own, so that `keyboardLayout`, `monkey` and `spinner` stay. */
const WORDS = new Set(['key', 'keys', 'pin', 'pins', 'pass', 'otp']);

export const MASK = '•••';

export function isSecretName(name: string): boolean {
  if (ANYWHERE.test(name)) return true;
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .some((word) => WORDS.has(word.toLowerCase()));
}
