/** From an admin's HTML to the fields it asks for, without a DOM: on the server, in the editor, in the mocks. */
import { isParamName, RESERVED_PARAMS } from '../../contract/json.ts';
import type { Condition, DataType, Field, FieldConstraints, FieldOption } from '../../contract/form.ts';
import { INPUT_TYPES, NAME_PREFIX } from './allow-list.ts';
import { finding, type Finding } from './finding.ts';
import { compilePattern } from './pattern.ts';
import { straightenQuotes } from './quotes.ts';
import { attribute, has, isElement, parseForm, position, textOf, tooBig, type Element } from './tree.ts';
import { conditionsOf, walkForm, type FoundControl } from './walk.ts';

/** Nobody reads more of them, and a page of quotes could make a hundred thousand. */
const MOST_FINDINGS = 500;

export interface Derived {
  readonly fields: Field[];
  readonly findings: Finding[];
}

/** Never throws. A form that is beyond the limits has no fields and one finding of severity `error`. */
export function deriveFields(html: string): Derived {
  const big = tooBig(html);
  if (big) return { fields: [], findings: [big] };
  const straight = straightenQuotes(html);
  const parsed = parseForm(straight.html);
  if (!parsed.ok) return { fields: [], findings: [parsed.finding] };
  const walk = walkForm(parsed.body);
  const findings = [...straight.findings, ...walk.findings];
  const groups = groupByName(walk.controls, findings);
  const fields = [...groups].map(([name, controls]) => toField(name, controls, findings));
  for (const { condition, element, attribute: name } of walk.conditions) {
    if (groups.has(condition.field)) continue;
    findings.push(finding('condition-unknown-field', condition.field, position(element, name)));
  }
  for (const name of cycles(fields)) {
    const element = groups.get(name)?.[0]?.element;
    if (element) findings.push(finding('condition-cycle', name, position(element)));
  }
  if (fields.length === 0) findings.push(finding('no-fields', '', { line: 1, column: 1 }));
  findings.sort((a, b) => a.line - b.line || a.column - b.column);
  return { fields, findings: findings.slice(0, MOST_FINDINGS) };
}

/** Only the fields, for those who have no use for the findings. */
export function describeFields(html: string): Field[] {
  return deriveFields(html).fields;
}

/** Only the findings: what an editor shows in its margin. */
export function lintForm(html: string): Finding[] {
  return deriveFields(html).findings;
}

/** Controls by name, in order; several of one name only where HTML makes one question of them. */
function groupByName(controls: readonly FoundControl[], findings: Finding[]): Map<string, FoundControl[]> {
  const groups = new Map<string, FoundControl[]>();
  for (const control of controls) {
    const { element } = control;
    const name = attribute(element, 'name') ?? '';
    const at = position(element, name === '' ? undefined : 'name');
    if (name === '') {
      findings.push(finding('nameless', element.tagName, at));
    } else if (!isParamName(name) || name.startsWith(NAME_PREFIX)) {
      findings.push(finding('name-not-allowed', name, at));
    } else if (!control.disabled) {
      const group = groups.get(name);
      const type = typeOf(element);
      if (!group) groups.set(name, [control]);
      else if ((type === 'radio' || type === 'checkbox') && typeOf(group[0]?.element ?? element) === type) {
        group.push(control);
      } else findings.push(finding('name-duplicate', name, at));
    }
  }
  return groups;
}

function toField(name: string, controls: readonly FoundControl[], findings: Finding[]): Field {
  const [first] = controls;
  if (!first) throw new RangeError('a field without a control');
  const { element } = first;
  const type = typeOf(element);
  const at = position(element);
  const shared = sharedConditions(controls);
  const options = optionsOf(type, controls, shared);
  const multiple = type === 'select' ? has(element, 'multiple') : type === 'checkbox' && controls.length > 1;
  const label = labelOf(first, controls.length > 1);
  const defaultValue = defaultOf(element, type, multiple, options);
  const requiredWhen = conditionsOf(element, 'data-required-when');
  const constraints = constraintsOf(element);

  if ((RESERVED_PARAMS as readonly string[]).includes(name)) findings.push(finding('name-reserved', name, at));
  if (label === undefined) findings.push(finding('label-missing', name, at));
  const chooses = type === 'radio' || (type === 'select' && !multiple);
  if (chooses && options?.every((option) => !option.selected)) findings.push(finding('default-missing', name, at));
  if (constraints.pattern !== undefined) {
    const pattern = compilePattern(constraints.pattern);
    if (!pattern.ok) findings.push(finding(pattern.problem, name, position(element, 'pattern')));
  }
  return {
    name,
    type,
    dataType: dataTypeOf(controls),
    required: controls.some((control) => has(control.element, 'required')),
    multiple,
    ...(label === undefined ? {} : { label }),
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(options === undefined ? {} : { options }),
    constraints,
    ...(shared.length === 0 ? {} : { showWhen: shared }),
    ...(requiredWhen.length === 0 ? {} : { requiredWhen }),
    ...(attribute(element, 'data-remember') === 'off' ? { remember: false } : {}),
  };
}

