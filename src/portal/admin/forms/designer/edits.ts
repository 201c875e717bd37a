/**
 * What the designer does, as changes of the text. An edit that would cost another question its place, because the
 * markup is not what it looks like, is not made.
 */
import type { DataType } from '../../../../contract/form.ts';
import { attribute, type Element } from '../../../../forms/fields/tree.ts';
import { descendants, readDesign, typeOf, wordsIn, type Design, type Question } from './design.ts';
import { contentOf, escapeText, escapeValue, setAttribute, splice, stretchOf, swap, type Splice } from './splice.ts';

type OptionEdit =
  | { readonly do: 'option'; readonly at: number; readonly value?: string; readonly label?: string }
  | { readonly do: 'default'; readonly at: number }
  | { readonly do: 'add-option' }
  | { readonly do: 'move-option'; readonly at: number; readonly by: -1 | 1 }
  | { readonly do: 'remove-option'; readonly at: number };

export type Edit =
  | OptionEdit
  | { readonly do: 'name' | 'label' | 'type'; readonly to: string }
  | { readonly do: 'data-type'; readonly to: DataType }
  | { readonly do: 'required'; readonly to: boolean }
  | { readonly do: 'move'; readonly by: -1 | 1 }
  | { readonly do: 'remove' };

/** Types that one control can be turned into another of. */
export const TYPES = [
  'text',
  'number',
  'select',
  'checkbox',
  'textarea',
  'email',
  'url',
  'tel',
  'search',
  'date',
  'time',
  'datetime-local',
  'month',
  'week',
  'color',
  'range',
] as const;

const CONDITIONS = ['data-show-when', 'data-options-when', 'data-required-when'];

/** The text with the edit made; `undefined` when it cannot be made without touching something else. */
export function applyEdit(html: string, index: number, edit: Edit): string | undefined {
  const design = readDesign(html);
  const question = design.questions[index];
  if (!question) return undefined;
  const changed = made(design, question, edit);
  if (changed === undefined || changed === html) return changed;
  return keepsOthers(design, readDesign(changed), index, edit) ? changed : undefined;
}

function made(design: Design, question: Question, edit: Edit): string | undefined {
  const { html } = design;
  const all = (name: string, value: string | true | null) =>
    question.elements.flatMap((element) => setAttribute(html, element, name, value));
  switch (edit.do) {
    case 'name':
      return splice(html, [...all('name', edit.to), ...renamed(design, question.name, edit.to)]);
    case 'label':
      return relabelled(design, question, edit.to);
    case 'type':
      return retyped(html, question, edit.to);
    case 'data-type':
      return splice(html, all('data-type', edit.to === 'text' ? null : edit.to));
    case 'required':
      return splice(html, all('required', edit.to ? true : null));
    case 'move': {
      const other = design.questions[question.index + edit.by];
      if (!question.block || !other?.block) return undefined;
      const [first, second] = edit.by > 0 ? [question.block, other.block] : [other.block, question.block];
      return first.to <= second.from ? swap(html, first, second) : undefined;
    }
    case 'remove':
      return question.block && splice(html, [withLine(html, question.block)]);
    case 'option':
    case 'default':
    case 'add-option':
    case 'move-option':
    case 'remove-option':
      return optionEdit(html, question, edit);
  }
}

/** Conditions that speak of a field go on speaking of it. */
function renamed({ html, body }: Design, from: string, to: string): Splice[] {
  if (!body || from === '') return [];
  const name = from.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const spoken = new RegExp(String.raw`(^|;)(\s*)${name}(?=\s*(?:!?=|\s+in\s))`, 'gu');
  return descendants(body).flatMap((element) =>
    CONDITIONS.flatMap((condition) => {
      const text = attribute(element, condition);
      if (text === undefined) return [];
      const next = text.replace(spoken, (_all, start: string, space: string) => `${start}${space}${to}`);
      return next === text ? [] : setAttribute(html, element, condition, next);
    }),
  );
}

function relabelled({ html }: Design, question: Question, label: string): string | undefined {
  const { labelText, elements } = question;
  if (labelText) return splice(html, [{ ...labelText, text: escapeText(label) }]);
  const [first] = elements;
  if (attribute(first, 'aria-label') !== undefined) return splice(html, setAttribute(html, first, 'aria-label', label));
  const at = stretchOf(first);
  if (!at || elements.length > 1) return undefined;
  const id = attribute(first, 'id') ?? question.name;
  const text = `<label for="${escapeValue(id)}">${escapeText(label)}</label>\n`;
  return splice(html, [{ from: at.from, to: at.from, text }, ...setAttribute(html, first, 'id', id)]);
}

const CONTROL_CLASS = /^(form-control|form-select|custom-select|form-check-input|custom-control-input|form-range)$/;

function classFor(type: string): string {
  if (type === 'select') return 'form-select';
  if (type === 'checkbox') return 'form-check-input';
  return type === 'range' ? 'form-range' : 'form-control';
}

