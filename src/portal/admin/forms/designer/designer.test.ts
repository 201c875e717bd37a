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

  const select =
    '<select name="s"><option>One\n<option value=2 selected>Two</option>\n  <!-- rare --><option>Three</select>';
  const boxes = `<fieldset class=q><legend>Queue</legend>
  <div class="form-check"><input type=radio name=q id=a value=a checked><label for=a>Fast &amp; small</label></div>
  <!-- by hand -->
  <label class='x'><input type="radio" name="q" value="b"> Slow</label> <em>hint</em>
  <input type=radio name=q id=c value=c><label for=c>Other</label>
  <input name=other>
</fieldset>`;
  it.each([
    ['of a selection', select, 0, ['Two', 'One', 'Three']],
    ['of a selection, over what stands between', select, 1, ['One', 'Three', 'Two']],
    ['of radio buttons, in whatever they stand', boxes, 0, ['Slow', 'Fast & small', 'Other']],
    ['of radio buttons with a label behind', boxes, 1, ['Fast & small', 'Other', 'Slow']],
  ])('the order of the options %s, there and back', (_of, text, at, order) => {
    const labels = (of: string) => readDesign(of).questions[0]?.options?.map(({ label }) => label);
    const moved = edit(0, { do: 'move-option', at, by: 1 }, text) ?? '';
    expect(labels(moved)).toEqual(order);
    expect(edit(0, { do: 'move-option', at: at + 1, by: -1 }, moved)).toBe(text);
    // What is not an option stays where it was.
    for (const kept of [
      '<!-- by hand -->\n  ',
      ' <em>hint</em>\n',
      '  <input name=other>\n</fieldset>',
      '\n  <!-- rare -->',
    ]) {
      if (text.includes(kept)) expect(moved).toContain(kept);
    }
    const chosen = (of: string) => readDesign(of).questions[0]?.options?.find(({ selected }) => selected)?.value;
    expect(chosen(moved)).toBe(chosen(text));
  });

  it('no order where there is no further place, or the options cannot be told apart', () => {
    expect(edit(0, { do: 'move-option', at: 0, by: -1 }, select)).toBeUndefined();
    expect(edit(0, { do: 'move-option', at: 2, by: 1 }, boxes)).toBeUndefined();
    const wild = '<label>A <input type=radio name=q value=a><input type=radio name=q value=b></label>';
    const moved = edit(0, { do: 'move-option', at: 0, by: 1 }, wild);
    expect(
      readDesign(moved ?? wild)
        .questions[0]?.options?.map(({ value }) => value)
        .toSorted(),
    ).toEqual(['a', 'b']);
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
