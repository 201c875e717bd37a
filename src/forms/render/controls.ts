/** The controls of one field: what they hold, what they show, and where a complaint about them goes. */
import type { Field } from '../../contract/form.ts';
import { NAME_PREFIX } from '../fields/allow-list.ts';
import type { RawValue } from '../fields/coerce.ts';

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export interface BoundField {
  readonly field: Field;
  readonly controls: readonly [Control, ...Control[]];
  /** What was chosen last, also while the option chosen is not offered; decides again when it is. */
  wanted: RawValue;
  problem: HTMLElement | undefined;
  note: HTMLElement | undefined;
}

/** Stands for what a number or date input refuses to tell: something was typed, but not that. */
const UNREADABLE = 'NaN';

/**
 * Ties controls to the fields that came with the form, by name and type. Whatever else has a name is switched off:
 * what is typed there would be sent nowhere.
 */
export function bindControls(root: ParentNode, fields: readonly Field[]): BoundField[] {
  const found = new Map<string, Control[]>();
  const byName = new Map(fields.map((field) => [field.name, field]));
  for (const control of root.querySelectorAll<Control>('input, select, textarea')) {
    const name = nameOf(control);
    if (name === undefined || control.matches(':disabled')) continue;
    const field = byName.get(name);
    const controls = found.get(name) ?? [];
    const another = controls.length > 0 && control.type !== 'radio' && !field?.multiple;
    if (!field || typeOf(control) !== field.type || another) control.disabled = true;
    else found.set(name, [...controls, control]);
  }
  return fields.flatMap((field) => {
    const [first, ...rest] = found.get(field.name) ?? [];
    return first ? [{ field, controls: [first, ...rest], wanted: undefined, problem: undefined, note: undefined }] : [];
  });
}

function nameOf(control: Control): string | undefined {
  const name = control.getAttribute('name');
  return name?.startsWith(NAME_PREFIX) ? name.slice(NAME_PREFIX.length) : undefined;
}

function typeOf(control: Control): string {
  return control instanceof HTMLInputElement ? control.type : control.localName;
}

export function readControls({ field, controls }: BoundField): RawValue {
  const [first] = controls;
  if (field.type === 'checkbox') {
    const ticked = controls.filter((control) => control instanceof HTMLInputElement && control.checked);
    return field.multiple ? ticked.map((control) => control.value) : ticked.length > 0;
  }
  if (field.type === 'radio') {
    return controls.find((control) => control instanceof HTMLInputElement && control.checked)?.value ?? '';
  }
  if (first instanceof HTMLSelectElement && first.multiple) {
    return [...first.selectedOptions].map((option) => option.value);
  }
  return first.validity.badInput ? UNREADABLE : first.value;
}

/** Shows a value, by properties only: an attribute could be read by a stylesheet. */
export function writeControls({ field, controls }: BoundField, raw: RawValue): void {
  const [first] = controls;
  const values = typeof raw === 'object' ? raw : [raw];
  if (field.type === 'checkbox' || field.type === 'radio') {
    for (const control of controls) {
      if (!(control instanceof HTMLInputElement)) continue;
      control.checked = field.type === 'checkbox' && !field.multiple ? isTicked(raw) : values.includes(control.value);
    }
  } else if (first instanceof HTMLSelectElement) {
    let left = first.multiple ? Infinity : 1;
    for (const option of first.options) {
      const chosen = left > 0 && values.includes(option.value);
      if (chosen) left--;
      option.selected = chosen;
    }
  } else {
    first.value = typeof raw === 'string' ? raw : '';
  }
}

function isTicked(raw: RawValue): boolean {
  return raw !== undefined && raw !== false && raw !== '' && (typeof raw !== 'object' || raw.length > 0);
}

/**
 * The labels of every control, found in one go: asking each control for its `labels` looks through the whole form each
 * time. Labels that only stand before their control are tied to it, as the pure half understood them.
 */
