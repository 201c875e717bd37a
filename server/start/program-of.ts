/** Of a command its program: arguments may hold what is nobody's business. */

/** Characters. */
const MAX_SHOWN = 200;
/** Variables that are set for the command alone, as in `TOKEN=x program`. */
const SETTINGS = /^(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s"'])*(?:\s+|$))+/;

export function programOf(command: string): string {
  const words = command.trim();
  const rest = words.replace(SETTINGS, '');
  const first = rest.split(/\s+/, 1)[0] ?? '';
  // What is set in a way that only a shell understands may go on in this word.
  return rest !== words && /["'`$()]/.test(first) ? '…' : first.slice(0, MAX_SHOWN);
}
