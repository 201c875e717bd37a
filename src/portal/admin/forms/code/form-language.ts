/** HTML as a form may have it: its colours, and what is suggested where. */
import type { Completion, CompletionSource } from '@codemirror/autocomplete';
import { autoCloseTags, htmlLanguage } from '@codemirror/lang-html';
import { LanguageSupport } from '@codemirror/language';
import type { CodeLanguage } from '../../code/code-editor.ts';
import { suggestionsAt, type FormNames, type Suggestion } from './completions.ts';

const TYPES = { element: 'type', attribute: 'property', value: 'constant', class: 'class', field: 'variable' } as const;

function toCompletion({ label, kind, insert }: Suggestion): Completion {
  if (insert === undefined) return { label, type: TYPES[kind] };
  return {
    label,
    type: TYPES[kind],
    apply(view, _completion, from, to) {
      const cursor = insert.indexOf('|');
      view.dispatch({
        changes: { from, to, insert: insert.replace('|', '') },
        selection: { anchor: from + (cursor < 0 ? insert.length : cursor) },
        userEvent: 'input.complete',
      });
    },
  };
}

function completeForm(names: () => FormNames): CompletionSource {
  return (context) => {
    const before = context.state.sliceDoc(Math.max(0, context.pos - 4000), context.pos);
    const found = suggestionsAt(before, names());
    if (!found) return null;
    return { from: context.pos - found.typed, options: found.options.map(toCompletion), validFor: /^[\w.:-]*$/ };
  };
}

export interface FormLanguage extends CodeLanguage {
  /** What else the form holds, as it is now. */
  know(names: FormNames): void;
}

export function formLanguage(): FormLanguage {
  let known: FormNames = { fields: [], ids: [] };
  return {
    extension: new LanguageSupport(htmlLanguage, autoCloseTags),
    complete: completeForm(() => known),
    know: (names) => {
      known = names;
    },
  };
}
