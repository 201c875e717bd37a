/**
 * A form in the portal: React Hook Form keeps values, what was touched and what is wrong; the surface shows it. A
 * button anywhere in the page submits it by `form={formId}`.
 */
import { useEffect, useImperativeHandle, useMemo, useRef, type Ref } from 'react';
import { useForm, type FieldErrors, type Resolver } from 'react-hook-form';
import type { Answers, Field, FieldProblem, Form } from '../../contract/form.ts';
import type { RawValue } from '../fields/coerce.ts';
import { collectParams } from '../fields/collect.ts';
import { rawAnswers, rememberText, typedAnswers } from '../fields/typed.ts';
import { problemMessage } from './messages.ts';
import { FormSurface } from './surface.ts';

export interface FormHandle {
  /** Back to what the form itself says. */
  reset(): void;
}

export interface FormViewProps {
  readonly handle?: Ref<FormHandle>;
  /** Another form, or the same one asked again, needs another `key`. */
  readonly form: Form;
  readonly formId: string;
  /** What to show first; an object that came from `onChange` or `onSubmit` brings back the very text that was typed. */
  readonly initial?: Answers;
  readonly onChange?: (answers: Answers) => void;
  readonly onSubmit: (answers: Answers) => void;
  /** A language tag; otherwise the page's. */
  readonly locale?: string;
  /** Complaints of the server about answers that were sent. */
  readonly problems?: readonly FieldProblem[];
  readonly autoFocus?: boolean;
  /** A few words at each field whose first value did not come from the form itself; they go when it is changed. */
  readonly notes?: ReadonlyMap<string, string>;
}

/** React Hook Form reads a dot in a name as a path, so fields go by their place. */
type Values = Record<string, RawValue>;
const keyOf = (index: number): string => `f${index}`;

function resolverFor(fields: readonly Field[], locale: string): Resolver<Values> {
  return (values) => {
    const raw = new Map(fields.map((field, i) => [field.name, values[keyOf(i)]]));
    const collected = collectParams(fields, raw);
    if (collected.ok) return { values, errors: {} };
    const problems = new Map(collected.errors.map((problem) => [problem.field, problem]));
    const errors: FieldErrors<Values> = {};
    fields.forEach((field, i) => {
      const problem = problems.get(field.name);
      if (problem) errors[keyOf(i)] = { type: problem.code, message: problemMessage(problem, locale) };
    });
    return { values: {}, errors };
  };
}

export function FormView(props: FormViewProps) {
  const { form, formId, handle, notes, problems, onSubmit } = props;
  const { fields } = form;
  const locale = props.locale ?? document.documentElement.lang;
  const place = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLFormElement>(null);
  const surface = useRef<FormSurface>(undefined);
  const latest = useRef(props);
  const resolver = useMemo(() => resolverFor(fields, locale), [fields, locale]);
  const { setValue, reset, trigger, handleSubmit, formState } = useForm<Values>({ resolver, shouldFocusError: false });
  const { errors, isSubmitted, touchedFields } = formState;
  /** Whether a field was left before, and so may be complained about while it is being typed in. */
  const isJudged = useRef((_key: string): boolean => false);
  const isSubmittedNow = useRef(false);
  useEffect(() => {
    latest.current = props;
    isSubmittedNow.current = isSubmitted;
    isJudged.current = (key) => touchedFields[key] === true;
  });

  useEffect(() => {
    const host = place.current;
    if (!host) return undefined;
    const keys = new Map(form.fields.map((field, i) => [field.name, keyOf(i)]));
    const put = (field: Field, touch: boolean): void => {
      const key = keys.get(field.name);
      if (key === undefined) return;
      const shouldValidate = touch || isJudged.current(key);
      setValue(key, shown.value(field), { shouldDirty: true, shouldTouch: touch, shouldValidate });
    };
    const shown = new FormSurface(host, form, rawAnswers(form.fields, latest.current.initial ?? {}), {
      onInput: (changed) => {
        for (const field of changed) put(field, false);
        // What one answer says may make another one right, needless or missing.
        if (isSubmittedNow.current) void trigger();
        latest.current.onChange?.(typedAnswers(form.fields, shown.values()));
      },
      onLeave: (field) => {
        const value = shown.value(field);
        // An empty field that was only passed through has not been answered wrongly yet.
        if (value === '' || value === false || (typeof value === 'object' && value.length === 0)) return;
        put(field, true);
      },
      onEnter: () => element.current?.requestSubmit(),
    });
    surface.current = shown;
    reset(Object.fromEntries(form.fields.map((field, i) => [keyOf(i), shown.value(field)])));
    if (latest.current.autoFocus) shown.focus();
    return () => {
      shown.dispose();
      surface.current = undefined;
    };
  }, [form, reset, setValue, trigger]);

  useImperativeHandle(handle, () => ({ reset: () => surface.current?.reset() }), []);

  useEffect(() => {
    if (notes) surface.current?.showNotes(notes);
  }, [notes]);

  useEffect(() => {
    const messages = new Map(problems?.map((problem) => [problem.field, problemMessage(problem, locale)]));
    fields.forEach((field, i) => {
      const message = errors[keyOf(i)]?.message;
      if (typeof message === 'string') messages.set(field.name, message);
    });
    surface.current?.showMessages(messages);
  }, [errors, fields, locale, problems]);

  return (
    <form
      ref={element}
      id={formId}
      noValidate
      onSubmit={(event) => {
        const shown = surface.current;
        void handleSubmit(
          () => {
            const values = shown?.values() ?? new Map<string, RawValue>();
            const collected = collectParams(fields, values);
            if (collected.ok) onSubmit(rememberText(collected.params, values));
          },
          (found) => {
            const first = fields.find((_, i) => found[keyOf(i)]);
            if (first) shown?.focus(first.name);
          },
        )(event);
      }}
    >
      <div ref={place} />
    </form>
  );
}
