/**
 * `pattern=`: an admin's regular expression, run in the user's browser only. One that repeats a repetition, as
 * `(a+)+` does, can take longer than anyone waits, so it is reported to the author and not run at all.
 */

type Pattern = { ok: true; test(value: string): boolean } | { ok: false; problem: 'pattern-invalid' | 'pattern-slow' };

/** Longer values are not matched: even a polynomial pattern grows past a frame's time there. */
const LONGEST_MATCHED = 1000;
const LONGEST_PATTERN = 500;

const compiled = new Map<string, Pattern>();
/** Patterns kept compiled; forms have few, so a full map means that something makes them up. */
const MOST_COMPILED = 1000;

export function compilePattern(source: string): Pattern {
  const known = compiled.get(source);
  if (known) return known;
  const pattern = compile(source);
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern {
  if (source.length > LONGEST_PATTERN || repeatsRepetition(source)) return { ok: false, problem: 'pattern-slow' };
  try {
    // As HTML does: the whole value, in the mode with the strictest syntax.
    const expression = new RegExp(`^(?:${source})$`, 'v');
    return { ok: true, test: (value) => value.length > LONGEST_MATCHED || expression.test(value) };
  } catch {
    return { ok: false, problem: 'pattern-invalid' };
  }
}

/** Whether an unbounded repetition stands inside a repeated group, or an alternation inside one (`(a|a)*`). */
function repeatsRepetition(source: string): boolean {
  const groups: { risky: boolean }[] = [];
  let inClass = 0;
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === '\\') i++;
    else if (char === '[') inClass++;
    else if (char === ']') inClass = Math.max(0, inClass - 1);
    else if (inClass > 0) continue;
    else if (char === '(') groups.push({ risky: false });
    else if (char === ')') {
      const group = groups.pop();
      const repeated = isUnbounded(source, i + 1);
      if (group?.risky && repeated) return true;
      const outer = groups.at(-1);
      if (outer && (repeated || group?.risky)) outer.risky = true;
    } else if (char === '|' || isUnbounded(source, i)) {
      const group = groups.at(-1);
      if (group) group.risky = true;
    }
  }
  return false;
}

/** Whether a quantifier without a small upper bound begins at `i`. */
function isUnbounded(source: string, i: number): boolean {
  const char = source.charAt(i);
  if (char === '*' || char === '+') return true;
  const bounds = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(i, i + 16));
  if (!bounds) return false;
  const most = bounds[2] === '' ? Number(bounds[1]) : bounds[3] === '' ? Infinity : Number(bounds[3]);
  return most > 20;
}
