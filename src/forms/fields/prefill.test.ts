import { describe, expect, it } from 'vitest';
import { describeFields } from './derive.ts';
import { answersFromText, prefill, rememberable } from './prefill.ts';
import { rawAnswers, typedAnswers } from './typed.ts';

const fields = describeFields(
  '<input name=project><input name=cores data-type=number><input name=note data-remember=off><input name=apiToken>',
);

describe('what a form opens with', () => {
  it('takes the user’s word over the address, the bookmark, the last time', () => {
    const { answers, from } = prefill(fields, {
      last: { project: 'last', cores: 1 },
      bookmark: { project: 'bookmark', cores: 2 },
      url: { project: 'url' },
      user: {},
    });
    expect(answers).toEqual({ project: 'url', cores: 2 });
    expect([...from]).toEqual([
      ['project', 'url'],
      ['cores', 'bookmark'],
    ]);
    expect(prefill(fields, { user: { project: 'typed' }, url: { project: 'url' } }).answers).toEqual({
      project: 'typed',
    });
  });

  it('passes over what does not fit any more, and what the form does not ask', () => {
    const { answers } = prefill(fields, { bookmark: { cores: 'many', other: 1 }, last: { cores: '3' } });
    expect(answers).toEqual({ cores: 3 });
  });

  it('reads an address as if its values were typed, and only what the form asks', () => {
    const form = describeFields(
      `<input name=cores data-type=number><input name=mesh data-type=json><input type=checkbox name=gpu data-type=boolean>
       <input type=checkbox name=mail value=yes-please><select name=tools multiple><option>gcc<option>gdb<option>perf</select>
       <select name=size><option>s<option>m</select><input name=名前>`,
    );
    const texts = (query: string) => {
      const found = new Map<string, string[]>();
      for (const [name, value] of new URLSearchParams(query)) found.set(name, [...(found.get(name) ?? []), value]);
      return found;
    };
    const query =
      'cores=4&mesh=[1,2]&gpu=false&mail=yes-please&tools=gcc&tools=perf&size=m&%E5%90%8D%E5%89%8D=x&other=1&__proto__=1';
    expect(answersFromText(form, texts(query))).toEqual({
      cores: 4,
      mesh: [1, 2],
      gpu: false,
      mail: 'yes-please',
      tools: ['gcc', 'perf'],
      size: 'm',
      名前: 'x',
    });
    expect(answersFromText(form, texts('cores=many&mesh={&gpu=perhaps&mail=no'))).toEqual({});
  });

  it('passes over a choice that is not offered any more', () => {
    const form = describeFields(
      '<select name=size data-type=number><option value=1.0>s<option value=2>m</select><select name=tools multiple><option>gcc</select>',
    );
    expect(prefill(form, { last: { size: 1, tools: ['gcc'] } }).answers).toEqual({ size: 1, tools: ['gcc'] });
    expect(prefill(form, { last: { size: 9, tools: ['gcc', 'gone'] }, url: { size: 2 } }).answers).toEqual({ size: 2 });
  });

  it('neither keeps nor takes back what should not be remembered', () => {
    const given = { project: 'p', note: 'n', apiToken: 't' };
    expect(rememberable(fields, given)).toEqual({ project: 'p' });
    expect(prefill(fields, { last: given }).answers).toEqual({ project: 'p' });
    expect(prefill(fields, { bookmark: given }).answers).toEqual(given);
  });

  it.each(['password', 'userPassword', 'passphrase', 'client_secret', 'api-key', 'PIN', 'otp'])(
    'keeps nothing called %s',
    (name) => {
      expect(rememberable(describeFields(`<input name="${name}">`), { [name]: 'x' })).toEqual({});
    },
  );

  it.each(['passenger', 'compass', 'opinion', 'pinned', 'keyboard'])('does not mistake %s for a secret', (name) => {
    expect(rememberable(describeFields(`<input name="${name}">`), { [name]: 'x' })).toEqual({ [name]: 'x' });
  });
});

describe('what was typed', () => {
  it('comes back to the letter from its own answers, and by its meaning from a copy of them', () => {
    const raw = new Map([
      ['project', ' x '],
      ['cores', '1.50'],
    ]);
    const answers = typedAnswers(fields, raw);
    expect(answers).toEqual({ project: ' x ', cores: 1.5 });
    expect(rawAnswers(fields, answers).get('cores')).toBe('1.50');
    expect(rawAnswers(fields, { ...answers }).get('cores')).toBe('1.5');
  });
});
