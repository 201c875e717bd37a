import { describe, expect, it } from 'vitest';
import { SAMPLE_INPUTS } from '../../../contract/function-samples.ts';
import { FUNCTION_NAMES } from '../../../contract/functions.ts';
import en from '../../locales/en.json';
import { HELPERS, INPUTS, SHAPES } from './input-shapes.ts';
import { scopeOf, typedAt } from './resolve.ts';

const membersAt = (text: string, path: string) =>
  Object.keys(scopeOf('load-balancing', text).membersOf(path)?.shape ?? {});

describe('what a name stands for', () => {
  it.each([
    ['async function (input) {', 'input', 'servers'],
    ['(wish) => ', 'wish', 'servers'],
    ['', 'input.data', 'command'],
    ['', 'input.data.answered[0]', 'version'],
    ['', 'input.servers[0].accepts', 'start'],
    ['const all = input.servers;\n', 'all[0]', 'freemem'],
    ['for (const one of input.servers) {', 'one', 'freemem'],
    ['input.servers.filter((server) => ', 'server', 'freemem'],
    ['input.servers.toSorted((a, b) => a.sessions - ', 'b', 'sessions'],
    ['const { data, servers: them } = input;', 'data', 'geometry'],
    ['const { data, servers: them } = input;', 'them[1]', 'hostname'],
  ])('after "%s" %s has a member %s', (text, path, member) => {
    expect(membersAt(text, path)).toContain(member);
  });

  it.each(['input.servers', 'input.data.params', 'input.nothing', 'other', 'input.toString', 'input.local'])(
    'the table tells nothing of the members of %s',
    (path) => {
      expect(membersAt('', path)).toEqual([]);
    },
  );

  it('a second argument is an item only where items are compared', () => {
    expect(membersAt('input.servers.map((one, at) => ', 'at')).toEqual([]);
  });

  it('reads what is typed at the cursor', () => {
    expect(typedAt('  if (input.data.pa')).toEqual({ of: 'input.data', typed: 'pa' });
    expect(typedAt('return inp')).toEqual({ of: undefined, typed: 'inp' });
    expect(typedAt('input.servers[0].')).toEqual({ of: 'input.servers[0]', typed: '' });
  });

  it('does not hang on a long text', () => {
    const begin = performance.now();
    scopeOf('schedule', `const a = ${'input.'.repeat(20_000)}`);
    scopeOf('schedule', `const {${'a,'.repeat(40_000)}`);
    typedAt('a.'.repeat(50_000));
    expect(performance.now() - begin).toBeLessThan(3000);
  });
});

it.each(FUNCTION_NAMES)('every member of the sample of %s is in the table', (name) => {
  const check = (value: unknown, members: Readonly<Record<string, { shape?: keyof typeof SHAPES }>>): void => {
    for (const [key, inner] of Object.entries(value ?? {})) {
      expect(Object.keys(members), key).toContain(key);
      const shape = members[key]?.shape;
      if (shape === undefined) continue;
      for (const one of Array.isArray(inner) ? inner : [inner]) check(one, SHAPES[shape]);
    }
  };
  check(SAMPLE_INPUTS[name], INPUTS[name]);
});

it('every member has its sentence', () => {
  const docs: Record<string, Record<string, string>> = en.functions.docs;
  for (const members of Object.values(INPUTS)) {
    for (const member of Object.keys(members)) expect(docs['input']?.[member], member).toBeTypeOf('string');
  }
  for (const [shape, members] of Object.entries(SHAPES)) {
    for (const member of Object.keys(members)) expect(docs[shape]?.[member], `${shape}.${member}`).toBeTypeOf('string');
  }
  for (const helper of HELPERS) expect(docs['helpers']?.[helper]).toBeTypeOf('string');
});
