/** What may be written at a place in a form's text: what the renderer would leave in, and nothing else. */
import {
  ALLOWED_ATTRIBUTES,
  ALLOWED_ELEMENTS,
  INPUT_TYPES,
  isAllowedAttribute,
} from '../../../../forms/fields/allow-list.ts';
import { isAllowedClass } from '../../../../forms/fields/classes.ts';

export interface Suggestion {
  readonly label: string;
  readonly kind: 'element' | 'attribute' | 'value' | 'class' | 'field';
  /** Inserted instead of the label; `|` is where the cursor goes. */
  readonly insert?: string;
}

export interface Suggestions {
  /** How many characters before the cursor they replace. */
  readonly typed: number;
  readonly options: readonly Suggestion[];
}

/** What else the form holds, for references to it. */
export interface FormNames {
  readonly fields: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly ids: readonly string[];
}

/** A tag longer than this is not looked into. */
const LONGEST_TAG = 4000;

const steps = ['0', '1', '2', '3', '4', '5', 'auto'];
const colours = ['primary', 'secondary', 'success', 'danger', 'warning', 'info', 'light', 'dark'];
const columns = Array.from({ length: 12 }, (_, i) => String(i + 1));
const CLASSES: readonly string[] = [
  'form-label form-control form-control-sm form-control-lg form-control-color form-range form-select form-select-sm',
  'form-text form-check form-check-input form-check-label form-check-inline form-switch form-floating form-group form-row',
  'input-group input-group-text input-group-sm input-group-prepend input-group-append col-form-label invalid-feedback',
  'custom-select custom-control custom-control-input custom-control-label custom-checkbox custom-radio custom-switch',
  'row col col-auto g-2 g-3 gx-3 gy-2 container hstack vstack d-flex d-block d-grid flex-wrap flex-column',
  'align-items-center align-items-end align-items-start justify-content-between justify-content-end gap-1 gap-2 gap-3',
  'w-25 w-50 w-75 w-100 small lead text-muted text-body-secondary text-center text-end text-nowrap fw-bold fst-italic',
  'h1 h2 h3 h4 h5 h6 fs-4 fs-5 fs-6 font-monospace visually-hidden list-unstyled list-inline list-inline-item',
  'btn btn-sm btn-link card card-body card-header card-title card-text alert alert-heading badge rounded-pill',
  'list-group list-group-item table table-sm table-striped table-bordered progress progress-bar border rounded shadow-sm',
]
  .flatMap((line) => line.split(' '))
  .concat(
    ['m', 'mt', 'mb', 'ms', 'me', 'mx', 'my', 'p', 'pt', 'pb', 'ps', 'pe', 'px', 'py'].flatMap((side) =>
      steps.map((step) => `${side}-${step}`),
    ),
    ['col', 'col-sm', 'col-md', 'col-lg'].flatMap((size) => columns.map((n) => `${size}-${n}`)),
    ['alert', 'btn', 'btn-outline', 'badge', 'text-bg', 'text', 'bg'].flatMap((base) =>
      colours.map((colour) => `${base}-${colour}`),
    ),
  )
  .filter((name) => isAllowedClass('div', name) || isAllowedClass('label', name));

/** A value that the attribute takes, so that the list can be asked whether the element takes the attribute. */
const SAMPLES: Readonly<Record<string, string>> = { role: 'group', type: 'text', autocomplete: 'off' };
const BARE = new Set([
  'required',
  'checked',
  'selected',
  'disabled',
  'readonly',
  'multiple',
  'open',
  'reversed',
  'hidden',
]);
const VOID = new Set(['input', 'br', 'hr', 'wbr', 'col']);
const WHEN = new Set(['data-show-when', 'data-options-when', 'data-required-when']);
const REFERENCES = new Set(['for', 'list', 'aria-labelledby', 'aria-describedby']);

function attributesOf(element: string): string[] {
  const sample = element === 'button' ? { ...SAMPLES, type: 'button' } : SAMPLES;
  return ALLOWED_ATTRIBUTES.filter((name) =>
    isAllowedAttribute(element, name, new Map(Object.entries(sample)).get(name) ?? '1'),
  );
}

function valuesOf(element: string, attribute: string, names: FormNames): readonly string[] {
  if (attribute === 'type') return element === 'button' ? ['button', 'reset'] : element === 'input' ? INPUT_TYPES : [];
  if (attribute === 'data-type') return ['number', 'boolean', 'json'];
  if (attribute === 'data-remember' || attribute === 'autocomplete') return ['off'];
  if (REFERENCES.has(attribute)) return names.ids;
  return [];
}

function inCondition(typed: string, names: FormNames): Suggestions {
  const part = typed.slice(typed.lastIndexOf(';') + 1);
  const value = /^\s*([^\s=!;]+)\s*(?:!?=|\s+in\s+(?:.*,)?)\s*([^,;]*)$/u.exec(part);
  if (value) {
    const field = names.fields.find(({ name }) => name === value[1]);
    const options = (field?.values ?? []).map((label) => ({ label, kind: 'value' as const }));
    return { typed: value[2]?.length ?? 0, options };
  }
  const name = part.trimStart();
  return {
    typed: name.length,
    options: names.fields.map((field) => ({ label: field.name, insert: `${field.name}=|`, kind: 'field' as const })),
  };
}

/** `before`: the text up to the cursor. `undefined`: nothing of ours goes there. */
export function suggestionsAt(before: string, names: FormNames): Suggestions | undefined {
  const open = before.lastIndexOf('<');
  if (open < 0 || before.length - open > LONGEST_TAG) return undefined;
  const tag = before.slice(open);
  const beginning = /^<([a-z][a-z0-9]*)?$/i.exec(tag);
  if (beginning) {
    return {
      typed: beginning[1]?.length ?? 0,
      options: ALLOWED_ELEMENTS.map((label) => ({
        label,
        kind: 'element' as const,
        insert: VOID.has(label) ? `${label} |>` : `${label}>|</${label}>`,
      })),
    };
  }
  const inside = /^<([a-z][a-z0-9]*)((?:\s+[^\s=>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)(\s+)([\s\S]*)$/i.exec(
    tag,
  );
  if (!inside) return undefined;
  const element = (inside[1] ?? '').toLowerCase();
  const rest = inside[4] ?? '';
  const value = /^([^\s=>"']+)\s*=\s*(["'])([\s\S]*)$/.exec(rest);
  if (!value) {
    if (!/^[\w-]*$/.test(rest)) return undefined;
    const options = attributesOf(element).map((label) => ({
      label,
      kind: 'attribute' as const,
      ...(BARE.has(label) ? {} : { insert: `${label}="|"` }),
    }));
    return { typed: rest.length, options };
  }
  const attribute = (value[1] ?? '').toLowerCase();
  const typed = value[3] ?? '';
  if (typed.includes(value[2] ?? '"')) return undefined;
  if (attribute === 'class') {
    const last = /\S*$/.exec(typed)?.[0] ?? '';
    return { typed: last.length, options: CLASSES.map((label) => ({ label, kind: 'class' as const })) };
  }
  if (WHEN.has(attribute)) return inCondition(typed, names);
  const values = valuesOf(element, attribute, names);
  return values.length === 0
    ? undefined
    : { typed: typed.length, options: values.map((label) => ({ label, kind: 'value' as const })) };
}
