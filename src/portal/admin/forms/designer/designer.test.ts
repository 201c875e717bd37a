import { describe, expect, it } from 'vitest';
import { EXAMPLE } from '../palette.ts';
import { readDesign } from './design.ts';
import { applyEdit, type Edit } from './edits.ts';

const html = `<!-- hand-written -->
<p   class='lead'>Hello & welcome</p>
<div class="mb-3">
  <label for="memory">Memory <b>!</b></label>
  <select id=memory name="memory" data-type="number">
    <option value="2">2 GB
    <option value="4" selected>4 GB</option>
  </select>
</div>
<label class="x">Cores <input name='cores' type="number"  required></label>
<p data-show-when="memory=4; cores!=1">Much</p>
`;
const edit = (index: number, change: Edit, text = html) => applyEdit(text, index, change);

describe('a form as questions', () => {
  it('has label, type and options of each', () => {
    expect(
      readDesign(html).questions.map(({ name, type, label, required, dataType, options }) => ({
        name,
        type,
        label,
        required,
        dataType,
        options: options?.map(({ value, label: words, selected }) => [value, words, selected]),
      })),
    ).toEqual([
      {
        name: 'memory',
        type: 'select',
        label: 'Memory !',
        required: false,
        dataType: 'number',
        options: [
          ['2', '2 GB', false],
          ['4', '4 GB', true],
        ],
      },
      { name: 'cores', type: 'number', label: 'Cores', required: true, dataType: 'text', options: undefined },
    ]);
  });

  it('that cannot be read has none', () => {
    expect(readDesign('<i>'.repeat(20_000)).questions).toEqual([]);
    expect(applyEdit('<i>'.repeat(20_000), 0, { do: 'remove' })).toBeUndefined();
  });
});

describe('an edit changes its own place and nothing else', () => {
  it.each<[string, number, Edit, string, string]>([
    ['a label', 0, { do: 'label', to: 'RAM < 8' }, 'Memory <b>', 'RAM &lt; 8 <b>'],
    ['a label around', 1, { do: 'label', to: 'CPUs' }, '>Cores <', '>CPUs <'],
    ['required, away', 1, { do: 'required', to: false }, '  required>', '>'],
    ['required', 0, { do: 'required', to: true }, '<select id', '<select required id'],
    ['a type', 1, { do: 'type', to: 'range' }, 'type="number"  req', 'type="range"  req'],
    ['a data-type', 0, { do: 'data-type', to: 'text' }, ' data-type="number"', ''],
    [
      'an option',
      0,
      { do: 'option', at: 1, value: '8', label: '8 GB' },
      'value="4" selected>4 GB',
      'value="8" selected>8 GB',
    ],
    ['an option without end tag', 0, { do: 'option', at: 0, label: 'two' }, '>2 GB\n', '>two\n'],
    ['the options', 0, { do: 'add-option' }, '4 GB</option>', '4 GB</option>\n    <option>Option 3</option>'],
    ['the options, less', 0, { do: 'remove-option', at: 1 }, '    <option value="4" selected>4 GB</option>\n', ''],
  ])('%s', (_what, index, change, before, after) => {
    const changed = edit(index, change);
    if (change.do === 'type') expect(changed).toContain('class="form-range"');
    else expect(changed).toBe(html.replace(before, after));
  });

  it('a name, in conditions as well', () => {
    expect(edit(0, { do: 'name', to: 'ram' })).toBe(
      html.replace('name="memory"', 'name="ram"').replace('when="memory=4', 'when="ram=4'),
    );
  });

  it('the default', () => {
    const changed = edit(0, { do: 'default', at: 0 }) ?? '';
    expect(readDesign(changed).questions[0]?.options?.map(({ selected }) => selected)).toEqual([true, false]);
  });

  it('the order, there and back', () => {
    const moved = edit(0, { do: 'move', by: 1 }) ?? '';
    expect(readDesign(moved).questions.map(({ name }) => name)).toEqual(['cores', 'memory']);
    expect(edit(1, { do: 'move', by: -1 }, moved)).toBe(html);
    expect(edit(1, { do: 'move', by: 1 })).toBeUndefined();
  });

  it('a question that is removed, with its label and box', () => {
    const changed = edit(0, { do: 'remove' }) ?? '';
    expect(changed).not.toMatch(/Memory|mb-3/);
    expect(changed).toContain('<p   class=\'lead\'>Hello & welcome</p>\n<label class="x">');
  });

  it('a text into a selection, with what both can have', () => {
    const changed = edit(
      0,
      { do: 'type', to: 'select' },
      '<label>A <input id="a" name="a" class="form-control w-50" required></label>',
    );
    expect(changed).toContain('<select id="a" name="a" required class="form-select w-50">');
  });
});

it('makes no edit that would cost another question its place', () => {
  const broken = '<div><label>A <input name="a"></label><div><label>B <input name="b"></label>';
  for (const [index, change] of [
    [0, { do: 'move', by: 1 }],
    [1, { do: 'move', by: -1 }],
    [0, { do: 'remove' }],
  ] as const) {
    const changed = edit(index, change, broken);
    const names = readDesign(changed ?? broken).questions.map(({ name }) => name);
    expect(names.toSorted()).toEqual(changed !== undefined && change.do === 'remove' ? ['b'] : ['a', 'b']);
  }
});

it('reads the example of a new form', () => {
  expect(readDesign(EXAMPLE).questions.length).toBeGreaterThan(1);
});
