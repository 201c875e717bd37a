/**
 * What a schedule function may return, and how its placeholders become words (contract section 3). Pure: the server
 * uses it for a start, and whoever saves or tries a function to say what is wrong with it.
 */
import * as z from 'zod/mini';
import type { RestartPolicy } from './bookmark.ts';
import { isParamName, type Params } from './json.ts';
import type { ProfileSettings } from './profile.ts';
import { quoteWord, scanShell, type UnsafePlace } from './shell-scan.ts';

/** Characters of a template; what is longer is a file that somebody should write. */
export const MAX_TEMPLATE = 65_536;
/** Bytes of a filled command: Linux takes at most 128 KiB in one argument. */
export const MAX_FILLED = 120 * 1024;

/** The start data that placeholders speak of. */
export interface TemplateStart {
  readonly id: string;
  readonly command: string;
  readonly geometry: string;
  readonly name: string;
  readonly params: Params;
  readonly profile: string | null;
  readonly keyboardLayout: string;
  /** What the profile says, for whoever starts the session without asking this server. */
  readonly limits?: ProfileSettings;
  /** Likewise of its bookmark; absent: it ends with its command. */
  readonly restart?: RestartPolicy;
}

export type TemplateProblem = {
  /** Where, in characters from the beginning of the text. */
  readonly at: number;
  /** 1-based, for people. */
  readonly line: number;
} & (
  | { readonly kind: 'unknown'; readonly placeholder: string }
  | { readonly kind: 'unsafe'; readonly placeholder: string; readonly place: UnsafePlace }
  | { readonly kind: 'unclosed'; readonly place: UnsafePlace }
  | { readonly kind: 'nul' }
  | { readonly kind: 'too-long' }
);

/** Also things that only look like ones: blanks after `${`, or `start.` in it, mean nothing to a shell. */
const PLACEHOLDER = /\$\{(?:[ \t]+[^}\n]*|start\.[^}\n]*)\}?/y;
const SHAPE = /^\$\{[ \t]*start\.(?:([A-Za-z]+)|params\.([^\s}]+))[ \t]*\}$/;

type Member = 'command' | 'geometry' | 'name' | 'id' | 'profile' | 'keyboardLayout' | 'json';
const MEMBERS: readonly Member[] = ['command', 'geometry', 'name', 'id', 'profile', 'keyboardLayout', 'json'];

interface Placeholder {
  readonly text: string;
  /** Neither of the two: there is no such placeholder. */
  readonly member?: Member;
  readonly param?: string;
}

function placeholderAt(text: string, at: number): Placeholder | undefined {
  if (text.charAt(at) !== '$') return undefined;
  PLACEHOLDER.lastIndex = at;
  const found = PLACEHOLDER.exec(text)?.[0];
  if (found === undefined) return undefined;
  const [, name, param] = SHAPE.exec(found) ?? [];
  if (param !== undefined) return isParamName(param) ? { text: found, param } : { text: found };
  const member = MEMBERS.find((one) => one === name);
  return member === undefined ? { text: found } : { text: found, member };
}

const lineOf = (text: string, at: number) => text.slice(0, at).split('\n').length;

/** Everything that is wrong with a template, in its order; nothing: it can be filled with whatever a person types. */
export function checkTemplate(template: string): TemplateProblem[] {
  return walk(template, () => undefined);
}

function walk(template: string, found: (at: number, placeholder: Placeholder) => void): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const where = (at: number) => ({ at, line: lineOf(template, at) });
  if (template.length > MAX_TEMPLATE) return [{ ...where(0), kind: 'too-long' }];
  const nul = template.indexOf('\0');
  if (nul >= 0) return [{ ...where(nul), kind: 'nul' }];
  scanShell(template, {
    value(at, place) {
      const placeholder = placeholderAt(template, at);
      if (!placeholder) return 0;
      const { text } = placeholder;
      if (placeholder.member === undefined && placeholder.param === undefined) {
        problems.push({ ...where(at), kind: 'unknown', placeholder: text });
      } else if (place) problems.push({ ...where(at), kind: 'unsafe', placeholder: text, place });
      else found(at, placeholder);
      return text.length;
    },
    unclosed: (at, place) => problems.push({ ...where(at), kind: 'unclosed', place }),
  });
  return problems.toSorted((a, b) => a.at - b.at);
}

/** A template that cannot be used as it is written: its author's mistake. */
export class TemplateError extends Error {
  readonly problems: readonly TemplateProblem[];

  constructor(problems: readonly TemplateProblem[]) {
    super(problems.map(describeProblem).join(' '));
    this.problems = problems;
  }
}

/** A value that no command line can carry: its typist's. `placeholder` says which. */
export class ValueError extends Error {
  readonly placeholder: string;

  constructor(placeholder: string, message: string) {
    super(message);
    this.placeholder = placeholder;
  }
}

function valueOf(start: TemplateStart, { member, param, text }: Placeholder): string {
  const value = rawValue(start, member, param);
  if (value.includes('\0')) {
    throw new ValueError(text, `The value of ${text} holds a NUL character, which no command line can carry.`);
  }
  return value;
}

