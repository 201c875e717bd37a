/**
 * Goes once through a form's tree as the sanitiser will leave it: collects the controls with what surrounds them, and
 * says what will be missing.
 */
import type { Condition } from '../../contract/form.ts';
import {
  ALLOWED_ELEMENTS,
  DATA_ATTRIBUTES,
  ID_REFERENCES,
  isAllowedAttribute,
  REMOVED_INPUT_TYPES,
  REMOVED_WITH_CONTENT,
} from './allow-list.ts';
import { isAllowedClass, splitClasses } from './classes.ts';
import { parseConditions } from './conditions.ts';
import { finding, type Finding, type FindingCode } from './finding.ts';
import { attribute, has, isElement, isHtml, position, textOf, type Element } from './tree.ts';

/** A control that stays, with what it inherits from the elements around it. */
export interface FoundControl {
  readonly element: Element;
  readonly disabled: boolean;
  readonly showWhen: readonly Condition[];
  readonly label: string | undefined;
}

/** A condition and where it stands, so that a name it speaks of can be looked up when all names are known. */
export interface FoundCondition {
  readonly condition: Condition;
  readonly element: Element;
  readonly attribute: string;
}

export interface Walk {
  readonly controls: readonly FoundControl[];
  readonly conditions: readonly FoundCondition[];
  readonly findings: Finding[];
}

interface Surroundings {
  readonly disabled: boolean;
  readonly showWhen: readonly Condition[];
  /** The text of the label around, where there is one. */
  readonly label: string | undefined;
}

const CONTROLS = new Set(['input', 'select', 'textarea']);
const DATA = new Set<string>(DATA_ATTRIBUTES);
/** `data-…-when` by what it decides. */
const CONDITION_ATTRIBUTES = ['data-show-when', 'data-options-when', 'data-required-when'];

export function walkForm(body: Element): Walk {
  const walker = new Walker();
  walker.collectLabels(body);
  walker.children(body, { disabled: false, showWhen: [], label: undefined });
  walker.checkReferences();
  return walker;
}

class Walker implements Walk {
  readonly controls: FoundControl[] = [];
  readonly conditions: FoundCondition[] = [];
  readonly findings: Finding[] = [];
  readonly #labelFor = new Map<string, string>();
  readonly #ids = new Set<string>();
  readonly #references: { id: string; element: Element; attribute: string }[] = [];

  collectLabels(element: Element): void {
    for (const child of element.childNodes.filter(isElement)) {
      const target = child.tagName === 'label' ? attribute(child, 'for') : undefined;
      if (target !== undefined) this.#labelFor.set(target, collapse(textOf(child)));
      this.collectLabels(child);
    }
  }

  children(parent: Element, around: Surroundings): void {
    // Forms often put a label before its control and leave `for` out; the renderer ties the two in the same way.
    let preceding: string | undefined;
    for (const child of parent.childNodes.filter(isElement)) {
      this.#element(child, parent, around, preceding);
      if (CONTROLS.has(child.tagName)) preceding = undefined;
      else if (child.tagName === 'label' && !has(child, 'for')) preceding = collapse(textOf(child));
    }
  }

  checkReferences(): void {
    for (const { id, element, attribute: name } of this.#references) {
      if (!this.#ids.has(id)) this.#find('reference-unknown', id, element, name);
    }
  }

  #element(element: Element, parent: Element, around: Surroundings, preceding: string | undefined): void {
    const tag = element.tagName;
    if (!isHtml(element) || REMOVED_WITH_CONTENT.includes(tag)) {
      this.#find('element-removed', tag, element);
      return;
    }
    if (!ALLOWED_ELEMENTS.includes(tag)) {
      this.#find('element-removed', tag, element);
      this.children(element, around);
      return;
    }
    const type = (attribute(element, 'type') ?? 'text').toLowerCase();
    if (tag === 'input' && REMOVED_INPUT_TYPES.includes(type)) {
      this.#find('type-removed', type, element, 'type');
      return;
    }
    this.#attributes(element);
    const inner: Surroundings = {
      disabled: around.disabled || isDisabledFor(element),
      showWhen: [...around.showWhen, ...this.#condition(element, 'data-show-when')],
      label: tag === 'label' ? collapse(textOf(element)) : around.label,
    };
    // The legend of a disabled fieldset stays enabled.
    const enabled = tag === 'legend' && parent.tagName === 'fieldset' && parent.childNodes.find(isElement) === element;
    if (CONTROLS.has(tag)) {
      const label = this.#label(element, inner, preceding);
      this.controls.push({ element, disabled: inner.disabled, showWhen: inner.showWhen, label });
    }
    this.#condition(element, 'data-required-when');
    this.#condition(element, 'data-options-when');
    this.children(element, enabled ? { ...inner, disabled: this.#outerDisabled(parent, around) } : inner);
  }

  /** Whether something further out than this fieldset is disabled; a fieldset in a disabled one stays so. */
  #outerDisabled(fieldset: Element, around: Surroundings): boolean {
    if (!has(fieldset, 'disabled')) return around.disabled;
    for (let node = fieldset.parentNode; node && 'tagName' in node; node = node.parentNode) {
      if (isDisabledFor(node)) return true;
    }
    return false;
  }

  #label(element: Element, around: Surroundings, preceding: string | undefined): string | undefined {
    const id = attribute(element, 'id');
    const text =
      (id === undefined ? undefined : this.#labelFor.get(id)) ??
      around.label ??
      attribute(element, 'aria-label') ??
      preceding ??
      attribute(element, 'title');
    return text === undefined || text === '' ? undefined : text;
  }

  #attributes(element: Element): void {
    const tag = element.tagName;
    for (const { name, value } of element.attrs) {
      if (name === 'class') {
        for (const one of splitClasses(value)) {
          if (!isAllowedClass(tag, one)) this.#find('class-removed', one, element, name);
        }
      } else if (!isAllowedAttribute(tag, name, value)) {
        this.#find(
          name === 'type' && tag === 'input' ? 'type-removed' : 'attribute-removed',
          name === 'type' ? value : name,
          element,
          name,
        );
      }
      if (name === 'id') this.#ids.add(value);
      if (ID_REFERENCES.includes(name)) {
        for (const id of splitClasses(value)) this.#references.push({ id, element, attribute: name });
      }
      if (DATA.has(name) && name === 'data-type' && !/^(text|string|number|boolean|json)$/.test(value)) {
        this.#find('data-type-unknown', value, element, name);
      }
    }
  }

  /** The conditions of one attribute; what cannot be understood is reported and holds always. */
  #condition(element: Element, name: string): Condition[] {
    if (!CONDITION_ATTRIBUTES.includes(name)) return [];
    const text = attribute(element, name);
    if (text === undefined) return [];
    const parsed = parseConditions(text);
    if (!parsed.ok) {
      this.#find('condition-syntax', parsed.part, element, name);
      return [];
    }
    for (const condition of parsed.conditions) this.conditions.push({ condition, element, attribute: name });
    return parsed.conditions;
  }

  #find(code: FindingCode, subject: string, element: Element, attributeName?: string): void {
    this.findings.push(finding(code, subject, position(element, attributeName)));
  }
}

/** Conditions of one attribute, without reporting: for options, which are read a second time with their select. */
export function conditionsOf(element: Element, name: string): Condition[] {
  const text = attribute(element, name);
  const parsed = text === undefined ? undefined : parseConditions(text);
  return parsed?.ok ? parsed.conditions : [];
}

function isDisabledFor(element: Element): boolean {
  return has(element, 'disabled') && ['fieldset', 'input', 'select', 'textarea'].includes(element.tagName);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
