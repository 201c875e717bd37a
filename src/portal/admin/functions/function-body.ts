/** The three ways to say how something is decided: built in, in JavaScript, by a program. */
import { SAMPLE_TEXTS } from '../../../contract/function-samples.ts';
import {
  LOAD_BALANCING_CHOICES,
  type BuiltIn,
  type FunctionBody,
  type FunctionName,
} from '../../../contract/functions.ts';

export type BodyKind = FunctionBody['kind'];
export const BODY_KINDS: readonly BodyKind[] = ['built-in', 'javascript', 'executable'];

export function choicesFor(name: FunctionName): readonly BuiltIn[] {
  return name === 'load-balancing' ? LOAD_BALANCING_CHOICES : ['default'];
}

export function freshBody(name: FunctionName, kind: BodyKind): FunctionBody {
  switch (kind) {
    case 'built-in':
      return { kind, choice: choicesFor(name)[0] ?? 'default' };
    case 'javascript':
      return { kind, text: SAMPLE_TEXTS[name] };
    case 'executable':
      return { kind, path: '/', as: 'service' };
  }
}

/** As text, for comparing; also what is kept as a file. */
export function bodyText(body: FunctionBody): string {
  switch (body.kind) {
    case 'built-in':
      return `// built-in: ${body.choice}\n`;
    case 'javascript':
      return body.text;
    case 'executable':
      return `// executable, as ${body.as}:\n// ${body.path}\n`;
  }
}

export function sameBody(one: FunctionBody, other: FunctionBody): boolean {
  return one.kind === other.kind && bodyText(one) === bodyText(other);
}
