/**
 * What a name in a function's text stands for, as far as the table of its input tells: `input.servers[0]`, a variable
 * that was given such a thing, the argument of `input.servers.filter((server) => …)`.
 */
import type { FunctionName } from '../../../contract/functions.ts';
import { INPUTS, SHAPES, type Member, type Shape, type ShapeName } from './input-shapes.ts';

/** What a chain of names leads to. `where`: the table that has it, for its sentence. */
export interface Meaning {
  readonly member: Member;
  readonly where: 'input' | ShapeName;
  readonly name: string;
}

const NAME = '[A-Za-z_$][\\w$]{0,80}';
/** Bounded, so that no text makes the search slow; nothing of the table lies deeper. */
const PATH = `(?<![\\w$.\\]])${NAME}(?:\\??\\.${NAME}|\\[\\w+\\]){0,8}`;
const BINDINGS = new RegExp(
  [
    `(?:const|let|var)\\s+(${NAME})\\s*=\\s*(${PATH})\\s*[;\\n]`,
    `(?:const|let|var)\\s+(${NAME})\\s+of\\s+(${PATH})\\s*\\)`,
    `(${PATH})\\??\\.(?:filter|find|findLast|some|every|forEach|map|flatMap|sort|toSorted)\\(\\s*(?:async\\s+)?\\(?\\s*(${NAME})(?:\\s*,\\s*(${NAME}))?\\s*\\)?\\s*=>`,
    `(?:const|let|var)\\s*\\{([^{}]{0,500})\\}\\s*=\\s*(${PATH})`,
  ].join('|'),
  'g',
);

export interface Scope {
  shapeOf(meaning: Member): Shape | undefined;
  /** `input.data.params`, or what a variable makes of it. */
  resolve(path: string): Meaning | undefined;
  /** The members of what the path leads to; `undefined` where the table does not tell. */
  membersOf(path: string): { readonly where: 'input' | ShapeName; readonly shape: Shape } | undefined;
  /** Variables that stand for something of the table. */
  readonly names: readonly string[];
}

/** How the function calls its argument. */
function parameterOf(text: string): string {
  return (
    new RegExp(`^\\s*(?:async\\s+)?(?:function\\s*(?:${NAME})?\\s*\\(\\s*(${NAME})|\\(?\\s*(${NAME})\\s*\\)?\\s*=>)`)
      .exec(text)
      ?.slice(1)
      .find((found) => found !== undefined) ?? 'input'
  );
}

export function scopeOf(name: FunctionName, text: string): Scope {
  const root: Meaning = { member: { type: 'input' }, where: 'input', name: parameterOf(text) };
  const known = new Map<string, Meaning>([[root.name, root]]);

  function resolve(path: string): Meaning | undefined {
    const [head = '', ...rest] = path.split(/\??\.|(?=\[)/);
    let now = known.get(head);
    for (const part of rest) {
      if (!now) return undefined;
      if (part.startsWith('[')) {
        now = element(now);
        continue;
      }
      const within = membersIn(now);
      const member: Member | undefined = within && Object.hasOwn(within.shape, part) ? within.shape[part] : undefined;
      now = within && member ? { member, where: within.where, name: part } : undefined;
    }
    return now;
  }

  function membersIn(meaning: Meaning): { where: 'input' | ShapeName; shape: Shape } | undefined {
    if (meaning === root) return { where: 'input', shape: INPUTS[name] };
    const { shape, list } = meaning.member;
    return shape === undefined || list === true ? undefined : { where: shape, shape: SHAPES[shape] };
  }

  function element(meaning: Meaning): Meaning | undefined {
    const { member } = meaning;
    return member.list === true ? { ...meaning, member: { ...member, list: false } } : undefined;
  }

  function bind(variable: string | undefined, meaning: Meaning | undefined): void {
    if (variable !== undefined && meaning && variable !== root.name) known.set(variable, meaning);
  }

  for (const found of text.matchAll(BINDINGS)) {
    const [, same, sameAs, one, oneOf, list, first, second, several, severalOf] = found;
    if (sameAs !== undefined) bind(same, resolve(sameAs));
    const each = oneOf ?? list;
    const listed = each === undefined ? undefined : resolve(each);
    const item = listed && element(listed);
    bind(one, item);
    bind(first, item);
    // A second argument is another item where things are compared, and a number else.
    if (/ort(?:ed)?\(/.test(found[0])) bind(second, item);
    for (const part of (several ?? '').split(',')) {
      const [member = '', as = member] = part.split(':').map((side) => side.split('=')[0]?.trim() ?? '');
      if (member !== '') bind(as, resolve(`${severalOf ?? ''}.${member}`));
    }
  }

  return {
    shapeOf: ({ shape }) => (shape === undefined ? undefined : SHAPES[shape]),
    resolve,
    membersOf(path) {
      const meaning = resolve(path);
      return meaning && membersIn(meaning);
    },
    names: [...known.keys()],
  };
}

const AT_CURSOR = new RegExp(`(?:(${PATH})\\??\\.)?(${NAME})?$`);

/** What is being typed at the end of `before`: what comes before its last dot, and what follows. */
export function typedAt(before: string): { readonly of: string | undefined; readonly typed: string } {
  const found = AT_CURSOR.exec(before.slice(-400));
  return { of: found?.[1], typed: found?.[2] ?? '' };
}
