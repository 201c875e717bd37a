import { describe, expect, it } from 'vitest';
import { deriveFields, describeFields, lintForm } from './derive.ts';
import { describeFinding } from './finding.ts';

const codes = (html: string) => lintForm(html).map(({ code, subject }) => `${code} ${subject}`.trim());

/** The documents' own example, as it came out of a word processor, `div`s left open. */
const EXAMPLE = `<div class=”form-group”>
  <label>My Custom Input</label>
  <input type=”text” class=”form-control” name=”myCustomInput” />
<div class=”form-group”>
  <label>Memory</label>
  <select name=”minRam” data-type=”number” class=”form-control”>
      <option value=”1″>1 GB</option>
      <option value=”2″>2 GB</option>
      <option value=”10″>10 GB</option>
  </select>`;

describe('fields of a form', () => {
  it('reads markup with curly quotes and open elements', () => {
    expect(describeFields(EXAMPLE)).toEqual([
      {
        name: 'myCustomInput',
        type: 'text',
        dataType: 'text',
        required: false,
        multiple: false,
        label: 'My Custom Input',
        constraints: {},
      },
      {
        name: 'minRam',
        type: 'select',
        dataType: 'number',
        required: false,
        multiple: false,
        label: 'Memory',
        options: [
          { value: '1', label: '1 GB', selected: false, disabled: false },
          { value: '2', label: '2 GB', selected: false, disabled: false },
          { value: '10', label: '10 GB', selected: false, disabled: false },
        ],
        constraints: {},
      },
    ]);
  });

  it('keeps bounds, lengths and patterns', () => {
    const [cores] = describeFields(
      '<input name=cores type=number min=1 max="64" step=0.5 minlength=2 maxlength=9 pattern="[0-9]+" required>',
    );
    expect(cores).toMatchObject({
      type: 'number',
      required: true,
      constraints: { min: '1', max: '64', step: '0.5', minLength: 2, maxLength: 9, pattern: '[0-9]+' },
    });
  });

  it('makes one field of radios, and of checkboxes that share a name', () => {
    const fields = describeFields(`
      <fieldset><legend>Queue</legend>
        <label><input type=radio name=queue value=short checked> Short</label>
        <label><input type=radio name=queue value=long> Long</label>
      </fieldset>
      <label><input type=checkbox name=tools value=gcc checked> GCC</label>
      <label><input type=checkbox name=tools value=gdb> GDB</label>
      <label><input type=checkbox name=gpu data-type=boolean> GPU</label>`);
    expect(
      fields.map(({ name, type, multiple, label, defaultValue }) => ({ name, type, multiple, label, defaultValue })),
    ).toEqual([
      { name: 'queue', type: 'radio', multiple: false, label: 'Queue', defaultValue: 'short' },
      { name: 'tools', type: 'checkbox', multiple: true, label: 'GCC', defaultValue: ['gcc'] },
      { name: 'gpu', type: 'checkbox', multiple: false, label: 'GPU', defaultValue: undefined },
    ]);
  });

  it('leaves out what is disabled, nameless, or in what the sanitiser removes', () => {
    const names = describeFields(`
      <input name=off disabled><input><fieldset disabled><legend><input name=inLegend></legend><input name=inside></fieldset>
      <template><input name=inTemplate></template><svg><foreignObject><input name=inSvg></foreignObject></svg>
      <noscript><input name=inNoscript></noscript><input type=password name=secret><input type=hidden name=hidden>
      <form action=//evil.example><input name=inForm></form><my-thing><input name=inCustom></my-thing>`).map(
      (field) => field.name,
    );
    expect(names).toEqual(['inLegend', 'inForm', 'inCustom']);
  });

  it('hands conditions of surrounding elements down to the fields inside', () => {
    const fields = describeFields(`
      <div data-show-when="queue=gpu"><p data-show-when="cores!=1; site in a, b"><input name=cards></p></div>
      <input name=note data-required-when="queue in gpu,big">
      <select name=queue><option>cpu<option data-options-when="site=a">gpu</select><input name=cores><input name=site>`);
    expect(fields[0]?.showWhen).toEqual([
      { field: 'queue', op: '=', values: ['gpu'] },
      { field: 'cores', op: '!=', values: ['1'] },
      { field: 'site', op: 'in', values: ['a', 'b'] },
    ]);
    expect(fields[1]?.requiredWhen).toEqual([{ field: 'queue', op: 'in', values: ['gpu', 'big'] }]);
    expect(fields[2]?.options?.[1]?.when).toEqual([{ field: 'site', op: '=', values: ['a'] }]);
  });

  it.each(['name', 'title', 'action', 'target', 'length', 'hidden', 'style', 'cookie', 'id', 'submit', 'a.b', '名前'])(
    'allows the name %s, whatever a browser has of that name',
    (name) => {
      expect(describeFields(`<input name="${name}">`).map((field) => field.name)).toEqual([name]);
    },
  );

  it.each(['__proto__', 'constructor', 'prototype', '1a', 'a b', 'a[b]', ' a', 'x'.repeat(65), 'user-content-a'])(
    'refuses the name %j',
    (name) => {
      expect(describeFields(`<input name="${name}">`)).toEqual([]);
      expect(lintForm(`<input aria-label=x name="${name}">`).map(({ code }) => code)).toContain('name-not-allowed');
    },
  );
});

