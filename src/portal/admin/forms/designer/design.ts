/** A form's text as the list of questions that the designer shows, each with the places of its parts in the text. */
import type { DataType } from '../../../../contract/form.ts';
import { straightenQuotes } from '../../../../forms/fields/quotes.ts';
import { attribute, has, isElement, parseForm, textOf, type Element } from '../../../../forms/fields/tree.ts';
import { contentOf, stretchOf, type Stretch } from './splice.ts';

export interface DesignedOption {
  readonly element: Element;
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
  /** Everything that moves with it; absent: it cannot be told from its neighbours. */
  readonly block: Stretch | undefined;
}

/** One control, or all radio buttons or checkboxes of one name. */
export interface Question {
  /** Its place among the questions. */
  readonly index: number;
  readonly name: string;
  /** The input's type, or `select`, `textarea`. */
  readonly type: string;
  readonly dataType: DataType;
  readonly required: boolean;
  readonly label: string;
  readonly options: readonly DesignedOption[] | undefined;
  readonly elements: readonly [Element, ...Element[]];
  /** Where the label's words stand; absent: there is no label to change. */
  readonly labelText: Stretch | undefined;
  /** Everything that moves with it. */
  readonly block: Stretch | undefined;
}

export interface Design {
  readonly html: string;
  readonly body: Element | undefined;
  readonly questions: readonly Question[];
}

const CONTROLS = new Set(['input', 'select', 'textarea']);
const GROUPED = new Set(['radio', 'checkbox']);

export function typeOf(element: Element): string {
  return element.tagName === 'input' ? (attribute(element, 'type') ?? 'text').toLowerCase() : element.tagName;
}

const plain = (element: Element) => textOf(element).replace(/\s+/g, ' ').trim();

/** Never throws; a form beyond the limits has no questions. */
export function readDesign(html: string): Design {
  const parsed = parseForm(straightenQuotes(html).html);
  if (!parsed.ok) return { html, body: undefined, questions: [] };
  const { body } = parsed;
  const controls = descendants(body).filter((element) => CONTROLS.has(element.tagName));
  const groups: [Element, ...Element[]][] = [];
  for (const control of controls) {
    const name = attribute(control, 'name') ?? '';
    const type = typeOf(control);
    const group = groups.find(
      ([first]) => GROUPED.has(type) && name !== '' && typeOf(first) === type && attribute(first, 'name') === name,
    );
    if (group) group.push(control);
    else groups.push([control]);
  }
  const labels = descendants(body).filter(({ tagName }) => tagName === 'label');
  const questions = groups.map((elements, index) => {
    const [first] = elements;
    const type = typeOf(first);
    const label = labelOf(elements, labels);
    const dataType = attribute(first, 'data-type');
    return {
      index,
      name: attribute(first, 'name') ?? '',
      type,
      dataType: dataType === 'number' || dataType === 'boolean' || dataType === 'json' ? dataType : 'text',
      required: elements.some((element) => has(element, 'required')),
      label: label ? plain(label) : (attribute(first, 'aria-label') ?? ''),
      options: optionsOf(html, elements, type, body, controls, labels),
      elements,
      labelText: label && wordsIn(label),
      block: blockOf(elements, body, controls, label),
    } satisfies Question;
  });
  return { html, body, questions };
}

export function descendants(element: Element): Element[] {
  return element.childNodes.filter(isElement).flatMap((child) => [child, ...descendants(child)]);
}

function ancestors(element: Element): Element[] {
  const found: Element[] = [];
  for (let node = element.parentNode; node && isElement(node); node = node.parentNode) found.push(node);
  return found;
}

/** The label of one control: tied by `for`, around it, or right before it. */
function ownLabel(control: Element, labels: readonly Element[]): Element | undefined {
  const id = attribute(control, 'id');
  const tied = id === undefined ? undefined : labels.find((label) => attribute(label, 'for') === id);
  const around = ancestors(control).find(({ tagName }) => tagName === 'label');
  if (tied ?? around) return tied ?? around;
  const siblings = (control.parentNode?.childNodes ?? []).filter(isElement);
  const before = siblings[siblings.indexOf(control) - 1];
  return before?.tagName === 'label' ? before : undefined;
}

