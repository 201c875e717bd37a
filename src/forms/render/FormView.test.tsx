import { render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Answers, Form } from '../../contract/form.ts';
import { deriveFields } from '../fields/index.ts';
import { FormView } from './FormView.tsx';
import { mountForm } from './mount-form.ts';

function form(html: string): Form {
  return { id: 'f', name: 'F', html, version: 1, fields: deriveFields(html).fields };
}

interface Shown {
  readonly root: ShadowRoot;
  readonly changes: Answers[];
  readonly submitted: Answers[];
  readonly get: (selector: string) => HTMLInputElement;
  readonly submit: () => Promise<void>;
  readonly problem: (selector: string) => string | null;
}

const user = userEvent.setup();

/** user-event cannot clear what is in a shadow root, nor see where the focus is in there. */
function retype(input: HTMLInputElement, text: string): void {
  input.focus();
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

function reader(root: ShadowRoot): Pick<Shown, 'get' | 'problem'> {
  const get = (selector: string): HTMLInputElement => {
    const found = root.querySelector<HTMLInputElement>(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  };
  const problem = (selector: string): string | null => {
    const ids = get(selector).getAttribute('aria-describedby')?.split(' ') ?? [];
    return ids.map((id) => root.getElementById(id)?.textContent).find((text) => text !== undefined) ?? null;
  };
  return { get, problem };
}

function viaReact(html: string, initial?: Answers): Shown {
  const changes: Answers[] = [];
  const submitted: Answers[] = [];
  const { container } = render(
    <>
      <FormView
        form={form(html)}
        formId="the-form"
        locale="en"
        {...(initial ? { initial } : {})}
        onChange={(answers) => changes.push(answers)}
        onSubmit={(answers) => submitted.push(answers)}
      />
      <button type="submit" form="the-form">
        Go
      </button>
    </>,
  );
  const root = container.querySelector('form div div')?.shadowRoot;
  const button = container.querySelector('button');
  if (!root || !button) throw new Error('the form was not shown');
  return { root, changes, submitted, ...reader(root), submit: () => user.click(button) };
}

function viaMount(html: string, initial?: Answers): Shown {
  const host = document.createElement('div');
  document.body.append(host);
  const changes: Answers[] = [];
  const submitted: Answers[] = [];
  const mounted = mountForm(host, form(html), {
    locale: 'en',
    ...(initial ? { initial } : {}),
    onChange: (answers) => changes.push(answers),
    onSubmit: (answers) => submitted.push(answers),
  });
  const root = host.firstElementChild?.shadowRoot;
  if (!root) throw new Error('the form was not shown');
  return { root, changes, submitted, ...reader(root), submit: async () => mounted.submit() };
}

afterEach(() => document.body.replaceChildren());

describe.each([
  ['in React', viaReact],
  ['without a framework', viaMount],
])('a form %s', (_, show) => {
  it('sends what was typed, by type', async () => {
    const { get, submit, submitted } = show(
      `<div class=”form-group”><label>My Custom Input</label><input type=”text” class=”form-control” name=”myCustomInput” />
       <select name=minRam data-type=number><option value=1>1 GB<option value=2>2 GB</select>
       <input type=checkbox name=gpu data-type=boolean><input type=checkbox name=t value=a><input type=checkbox name=t value=b>
       <input type=radio name=r value=x checked><input type=radio name=r value=y>`,
    );
    await user.type(get('input'), 'hello');
    await user.selectOptions(get('select'), '2');
    await user.click(get('[value=b]'));
    await user.click(get('[value=y]'));
    await submit();
    await vi.waitFor(() =>
      expect(submitted).toEqual([{ myCustomInput: 'hello', minRam: 2, gpu: false, t: ['b'], r: 'y' }]),
    );
  });

  it('complains at the field, tied to it, focuses the first, and loses nothing', async () => {
    const { root, get, submit, submitted, problem } = show(
      '<input name=a value=kept><label>Cores <input name=b data-type=number max=8></label><input name=c required>',
    );
    await user.type(get('[name$=b]'), '12');
    await submit();
    await vi.waitFor(() => expect(root.activeElement).toBe(get('[name$=b]')));
    expect(problem('[name$=b]')).toBe('The largest allowed value is 8.');
    expect(problem('[name$=c]')).toBe('Please fill this in.');
    expect(get('[name$=b]').getAttribute('aria-invalid')).toBe('true');
    expect(get('[name$=a]').value).toBe('kept');
    expect(submitted).toEqual([]);

    retype(get('[name$=b]'), '8');
    await user.type(get('[name$=c]'), 'x');
    await vi.waitFor(() => expect(problem('[name$=b]')).toBe(null));
    expect(get('[name$=b]').hasAttribute('aria-invalid')).toBe(false);
    await submit();
    await vi.waitFor(() => expect(submitted).toEqual([{ a: 'kept', b: 8, c: 'x' }]));
  });

  it('complains about a field that is left wrong, not about one that is passed by', async () => {
    const { get, problem } = show('<input name=a required><input name=b type=email><input name=c>');
    get('[name$=a]').focus();
    retype(get('[name$=b]'), 'me@');
    get('[name$=c]').focus();
    await vi.waitFor(() => expect(problem('[name$=b]')).toBe('Please enter an e-mail address.'));
    expect(problem('[name$=a]')).toBe(null);
  });

  it('shows and hides by the values of others, keeps what is hidden, and does not send it', async () => {
    const { get, submit, submitted } = show(
      `<select name=queue><option>cpu<option>gpu</select>
       <div class=form-group data-show-when="queue=gpu"><label>Cards</label><input name=cards required></div>`,
    );
    const box = get('.form-group');
    expect(box.hidden).toBe(true);
    await user.selectOptions(get('select'), 'gpu');
    expect(box.hidden).toBe(false);
    await user.type(get('[name$=cards]'), '2');
    await user.selectOptions(get('select'), 'cpu');
    expect(box.hidden).toBe(true);
    await submit();
    await vi.waitFor(() => expect(submitted).toEqual([{ queue: 'cpu' }]));
    await user.selectOptions(get('select'), 'gpu');
    expect(get('[name$=cards]').value).toBe('2');
  });

  it('offers options by the values of others and comes back to what was chosen', async () => {
    const { get } = show(
      `<select name=site><option>a<option>b</select>
       <select name=size><option>s<option data-options-when="site=a">xl</select>`,
    );
    const size = get('select[name$=size]');
    await user.selectOptions(size, 'xl');
    await user.selectOptions(get('select[name$=site]'), 'b');
    expect(size.value).toBe('s');
    await user.selectOptions(get('select[name$=site]'), 'a');
    expect(size.value).toBe('xl');
  });

  it('comes back with the very text that was typed', async () => {
    const html = '<input name=n data-type=number><input name=j data-type=json><input name=d value=default>';
    const { get, changes } = show(html);
    await user.type(get('[name$=n]'), '1.50');
    await user.type(get('[name$=j]'), '{{"a"');
    retype(get('[name$=d]'), '');
    const again = show(html, changes.at(-1));
    expect(['n', 'j', 'd'].map((name) => again.get(`[name$=${name}]`).value)).toEqual(['1.50', '{"a"', '']);
  });

  it('starts from answers of a bookmark, and from its own defaults where those say nothing', () => {
    const { get } = show(
      `<input name=a value=x><input name=b value=y><select name=n data-type=number><option value=1>1<option value=2>2</select>
       <input type=checkbox name=gpu data-type=boolean><input name=j data-type=json>`,
      { b: 'z', n: 2, gpu: true, j: 'text' },
    );
    expect(get('[name$=a]').value).toBe('x');
    expect(get('[name$=b]').value).toBe('z');
    expect(get('select').value).toBe('2');
    expect(get('[name$=gpu]').checked).toBe(true);
    expect(get('[name$=j]').value).toBe('"text"');
  });

  it('submits by Enter in one line, goes back to its defaults by a reset button', async () => {
    const { get, submitted } = show('<input name=a value=x><button type=reset>Reset</button>');
    retype(get('input'), 'y');
    await user.click(get('button'));
    expect(get('input').value).toBe('x');
    await user.type(get('input'), 'z{Enter}');
    await vi.waitFor(() => expect(submitted).toEqual([{ a: 'xz' }]));
  });

  it('ties a label that only stands before its control', () => {
    const { get } = show('<div class=form-group><label>Project</label><input name=p></div>');
    expect([...(get('input').labels ?? [])].map((label) => label.textContent)).toEqual(['Project']);
  });

  it('switches controls off that are not among the fields', () => {
    const { get } = show('<input name=a><textarea name=a></textarea><input name="a b">');
    expect(get('textarea').disabled).toBe(true);
    expect(get('[name$="a b"]').disabled).toBe(true);
    expect(get('input').disabled).toBe(false);
  });

  it('is empty, not broken, when the form cannot be shown', async () => {
    const { submit, submitted } = show('<div>'.repeat(600));
    await submit();
    await vi.waitFor(() => expect(submitted).toEqual([{}]));
  });
});
