/** JavaScript as a function of the site has it: what `input` holds is suggested, and told under the pointer. */
import type { CompletionSource } from '@codemirror/autocomplete';
import { javascript } from '@codemirror/lang-javascript';
import { hoverTooltip, type EditorView } from '@codemirror/view';
import type { CodeLanguage } from '../code/code-editor.ts';
import type { FunctionName } from '../../../contract/functions.ts';
import { HELPERS, typeText, type Member } from './input-shapes.ts';
import { scopeOf, typedAt } from './resolve.ts';

const MEMBER = 'property';

/** The sentence about a member, in the person's language. */
export type Explain = (where: string, name: string) => string;

function complete(name: FunctionName, explain: Explain): CompletionSource {
  return (context) => {
    const text = context.state.doc.toString();
    const { of, typed } = typedAt(text.slice(0, context.pos));
    const scope = scopeOf(name, text);
    const from = context.pos - typed.length;
    if (of !== undefined) {
      const found = scope.membersOf(of);
      if (!found) return null;
      const options = Object.entries(found.shape).map(([label, member]: [string, Member]) => ({
        label,
        type: MEMBER,
        detail: typeText(member),
        info: explain(found.where, label),
      }));
      return { from, options, validFor: /^[\w$]*$/ };
    }
    if (typed === '' && !context.explicit) return null;
    return {
      from,
      options: [
        ...scope.names.map((label) => ({ label, type: 'variable' })),
        ...HELPERS.map((label) => ({ label, type: 'function', info: explain('helpers', label) })),
      ],
      validFor: /^[\w$]*$/,
    };
  };
}

function hover(name: FunctionName, explain: Explain) {
  return hoverTooltip((view: EditorView, pos) => {
    const word = view.state.wordAt(pos);
    if (!word) return null;
    const text = view.state.doc.toString();
    const before = text.slice(0, word.to);
    const { of, typed } = typedAt(before);
    const helper = of === undefined && HELPERS.some((one) => one === typed);
    const meaning = of === undefined ? undefined : scopeOf(name, text).resolve(`${of}.${typed}`);
    if (!helper && !meaning) return null;
    return {
      pos: word.from,
      end: word.to,
      create() {
        const dom = document.createElement('div');
        const head = document.createElement('code');
        head.textContent = meaning ? `${typed}: ${typeText(meaning.member)}` : typed;
        const sentence = document.createElement('div');
        sentence.textContent = meaning ? explain(meaning.where, meaning.name) : explain('helpers', typed);
        dom.className = 'cm-explained';
        dom.append(head, sentence);
        return { dom };
      },
    };
  });
}

export function functionLanguage(name: FunctionName, explain: Explain): CodeLanguage {
  return { extension: [javascript(), hover(name, explain)], complete: complete(name, explain) };
}