function labelOf(elements: readonly Element[], labels: readonly Element[]): Element | undefined {
  const [first] = elements;
  if (!first) return undefined;
  if (elements.length === 1) return ownLabel(first, labels);
  const fieldset = ancestors(first).find(({ tagName }) => tagName === 'fieldset');
  return fieldset?.childNodes.filter(isElement).find(({ tagName }) => tagName === 'legend');
}

/** The first words in an element that are not a control's own. */
export function wordsIn(element: Element): Stretch | undefined {
  for (const node of element.childNodes) {
    if (isElement(node)) {
      const inner = CONTROLS.has(node.tagName) ? undefined : wordsIn(node);
      if (inner) return inner;
    } else if (node.nodeName === '#text' && 'value' in node && node.value.trim() !== '' && node.sourceCodeLocation) {
      const { startOffset, endOffset } = node.sourceCodeLocation;
      // Only what takes one character in the text as well, unlike `&nbsp;`.
      const before = /^[ \t\n\f\r]*/.exec(node.value)?.[0].length ?? 0;
      const after = /[ \t\n\f\r]*$/.exec(node.value)?.[0].length ?? 0;
      return { from: startOffset + before, to: endOffset - after };
    }
  }
  const content = contentOf(element);
  return content && content.from === content.to ? content : undefined;
}

function optionsOf(
  html: string,
  elements: readonly Element[],
  type: string,
  body: Element,
  controls: readonly Element[],
  labels: readonly Element[],
): readonly DesignedOption[] | undefined {
  if (type === 'radio' || (type === 'checkbox' && elements.length > 1)) {
    return elements.map((element) => {
      const label = ownLabel(element, labels);
      const value = attribute(element, 'value') ?? 'on';
      return {
        element,
        value,
        label: label ? plain(label) : value,
        selected: has(element, 'checked'),
        block: blockOf([element], body, controls, label),
      };
    });
  }
  const [element] = elements;
  if (type !== 'select' || !element) return undefined;
  return descendants(element)
    .filter(({ tagName }) => tagName === 'option')
    .map((option) => ({
      element: option,
      value: attribute(option, 'value') ?? plain(option),
      label: attribute(option, 'label') ?? plain(option),
      selected: has(option, 'selected'),
      block: optionBlock(html, option),
    }));
}

/** One that is not closed reaches to the next; what stands between them is not its own. */
function optionBlock(html: string, option: Element): Stretch | undefined {
  const at = stretchOf(option);
  if (!at || option.sourceCodeLocation?.endTag) return at;
  let own = html.slice(at.from, at.to).trimEnd();
  while (own.endsWith('-->') && own.includes('<!--')) own = own.slice(0, own.lastIndexOf('<!--')).trimEnd();
  return { from: at.from, to: at.from + own.length };
}

/** The largest element that holds these controls and no other, with their label where that stands beside it. */
function blockOf(
  elements: readonly Element[],
  body: Element,
  controls: readonly Element[],
  label: Element | undefined,
): Stretch | undefined {
  const others = new Set(controls.filter((control) => !elements.includes(control)));
  const [first] = elements;
  if (!first) return undefined;
  const candidates = [first, ...ancestors(first)].filter((element) => element !== body && element.tagName !== 'html');
  let outermost: Element | undefined;
  for (const candidate of candidates) {
    const inside = new Set([candidate, ...descendants(candidate)]);
    if (!elements.every((element) => inside.has(element))) continue;
    if ([...others].some((other) => inside.has(other))) break;
    outermost = candidate;
  }
  const block = outermost && stretchOf(outermost);
  const labelled = label && stretchOf(label);
  return block && labelled ? { from: Math.min(block.from, labelled.from), to: Math.max(block.to, labelled.to) } : block;
}