function typeOf(element: Element): string {
  if (element.tagName !== 'input') return element.tagName;
  const type = (attribute(element, 'type') ?? 'text').toLowerCase();
  return INPUT_TYPES.includes(type) ? type : 'text';
}

function dataTypeOf(controls: readonly FoundControl[]): DataType {
  for (const { element } of controls) {
    const type = attribute(element, 'data-type')?.trim().toLowerCase();
    if (type === 'number' || type === 'boolean' || type === 'json') return type;
  }
  return 'text';
}

/** A group of radios or checkboxes is called what its fieldset or first label is called only by its author; by us, nothing. */
function labelOf(control: FoundControl, group: boolean): string | undefined {
  if (!group) return control.label;
  for (let node = control.element.parentNode; node && 'tagName' in node; node = node.parentNode) {
    if (node.tagName !== 'fieldset') continue;
    const legend = node.childNodes.filter(isElement).find((child) => child.tagName === 'legend');
    if (legend) return textOf(legend).replace(/\s+/g, ' ').trim();
  }
  return control.label;
}

function optionsOf(
  type: string,
  controls: readonly FoundControl[],
  shared: readonly Condition[],
): FieldOption[] | undefined {
  if (type === 'radio' || type === 'checkbox') {
    return controls.map(({ element, label, showWhen }) => {
      const when = [
        ...showWhen.filter((condition) => !shared.some((other) => same(condition, other))),
        ...conditionsOf(element, 'data-options-when'),
      ];
      return {
        value: attribute(element, 'value') ?? 'on',
        label: label ?? '',
        selected: has(element, 'checked'),
        disabled: false,
        ...(when.length === 0 ? {} : { when }),
      };
    });
  }
  const element = controls[0]?.element;
  return type === 'select' && element ? selectOptions(element, false, []) : undefined;
}

function selectOptions(parent: Element, disabled: boolean, around: readonly Condition[]): FieldOption[] {
  return parent.childNodes.filter(isElement).flatMap((child) => {
    const off = disabled || (has(child, 'disabled') && child.tagName !== 'select');
    const when = [...around, ...conditionsOf(child, 'data-show-when'), ...conditionsOf(child, 'data-options-when')];
    if (child.tagName !== 'option') return selectOptions(child, off, when);
    const text = textOf(child).replace(/\s+/g, ' ').trim();
    return {
      value: attribute(child, 'value') ?? text,
      label: attribute(child, 'label') || text,
      selected: has(child, 'selected'),
      disabled: off,
      ...(when.length === 0 ? {} : { when }),
    };
  });
}

function defaultOf(
  element: Element,
  type: string,
  multiple: boolean,
  options: readonly FieldOption[] | undefined,
): string | string[] | undefined {
  const chosen = options?.filter((option) => option.selected).map((option) => option.value);
  if (chosen && multiple) return chosen.length === 0 ? undefined : chosen;
  if (chosen) return chosen.at(-1);
  const text = type === 'textarea' ? textOf(element) : attribute(element, 'value');
  return text === '' ? undefined : text;
}

function constraintsOf(element: Element): FieldConstraints {
  const constraints: FieldConstraints = {};
  for (const name of ['min', 'max', 'step', 'pattern'] as const) {
    const value = attribute(element, name);
    if (value !== undefined && value.trim() !== '') constraints[name] = value;
  }
  const minLength = length(attribute(element, 'minlength'));
  const maxLength = length(attribute(element, 'maxlength'));
  if (minLength !== undefined) constraints.minLength = minLength;
  if (maxLength !== undefined) constraints.maxLength = maxLength;
  return constraints;
}

function length(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}

/** Conditions under which every control of the group is shown. */
function sharedConditions(controls: readonly FoundControl[]): Condition[] {
  const [first, ...rest] = controls;
  return (first?.showWhen ?? []).filter((condition) =>
    rest.every((control) => control.showWhen.some((other) => same(condition, other))),
  );
}

function same(a: Condition, b: Condition): boolean {
  return a.field === b.field && a.op === b.op && a.values.join('\0') === b.values.join('\0');
}

/** Fields whose being shown depends on themselves, directly or through others. */
function cycles(fields: readonly Field[]): string[] {
  const dependsOn = new Map(fields.map((field) => [field.name, (field.showWhen ?? []).map(({ field }) => field)]));
  return [...dependsOn.keys()].filter((name) => {
    const seen = new Set<string>();
    const queue = [...(dependsOn.get(name) ?? [])];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (next === name) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(dependsOn.get(next) ?? []));
    }
    return false;
  });
}
