/**
 * A form on the screen: the sanitised fragment in a shadow root of its own, its controls tied to the form's fields.
 * Holds no opinion on when to check; `mount-form.ts` and `FormView.tsx` do.
 */
import type { Field, Form } from '../../contract/form.ts';
import type { RawValue } from '../fields/coerce.ts';
import { formState } from '../fields/collect.ts';
import { Conditionals } from './conditional.ts';
import {
  bindControls,
  focusControls,
  readControls,
  showNote,
  showProblem,
  tieLabels,
  writeControls,
  type BoundField,
  type Control,
} from './controls.ts';
import { sanitizeForm, type Removed } from './sanitize.ts';
import { dress, followTheme } from './styles.ts';

export interface SurfaceEvents {
  /** A value changed, or several by a reset. */
  onInput(fields: readonly Field[]): void;
  /** A field was left. */
  onLeave(field: Field): void;
  /** Enter in a control that has one line. */
  onEnter(): void;
}

/** Rounds after which a form whose options depend on each other is left as it is. */
const MAX_ROUNDS = 5;
/** Past this many boxes, those out of sight are laid out only when they come into it. */
const LONG = 60;

export class FormSurface {
  readonly findings: readonly Removed[];
  readonly #fields: readonly Field[];
  readonly #host: HTMLElement;
  readonly #bound: readonly BoundField[];
  readonly #byElement: ReadonlyMap<EventTarget, BoundField>;
  readonly #labels: ReadonlyMap<Control, readonly HTMLLabelElement[]>;
  readonly #conditionals: Conditionals;
  readonly #defaults: ReadonlyMap<string, RawValue>;
  readonly #events: SurfaceEvents;
  readonly #stopFollowing: () => void;

  /** Puts the form at the end of `parent`. `initial` wins over the form's own defaults. */
  constructor(
    parent: HTMLElement,
    form: Pick<Form, 'html' | 'fields'>,
    initial: ReadonlyMap<string, RawValue>,
    events: SurfaceEvents,
  ) {
    this.#fields = form.fields;
    this.#events = events;
    this.#host = document.createElement('div');
    const root = this.#host.attachShadow({ mode: 'open' });
    const { fragment, findings } = sanitizeForm(form.html);
    this.findings = findings;
    const body = document.createElement('div');
    body.className = 'form-body';
    body.append(fragment);
    if (body.childElementCount > LONG) body.classList.add('is-long');
    this.#bound = bindControls(body, form.fields);
    this.#byElement = new Map(this.#bound.flatMap((one) => one.controls.map((control) => [control, one])));
    this.#labels = tieLabels(body, this.#bound);
    for (const bound of this.#bound) this.#prepare(bound);
    this.#conditionals = new Conditionals(body, this.#bound, this.#labels);
    this.#defaults = this.values();
    this.#write(initial);
    root.addEventListener('input', this.#onInput);
    root.addEventListener('change', this.#onInput);
    root.addEventListener('focusout', this.#onLeave);
    root.addEventListener('keydown', this.#onKey);
    root.addEventListener('click', this.#onClick);
    // Dressed while it is empty: asking for a style with the form inside would lay all of it out twice.
    parent.append(this.#host);
    this.#stopFollowing = followTheme(this.#host);
    dress(root);
    root.append(body);
  }

  /** What every control holds, by field name; hidden ones too. */
  values(): Map<string, RawValue> {
    return new Map(this.#bound.map((bound) => [bound.field.name, readControls(bound)]));
  }

  value(field: Field): RawValue {
    const bound = this.#bound.find((one) => one.field.name === field.name);
    return bound && readControls(bound);
  }

  /** Shows one sentence at each of these fields, and takes away what was said at others. */
  showMessages(messages: ReadonlyMap<string, string>): void {
    this.#bound.forEach((bound, i) => showProblem(bound, messages.get(bound.field.name), `problem-${i}`));
  }

  /** Says at each of these fields where its value came from; a note goes when its value changes. */
  showNotes(notes: ReadonlyMap<string, string>): void {
    this.#bound.forEach((bound, i) => showNote(bound, notes.get(bound.field.name), `source-${i}`));
  }

  /** Focuses a field, or the first one that can be. */
  focus(name?: string): void {
    const bound = name === undefined ? this.#bound[0] : this.#bound.find((one) => one.field.name === name);
    if (bound) focusControls(bound);
  }

  /** Back to what the form itself says. */
  reset(): void {
    this.#write(this.#defaults);
    this.showNotes(new Map());
    this.#events.onInput(this.#fields);
  }

  dispose(): void {
    this.#stopFollowing();
    this.#host.remove();
  }

  #prepare(bound: BoundField): void {
    const { field, controls } = bound;
    const [control] = controls;
    const typed = control instanceof HTMLInputElement && control.type !== 'checkbox' && control.type !== 'radio';
    if (typed) {
      if (typeof field.defaultValue === 'string') control.value = field.defaultValue;
      // Without it, HTML takes whole numbers only; a form that wants that says step="1".
      if (field.constraints.step === undefined && field.type === 'number') control.step = 'any';
    }
    this.#markRequired(bound, field.required);
  }

  #markRequired({ controls }: BoundField, required: boolean): void {
    if (controls.length > 1) return;
    for (const label of this.#labels.get(controls[0]) ?? []) label.classList.toggle('is-required', required);
  }

  #write(values: ReadonlyMap<string, RawValue>): void {
    for (const bound of this.#bound) {
      if (values.has(bound.field.name)) writeControls(bound, values.get(bound.field.name));
      bound.wanted = values.has(bound.field.name) ? values.get(bound.field.name) : readControls(bound);
    }
    this.#refresh();
  }

  /** Everything that depends on values, computed afresh from all of them. Returns the fields that changed with it. */
  #refresh(): Set<Field> {
    const changed = new Set<Field>();
    if (this.#conditionals.none) return changed;
    let state = formState(this.#fields, this.values());
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const fields = this.#conditionals.applyOptions(state);
      if (fields.length === 0) break;
      for (const field of fields) changed.add(field);
      state = formState(this.#fields, this.values());
    }
    this.#conditionals.applyShown(state);
    for (const bound of this.#bound) {
      const { field, controls } = bound;
      if (!field.requiredWhen) continue;
      const required = state.isRequired(field);
      for (const control of controls) if (!field.multiple) control.required = required;
      this.#markRequired(bound, required);
    }
    return changed;
  }

  readonly #onInput = (event: Event): void => {
    const bound = event.target && this.#byElement.get(event.target);
    if (!bound) return;
    bound.wanted = readControls(bound);
    showNote(bound, undefined, `source-${this.#bound.indexOf(bound)}`);
    const others = this.#refresh();
    this.#events.onInput([bound.field, ...others]);
  };

  readonly #onLeave = (event: Event): void => {
    const bound = event.target && this.#byElement.get(event.target);
    const to = event instanceof FocusEvent ? event.relatedTarget : null;
    // From one radio to the next is not leaving the question.
    if (bound && !(to && this.#byElement.get(to) === bound)) this.#events.onLeave(bound.field);
  };

  readonly #onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.isComposing) return;
    if (!(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.#events.onEnter();
  };

  readonly #onClick = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button?.type === 'reset') this.reset();
  };
}