describe('findings', () => {
  it('says what will be removed, and where', () => {
    const html =
      '<p style="color:red">x</p>\n<script>alert(1)</script>\n  <a href=x>y</a>\n<input name=a title=A type=password>\n<div class="row position-fixed vw-100" onclick=x>';
    expect(lintForm(html).map(({ code, subject, line, column }) => [code, subject, line, column])).toEqual([
      ['no-fields', '', 1, 1],
      ['attribute-removed', 'style', 1, 4],
      ['element-removed', 'script', 2, 1],
      ['element-removed', 'a', 3, 3],
      ['type-removed', 'password', 4, 23],
      ['class-removed', 'position-fixed', 5, 6],
      ['class-removed', 'vw-100', 5, 6],
      ['attribute-removed', 'onclick', 5, 40],
    ]);
  });

  it('says at which line a curly quote was read as a straight one, or could not be', () => {
    expect(lintForm('<p>\n<input aria-label=x name=”a”>').map(({ code, line }) => [code, line])).toEqual([
      ['curly-quotes', 2],
    ]);
    expect(codes('<input aria-label=x name=a placeholder=”open>')).toEqual(['quote-open placeholder']);
  });

  it('knows names that are reserved, missing, used twice, or without a label', () => {
    expect(codes('<input aria-label=x name=icon>')).toEqual(['name-reserved icon']);
    expect(codes('<input aria-label=x name=a><input aria-label=x>')).toEqual(['nameless input']);
    expect(codes('<input aria-label=x name=a><textarea aria-label=y name=a></textarea>')).toEqual(['name-duplicate a']);
    expect(codes('<input name=a>')).toEqual(['label-missing a']);
  });

  it('knows option lists without a default, unknown types, ids and patterns', () => {
    expect(codes('<label>Q <select name=q><option>1<option>2</select></label>')).toEqual(['default-missing q']);
    expect(codes('<input aria-label=x name=a data-type=integer>')).toEqual(['data-type-unknown integer']);
    expect(codes('<input aria-label=x name=a list=nowhere>')).toEqual(['reference-unknown nowhere']);
    expect(codes('<input aria-label=x name=a pattern="(">')).toEqual(['pattern-invalid a']);
    expect(codes('<input aria-label=x name=a pattern="(a+)+">')).toEqual(['pattern-slow a']);
  });

  it('knows conditions that cannot be met', () => {
    expect(codes('<input aria-label=x name=a data-show-when="b=1">')).toEqual(['condition-unknown-field b']);
    expect(codes('<input aria-label=x name=a data-show-when="what?">')).toEqual(['condition-syntax what?']);
    expect(
      codes('<input aria-label=x name=a data-show-when="b=1"><input aria-label=x name=b data-show-when="a=1">'),
    ).toEqual(['condition-cycle a', 'condition-cycle b']);
  });

  it('refuses what is too big, too deep, or too much, quickly', () => {
    const started = performance.now();
    expect(codes('x'.repeat(1024 * 1024 + 1))).toEqual(['too-big 1048577']);
    expect(codes('é'.repeat(600_000))).toEqual(['too-big 1200000']);
    expect(codes('<div>'.repeat(9_000) + '<input name=a>')).toEqual(['too-deep div']);
    expect(codes('<div>'.repeat(10_000))).toEqual(['too-many-elements 10000']);
    const misnested = Array.from({ length: 4000 }, (_, i) => `<font color=${i}>`).join('') + '<p>'.repeat(100_000);
    expect(codes(misnested)).toEqual(['too-many-elements 10000']);
    expect(performance.now() - started).toBeLessThan(4000);
    expect(deriveFields(Array.from({ length: 9_000 }, (_, i) => `<input name=a${i}>`).join('')).fields).toHaveLength(
      9_000,
    );
    expect(deriveFields('<label>x'.repeat(90) + '<label>y</label>'.repeat(9_000)).fields).toEqual([]);
    expect(deriveFields('<frameset><frame></frameset>').fields).toEqual([]);
  });

  it('has a sentence for each', () => {
    for (const finding of lintForm(EXAMPLE)) expect(describeFinding(finding)).toMatch(/^[A-Z"<].*\.$/);
  });
});
