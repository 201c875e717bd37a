/** Elements that come and go with the values: what `data-show-when` and `data-options-when` stand on. */
import type { Condition, Field } from '../../contract/form.ts';
import { parseConditions, type FormState } from '../fields/conditions.ts';
import { readControls, writeControls, type BoundField, type Control } from './controls.ts';

interface Shown {
  readonly conditions: readonly Condition[];
  /** The element and what belongs to it alone: its label, the box around both. */
  readonly elements: readonly HTMLElement[];
}

interface Offered {
  readonly conditions: readonly Condition[];
  readonly option: HTMLOptionElement | HTMLOptGroupElement;
  /** As the author set it. */
  readonly disabled: boolean;
}

export class Conditionals {
  /** Nothing in this form depends on anything. */
  readonly none: boolean;
  readonly #shown: Shown[] = [];
  readonly #offered: Offered[] = [];
  readonly #choosers: BoundField[];

  constructor(
    root: ParentNode,
    bound: readonly BoundField[],
    labels: ReadonlyMap<Control, readonly HTMLLabelElement[]>,
  ) {
    const controls = new Map<Element, Control>(
      bound.flatMap((one) => one.controls.map((control) => [control, control])),
    );
    for (const element of root.querySelectorAll<HTMLElement>('[data-show-when], [data-options-when]')) {
      const isOption = element instanceof HTMLOptionElement || element instanceof HTMLOptGroupElement;
      const show = conditionsOf(element, 'data-show-when');
      const offer = conditionsOf(element, 'data-options-when');
      if (isOption) {
        this.#offered.push({ option: element, conditions: [...show, ...offer], disabled: element.disabled });
      } else if (show.length + offer.length > 0) {
        const control = controls.get(element);
        const elements = control ? surroundings(control, labels.get(control) ?? []) : [element];
        this.#shown.push({ elements, conditions: control ? [...show, ...offer] : show });
      }
    }
    this.#choosers = bound.filter(({ field }) => field.options?.some((option) => option.when));
    const required = bound.some(({ field }) => field.requiredWhen);
    this.none = this.#shown.length === 0 && this.#offered.length === 0 && this.#choosers.length === 0 && !required;
  }

  /** Offers and withdraws options. Returns the fields that hold something else for it: the state is then to be computed anew. */
  applyOptions(state: FormState): Field[] {
    for (const { option, conditions, disabled } of this.#offered) {
      const offered = state.holds(conditions);
      option.hidden = !offered;
      option.disabled = disabled || !offered;
    }
    return this.#choosers.flatMap((bound) => {
      const before = JSON.stringify(readControls(bound));
      choose(bound, state);
      return JSON.stringify(readControls(bound)) === before ? [] : [bound.field];
    });
  }

  applyShown(state: FormState): void {
    for (const { elements, conditions } of this.#shown) {
      const hidden = !state.holds(conditions);
      for (const element of elements) if (element.hidden !== hidden) element.hidden = hidden;
    }
  }
}

/** What was wanted, as far as it is offered; a list that must show something shows the first that is. */
function choose(bound: BoundField, state: FormState): void {
  const { field, controls, wanted } = bound;
  const [first] = controls;
  if (first instanceof HTMLSelectElement) {
    writeControls(bound, wanted);
    for (const option of first.selectedOptions) if (isDisabled(option)) option.selected = false;
    if (first.multiple || first.size > 1 || first.selectedOptions.length > 0) return;
    const next = [...first.options].find((option) => !isDisabled(option));
    if (next) next.selected = true;
    return;
  }
  field.options?.forEach((option, i) => {
    const control = controls[i];
    if (control instanceof HTMLInputElement) control.disabled = !state.holds(option.when);
  });
  writeControls(bound, wanted);
  for (const control of controls) {
    if (control instanceof HTMLInputElement && control.disabled) control.checked = false;
  }
}

function isDisabled(option: HTMLOptionElement): boolean {
  return option.disabled || (option.parentElement instanceof HTMLOptGroupElement && option.parentElement.disabled);
}

function conditionsOf(element: Element, attribute: string): Condition[] {
  const text = element.getAttribute(attribute);
  const parsed = text === null ? undefined : parseConditions(text);
  return parsed?.ok ? parsed.conditions : [];
}

/** A control that is hidden takes its labels along, and the box that holds nothing but them. */
function surroundings(control: Control, labels: readonly HTMLLabelElement[]): HTMLElement[] {
  const elements: HTMLElement[] = [control, ...labels];
  const outer = labels.find((label) => label.contains(control)) ?? control;
  const box = outer.parentElement;
  if (box?.matches('div, p, li') && box.querySelectorAll('input, select, textarea').length === 1) elements.push(box);
  return elements;
}
