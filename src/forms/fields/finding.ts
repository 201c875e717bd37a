/** What is remarkable about an admin's HTML. Codes are stable; the sentence is made where a person reads it. */

export type FindingCode =
  | 'too-big'
  | 'too-deep'
  | 'too-many-elements'
  | 'refused'
  | 'element-removed'
  | 'attribute-removed'
  | 'class-removed'
  | 'type-removed'
  | 'curly-quotes'
  | 'quote-open'
  | 'nameless'
  | 'name-not-allowed'
  | 'name-duplicate'
  | 'name-reserved'
  | 'label-missing'
  | 'default-missing'
  | 'data-type-unknown'
  | 'condition-syntax'
  | 'condition-unknown-field'
  | 'condition-cycle'
  | 'pattern-invalid'
  | 'pattern-slow'
  | 'reference-unknown'
  | 'no-fields';

export interface Finding {
  readonly code: FindingCode;
  /** `error`: the form cannot be used, and must not be saved. `warning`: it works, though not as its author may think. */
  readonly severity: 'error' | 'warning';
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** The element, attribute, class or name it is about. */
  readonly subject: string;
}

const ERRORS: ReadonlySet<FindingCode> = new Set<FindingCode>(['too-big', 'too-deep', 'too-many-elements', 'refused']);

export function finding(code: FindingCode, subject: string, at: { line: number; column: number }): Finding {
  // A whole data: URL as a "subject" would only be noise in the editor's margin.
  const short = subject.length > 80 ? `${subject.slice(0, 79)}…` : subject;
  return { code, severity: ERRORS.has(code) ? 'error' : 'warning', line: at.line, column: at.column, subject: short };
}

const SENTENCES: Readonly<Record<FindingCode, (subject: string) => string>> = {
  'too-big': (s) => `The form has ${s} bytes; at most 1 MiB is accepted.`,
  'too-deep': () => 'The elements are nested more than 100 deep.',
  'too-many-elements': () => 'The form has more than 10,000 elements.',
  refused: () => 'The browser could not make this form safe, so it is not shown.',
  'element-removed': (s) => `<${s}> is not allowed in a form and is left out.`,
  'attribute-removed': (s) => `The attribute ${s} is not allowed here and is left out.`,
  'class-removed': (s) => `The class "${s}" is not allowed in a form and is left out.`,
  'type-removed': (s) => `An input of type "${s}" is not allowed, so the control is left out.`,
  'curly-quotes': (s) => `Curly quotes around "${s}" are read as straight ones.`,
  'quote-open': (s) => `The quote that opens the value of ${s} is not closed.`,
  nameless: (s) => `This ${s} has no name, so its value is not sent.`,
  'name-not-allowed': (s) =>
    `"${s}" cannot be a name: a letter, then letters, digits, "_", "." or "-", at most 64. The value is not sent.`,
  'name-duplicate': (s) => `"${s}" is used by an earlier control, so this one is not sent.`,
  'name-reserved': (s) => `"${s}" is overwritten by the server when a session starts.`,
  'label-missing': (s) => `"${s}" has no label.`,
  'default-missing': (s) => `No option of "${s}" is selected, so the first one is the default.`,
  'data-type-unknown': (s) => `data-type="${s}" is not known; use number, boolean or json.`,
  'condition-syntax': (s) => `The condition "${s}" is not of the form field=value, field!=value or field in a,b.`,
  'condition-unknown-field': (s) => `The condition speaks of "${s}", which no control has as its name.`,
  'condition-cycle': (s) => `Whether "${s}" is shown depends on itself.`,
  'pattern-invalid': (s) => `The pattern of "${s}" is not a regular expression.`,
  'pattern-slow': (s) => `The pattern of "${s}" repeats a repetition, which can take for ever, so it is not used.`,
  'reference-unknown': (s) => `There is no element with the id "${s}".`,
  'no-fields': () => 'The form has no control with a name, so it asks for nothing.',
};

/** Every code there is; `docs/forms.md` explains each. */
export const findingCodes: readonly string[] = Object.keys(SENTENCES);

/** One English sentence, for logs, the command line, and as the editor's fallback. */
export function describeFinding({ code, subject }: Finding): string {
  return SENTENCES[code](subject);
}