function rawValue(start: TemplateStart, member: Member | undefined, param: string | undefined): string {
  if (param !== undefined) {
    const value = Object.hasOwn(start.params, param) ? start.params[param] : undefined;
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
  switch (member) {
    case 'command':
      return start.command;
    case 'geometry':
      return start.geometry;
    case 'name':
      return start.name;
    case 'id':
      return start.id;
    case 'profile':
      return start.profile ?? '';
    case 'keyboardLayout':
      return start.keyboardLayout;
    case 'json':
    case undefined: {
      const { id, command, geometry, name, params, profile, keyboardLayout, limits } = start;
      const restart = start.restart === 'never' ? undefined : start.restart;
      return JSON.stringify({ command, geometry, name, params, id, profile, keyboardLayout, limits, restart });
    }
  }
}

function limited(text: string): string {
  if (new TextEncoder().encode(text).length > MAX_FILLED) {
    throw new ValueError('', 'With its values filled in, the command is longer than a command line may be.');
  }
  return text;
}

/** Each placeholder becomes one quoted word. @throws TemplateError, ValueError */
export function fillTemplate(template: string, start: TemplateStart): string {
  let filled = '';
  let end = 0;
  const places: { at: number; placeholder: Placeholder }[] = [];
  const problems = walk(template, (at, placeholder) => places.push({ at, placeholder }));
  if (problems.length > 0) throw new TemplateError(problems);
  for (const { at, placeholder } of places) {
    filled += template.slice(end, at) + quoteWord(valueOf(start, placeholder));
    end = at + placeholder.text.length;
  }
  return limited(filled + template.slice(end));
}

/** No shell reads these, so a value goes where its placeholder stands, as it is. @throws TemplateError, ValueError */
export function fillArguments(words: readonly string[], start: TemplateStart): string[] {
  const problems = checkArguments(words);
  if (problems.length > 0) throw new TemplateError(problems);
  return words.map((word) => {
    let filled = '';
    for (let at = 0; at < word.length;) {
      const placeholder = placeholderAt(word, at);
      filled += placeholder ? valueOf(start, placeholder) : word.charAt(at);
      at += placeholder?.text.length ?? 1;
    }
    return limited(filled);
  });
}

/** As `checkTemplate`, for an array of arguments; `line` counts the arguments. */
export function checkArguments(words: readonly string[]): TemplateProblem[] {
  return words.flatMap((word, index) => {
    const problems: TemplateProblem[] = [];
    if (word.length > MAX_TEMPLATE) return [{ at: 0, line: index + 1, kind: 'too-long' } as const];
    if (word.includes('\0')) return [{ at: word.indexOf('\0'), line: index + 1, kind: 'nul' } as const];
    for (let at = 0; at < word.length;) {
      const found = placeholderAt(word, at);
      if (found && found.member === undefined && found.param === undefined) {
        problems.push({ at, line: index + 1, kind: 'unknown', placeholder: found.text });
      }
      at += found?.text.length ?? 1;
    }
    return problems;
  });
}

const PLACES: { readonly [Place in UnsafePlace]: string } = {
  'single-quotes': 'inside single quotes',
  'double-quotes': 'inside double quotes',
  backticks: 'inside backticks',
  substitution: 'inside $( )',
  expansion: 'inside ${ }',
  arithmetic: 'inside arithmetic',
  'here-document': 'inside a here-document',
  comment: 'inside a comment',
  unclear: 'after something that shells read differently',
};

/** One sentence, for whoever wrote the function. */
export function describeProblem(problem: TemplateProblem): string {
  const line = `Line ${problem.line}: `;
  switch (problem.kind) {
    case 'unknown':
      return `${line}there is no placeholder ${problem.placeholder}.`;
    case 'unsafe':
      return `${line}${problem.placeholder} stands ${PLACES[problem.place]}, where quoting cannot protect it.`;
    case 'unclosed':
      return `${line}something that is opened here (${PLACES[problem.place].replace('inside ', '')}) is never closed.`;
    case 'nul':
      return `${line}there is a NUL character.`;
    case 'too-long':
      return `${line}the text is longer than ${MAX_TEMPLATE} characters.`;
  }
}

const Run = z.union([z.string().check(z.regex(/\S/)), z.array(z.string()).check(z.minLength(1), z.maxLength(1024))]);
/** A folder's name, and nothing that leads out of it. */
export const SchedulerName = z.string().check(z.regex(/^[a-z0-9][a-z0-9_-]{0,31}$/));

/** Not "start now". `run`: a template, or arguments that no shell reads. */
export const SchedulePlan = z.object({
  run: Run,
  scheduler: z.optional(SchedulerName),
  /** More arguments for the scheduler's `submit`, such as what resources the job asks for. */
  options: z.optional(z.array(z.string()).check(z.maxLength(256))),
});
export type SchedulePlan = z.infer<typeof SchedulePlan>;

/** `null`: start now; `undefined`: nothing that a schedule function may return. */
export function parsePlan(returned: unknown): SchedulePlan | null | undefined {
  if (returned === null || returned === undefined || returned === '') return null;
  const asked = typeof returned === 'string' || Array.isArray(returned) ? { run: returned } : returned;
  return SchedulePlan.safeParse(asked).data;
}

/** What is wrong with a plan before it is filled. */
export function checkPlan({ run, options }: SchedulePlan): TemplateProblem[] {
  const own = typeof run === 'string' ? checkTemplate(run) : checkArguments(run);
  return [...own, ...checkArguments(options ?? [])];
}

/** A plan with its values: `script` for `sh`, `words` for no shell at all. */
export type FilledPlan = { readonly options: readonly string[]; readonly scheduler: string | undefined } & (
  | { readonly script: string }
  | { readonly words: readonly string[] }
);

/** @throws TemplateError, ValueError */
export function fillPlan({ run, scheduler, options = [] }: SchedulePlan, start: TemplateStart): FilledPlan {
  const rest = { options: fillArguments(options, start), scheduler };
  return typeof run === 'string'
    ? { ...rest, script: fillTemplate(run, start) }
    : { ...rest, words: fillArguments(run, start) };
}
