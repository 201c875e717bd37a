/** A form without a framework: put it on an element, get its answers. */
import type { Answers, FieldProblem, Form } from '../../contract/form.ts';
import { collectParams } from '../fields/collect.ts';
import { rawAnswers, rememberText, typedAnswers } from '../fields/typed.ts';
import { problemMessage } from './messages.ts';
import { FormSurface } from './surface.ts';

export interface MountOptions {
  readonly initial?: Answers;
  onSubmit(answers: Answers): void;
  /** At each change: everything typed so far, whether it would be accepted or not. Good as `initial` later on. */
  onChange?(answers: Answers): void;
  readonly locale?: string;
}

export interface MountedForm {
  /** Checks; then either `onSubmit`, or complaints at the fields and the focus on the first. */
  submit(): void;
  focus(): void;
  values(): Answers;
  dispose(): void;
}

export function mountForm(host: HTMLElement, form: Form, options: MountOptions): MountedForm {
  const locale = options.locale ?? document.documentElement.lang;
  const { fields } = form;
  /** Fields that may be complained about: those that were left, and after a first try to submit, all. */
  const judged = new Set<string>();
  const judge = (): FieldProblem[] => {
    const collected = collectParams(fields, surface.values());
    const problems = collected.ok ? [] : collected.errors;
    const told = problems.filter((problem) => judged.has(problem.field));
    surface.showMessages(new Map(told.map((problem) => [problem.field, problemMessage(problem, locale)])));
    return problems;
  };
  const submit = (): void => {
    for (const field of fields) judged.add(field.name);
    const values = surface.values();
    const collected = collectParams(fields, values);
    const [first] = judge();
    if (collected.ok) options.onSubmit(rememberText(collected.params, values));
    else if (first) surface.focus(first.field);
  };
  const surface = new FormSurface(host, form, rawAnswers(fields, options.initial ?? {}), {
    onInput: () => {
      if (judged.size > 0) judge();
      options.onChange?.(typedAnswers(fields, surface.values()));
    },
    onLeave: (field) => {
      // An empty field that was only passed through has not been answered wrongly yet.
      const value = surface.value(field);
      if (value === '' || value === false || (typeof value === 'object' && value.length === 0)) return;
      judged.add(field.name);
      judge();
    },
    onEnter: submit,
  });
  return {
    submit,
    focus: () => surface.focus(),
    values: () => typedAnswers(fields, surface.values()),
    dispose: () => surface.dispose(),
  };
}
