/** Texts that are kept of a start without what nobody is to find in them. */
import { MASK } from './secret-names.ts';

/** Characters; what is shorter stands in other words by chance, and is masked where it is a word of its own. */
const SHORT = 4;
/** Characters by which a long one is known; what follows it is left out. */
const LONG = 256;
/** Of one start. Where somebody sends more, nothing of what functions made of them is kept. */
const MOST = 200;
/** Characters of a text that are looked through; a function may return megabytes. */
const WINDOW = 64 * 1024;

function without(text: string, secret: string): string {
  if (secret.length < SHORT) {
    const escaped = secret.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), MASK);
  }
  if (secret.length <= LONG) return text.replaceAll(secret, MASK);
  const at = text.indexOf(secret.slice(0, LONG));
  return at < 0 ? text : `${text.slice(0, at)}${MASK}`;
}

/**
 * At most so many characters, without the secrets, whatever a function made of them: a command line, a sentence, JSON.
 * They are taken out before the text is clipped, since half a secret is one, too.
 */
export function keptText(text: string, secrets: readonly string[], most: number): string {
  if (secrets.length > MOST) return MASK;
  const isCut = text.length > WINDOW;
  let left = isCut ? text.slice(0, WINDOW) : text;
  for (const secret of secrets) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)])) left = without(left, form);
  }
  // The end of the window may be the beginning of one.
  if (isCut) left = left.slice(0, -LONG);
  return left.length > most || isCut ? `${left.slice(0, most)}…` : left;
}
