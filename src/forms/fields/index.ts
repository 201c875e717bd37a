/** The pure half of forms: no DOM, the same on server, in editor, mocks and browser. */
export { deriveFields, describeFields, lintForm, type Derived } from './derive.ts';
export { describeFinding, type Finding, type FindingCode } from './finding.ts';
export { acceptAnswer, coerceField, type Coerced, type RawValue } from './coerce.ts';
export { checkAnswers, collectParams, formState, type Collected, type RawValues } from './collect.ts';
export { FormState, parseConditions } from './conditions.ts';
export { straightenQuotes } from './quotes.ts';
export { MAX_DEPTH, MAX_ELEMENTS, MAX_HTML_BYTES } from './limits.ts';
export { LastValues, type TextStore } from './last-values.ts';
export {
  answersFromText,
  isRememberable,
  prefill,
  rememberable,
  type PrefillSource,
  type Prefilled,
} from './prefill.ts';
export { rawAnswers, rawFromAnswer, typedAnswers } from './typed.ts';
export { SERVER_FORM_ID, serverForm } from './server-form.ts';