export function tieLabels(root: ParentNode, bound: readonly BoundField[]): Map<Control, HTMLLabelElement[]> {
  const labels = new Map<Control, HTMLLabelElement[]>();
  const byId = new Map(bound.flatMap(({ controls }) => controls.map((control) => [control.id, control])));
  for (const label of root.querySelectorAll('label')) {
    const inside = label.querySelector<Control>('input, select, textarea');
    const control = label.hasAttribute('for') ? byId.get(label.htmlFor) : inside;
    if (control) labels.set(control, [...(labels.get(control) ?? []), label]);
  }
  bound.forEach(({ field, controls }, i) => {
    const [control] = controls;
    if (controls.length > 1 || labels.has(control) || control.hasAttribute('aria-label')) return;
    const label = precedingLabel(control);
    if (label) {
      if (control.id === '') control.id = `control-${i}`;
      label.htmlFor = control.id;
      labels.set(control, [label]);
    } else if (!control.hasAttribute('aria-labelledby')) {
      control.setAttribute('aria-label', field.label ?? field.name);
    }
  });
  return labels;
}

function precedingLabel(control: Control): HTMLLabelElement | undefined {
  for (let node = control.previousElementSibling; node; node = node.previousElementSibling) {
    if (node.matches('input, select, textarea')) return undefined;
    if (
      node instanceof HTMLLabelElement &&
      !node.hasAttribute('for') &&
      !node.querySelector('input, select, textarea')
    ) {
      return node;
    }
  }
  return undefined;
}

/** Shows a complaint below the field and ties it to every control, or takes it away. */
export function showProblem(bound: BoundField, message: string | undefined, id: string): void {
  if (message === undefined && !bound.problem) return;
  for (const control of bound.controls) {
    control.classList.toggle('is-invalid', message !== undefined);
    describe(control, id, message !== undefined);
    if (message === undefined) control.removeAttribute('aria-invalid');
    else control.setAttribute('aria-invalid', 'true');
  }
  if (message === undefined) {
    bound.problem?.remove();
    bound.problem = undefined;
    return;
  }
  if (!bound.problem) {
    bound.problem = document.createElement('div');
    bound.problem.id = id;
    bound.problem.className = 'form-problem';
    below(bound).after(bound.problem);
  }
  if (bound.problem.textContent !== message) bound.problem.textContent = message;
}

/** Says in a few small words where a value came from, or takes that away. */
export function showNote(bound: BoundField, text: string | undefined, id: string): void {
  if (text === undefined && !bound.note) return;
  for (const control of bound.controls) describe(control, id, text !== undefined);
  if (text === undefined) {
    bound.note?.remove();
    bound.note = undefined;
    return;
  }
  if (!bound.note) {
    bound.note = document.createElement('div');
    bound.note.id = id;
    bound.note.className = 'form-source';
    const box = below(bound);
    // In the box of a tick, below its words; a list of several has one note below all of them.
    if (bound.controls.length === 1 && box.matches('.form-check, .custom-control')) box.append(bound.note);
    else (bound.problem ?? box).after(bound.note);
  }
  bound.note.textContent = text;
}

/** Adds one element to those that describe a control, or takes it out. */
function describe(control: Control, id: string, isThere: boolean): void {
  const others = (control.getAttribute('aria-describedby') ?? '').split(' ').filter((one) => one !== '' && one !== id);
  const described = isThere ? [...others, id] : others;
  if (described.length > 0) control.setAttribute('aria-describedby', described.join(' '));
  else control.removeAttribute('aria-describedby');
}

/** The outermost box that belongs to the last control alone. */
function below({ controls }: BoundField): Element {
  const last = controls.at(-1) ?? controls[0];
  return last.closest('.input-group, .form-check, .custom-control, .form-floating') ?? last.closest('label') ?? last;
}

export function focusControls({ controls }: BoundField): void {
  const target = controls.find((control) => control instanceof HTMLInputElement && control.checked) ?? controls[0];
  for (let details = target.closest('details'); details; details = details.parentElement?.closest('details') ?? null) {
    details.open = true;
  }
  target.focus();
}
