/** What is said at a field, in the user's language. The codes are the contract's; the words are here. */
import type { FieldProblem } from '../../contract/form.ts';

type Code = FieldProblem['code'];
type Sentences = Readonly<Record<Code, string>>;

const EN: Sentences = {
  required: 'Please fill this in.',
  number: 'Please enter a number.',
  boolean: 'Please enter yes or no.',
  json: 'This is not valid JSON.',
  'json-too-large': 'This is too long: at most 64 KiB.',
  'json-too-deep': 'This is nested too deeply: at most 16 levels.',
  'json-name': 'A member has a name that is not allowed.',
  min: 'The smallest allowed value is {limit}.',
  max: 'The largest allowed value is {limit}.',
  step: 'Only steps of {limit} are allowed.',
  'min-length': 'Please enter at least {limit} characters.',
  'max-length': 'Please enter at most {limit} characters.',
  pattern: 'This does not have the expected form.',
  email: 'Please enter an e-mail address.',
  url: 'Please enter a complete address, such as https://example.org.',
  option: 'Please choose one of the offered values.',
  type: 'This value does not fit here.',
  name: 'This name is not allowed.',
};

const DE: Sentences = {
  required: 'Bitte ausfüllen.',
  number: 'Bitte eine Zahl eingeben.',
  boolean: 'Bitte ja (yes) oder nein (no) eingeben.',
  json: 'Das ist kein gültiges JSON.',
  'json-too-large': 'Das ist zu lang: höchstens 64 KiB.',
  'json-too-deep': 'Das ist zu tief verschachtelt: höchstens 16 Ebenen.',
  'json-name': 'Ein Eintrag hat einen Namen, der nicht erlaubt ist.',
  min: 'Der kleinste erlaubte Wert ist {limit}.',
  max: 'Der größte erlaubte Wert ist {limit}.',
  step: 'Erlaubt sind nur Schritte von {limit}.',
  'min-length': 'Bitte mindestens {limit} Zeichen eingeben.',
  'max-length': 'Bitte höchstens {limit} Zeichen eingeben.',
  pattern: 'Das hat nicht die erwartete Form.',
  email: 'Bitte eine E-Mail-Adresse eingeben.',
  url: 'Bitte eine vollständige Adresse eingeben, etwa https://example.org.',
  option: 'Bitte einen der angebotenen Werte wählen.',
  type: 'Dieser Wert passt hier nicht.',
  name: 'Dieser Name ist nicht erlaubt.',
};

const LANGUAGES: Readonly<Record<string, Sentences | undefined>> = { en: EN, de: DE };

/** One sentence for a problem, as text; English where the language is not known. */
export function problemMessage(problem: FieldProblem, locale: string): string {
  const sentences = LANGUAGES[locale.slice(0, 2).toLowerCase()] ?? EN;
  return sentences[problem.code].replace('{limit}', () => problem.limit ?? '');
}