/** Within inputs only the type changes; between elements, the control is written anew with what both can have. */
function retyped(html: string, { elements, type: before, options }: Question, type: string): string | undefined {
  const [element] = elements;
  const at = stretchOf(element);
  if (elements.length > 1 || !at || before === 'radio') return undefined;
  const classes = (attribute(element, 'class') ?? '')
    .split(/\s+/)
    .filter((one) => one !== '' && !CONTROL_CLASS.test(one));
  const dressed = [classFor(type), ...classes].join(' ');
  const isInput = (one: string) => one !== 'select' && one !== 'textarea';
  if (isInput(before) && isInput(type)) {
    return splice(html, [
      ...setAttribute(html, element, 'type', type),
      ...(classFor(before) === classFor(type) ? [] : setAttribute(html, element, 'class', dressed)),
    ]);
  }
  const kept = element.attrs.filter(
    ({ name }) =>
      /^(id|name|required|disabled|title|aria-|data-)/.test(name) || (name === 'placeholder' && type !== 'select'),
  );
  const attributes = [...kept, { name: 'class', value: dressed }]
    .map(({ name, value }) => (value === '' ? name : `${name}="${escapeValue(value)}"`))
    .join(' ');
  const option = options?.[0]?.label ?? 'One';
  const written =
    type === 'select'
      ? `<select ${attributes}>\n  <option selected>${escapeText(option)}</option>\n</select>`
      : type === 'textarea'
        ? `<textarea ${attributes} rows="3"></textarea>`
        : `<input type="${type}" ${attributes}>`;
  return splice(html, [{ ...at, text: written }]);
}

function optionEdit(html: string, question: Question, edit: OptionEdit): string | undefined {
  const { options, elements, type } = question;
  if (!options) return undefined;
  const chosen = type === 'select' ? 'selected' : 'checked';
  const option = 'at' in edit ? options[edit.at] : undefined;
  switch (edit.do) {
    case 'option': {
      if (!option) return undefined;
      const value = edit.value === undefined ? [] : setAttribute(html, option.element, 'value', edit.value);
      return splice(html, [
        ...value,
        ...(edit.label === undefined ? [] : optionLabel(html, option.element, edit.label)),
      ]);
    }
    case 'default':
      return splice(
        html,
        options.flatMap(({ element, selected }, at) => {
          const wanted = at === edit.at;
          return selected === wanted ? [] : setAttribute(html, element, chosen, wanted ? true : null);
        }),
      );
    case 'add-option': {
      const [select] = elements;
      const last = options.at(-1)?.element;
      const at = last ? stretchOf(last)?.to : contentOf(select)?.from;
      if (type !== 'select' || at === undefined) return undefined;
      const text = `Option ${options.length + 1}`;
      const before = last ? indentOf(html, stretchOf(last)?.from ?? at) : '\n  ';
      return splice(html, [{ from: at, to: at, text: `${before}<option>${text}</option>${last ? '' : '\n'}` }]);
    }
    case 'move-option': {
      const [a, b] = [option?.block, options[edit.at + edit.by]?.block];
      if (!a || !b) return undefined;
      const [first, second] = a.from < b.from ? [a, b] : [b, a];
      return first.to <= second.from ? swap(html, first, second) : undefined;
    }
    case 'remove-option': {
      const at = option && stretchOf(option.element);
      return at && type === 'select' ? splice(html, [withLine(html, at)]) : undefined;
    }
  }
}

function optionLabel(html: string, element: Element, label: string): Splice[] {
  if (element.tagName !== 'option') {
    const around = element.parentNode && 'tagName' in element.parentNode ? element.parentNode : undefined;
    const id = attribute(element, 'id');
    const owner =
      around?.tagName === 'label'
        ? around
        : around && descendants(around).find((one) => one.tagName === 'label' && attribute(one, 'for') === id);
    const words = owner && wordsIn(owner);
    return words ? [{ ...words, text: escapeText(label) }] : [];
  }
  if (attribute(element, 'label') !== undefined) return setAttribute(html, element, 'label', label);
  const words = wordsIn(element) ?? contentOf(element);
  if (!words) return [];
  // Its words were its value as well; only the words are to change.
  const value =
    attribute(element, 'value') === undefined
      ? setAttribute(html, element, 'value', html.slice(words.from, words.to))
      : [];
  return [...value, { ...words, text: escapeText(label) }];
}

/** Line break and indentation before a place, to begin another line like it. */
function indentOf(html: string, at: number): string {
  return /\n[ \t]*$/.exec(html.slice(0, at))?.[0] ?? '';
}

/** With the line break before it, where nothing else stands on its line. */
function withLine(html: string, { from, to }: { from: number; to: number }): Splice {
  const before = /(^|\n)[ \t]*$/.exec(html.slice(0, from));
  const after = /^[ \t]*(\n|$)/.exec(html.slice(to));
  return before && after
    ? { from: from - before[0].length + (before[1] ?? '').length, to: to + after[0].length, text: '' }
    : { from, to, text: '' };
}

/** The same options, words and values and all, in whatever order. */
function isReordered(before: Question | undefined, after: Question | undefined): boolean {
  const listed = (question: Question | undefined) =>
    question?.options?.map(({ value, label, selected }) => JSON.stringify([value, label, selected])).toSorted();
  return JSON.stringify(listed(before)) === JSON.stringify(listed(after));
}

/** Every other question is still there, with its name and type, and none has come. */
function keepsOthers(before: Design, after: Design, index: number, edit: Edit): boolean {
  const describe = ({ questions }: Design, without: number) =>
    questions
      .filter((question) => question.index !== without)
      .map(({ name, type }) => `${type} ${name}`)
      .toSorted()
      .join('\n');
  if (edit.do === 'remove') {
    return after.questions.length === before.questions.length - 1 && describe(before, index) === describe(after, -1);
  }
  if (edit.do === 'move') return describe(before, -1) === describe(after, -1);
  if (edit.do === 'move-option' && !isReordered(before.questions[index], after.questions[index])) return false;
  const same = after.questions.length === before.questions.length;
  return (
    same && describe(before, index) === describe(after, index) && typeOf(after.questions[index]!.elements[0]) !== ''
  );
}
