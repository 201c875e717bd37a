/**
 * CodeMirror for a text of some language. It lives in a shadow root, where its styles are constructed sheets: a page whose
 * policy is `style-src 'self'` would not take the style elements that it writes into a document.
 */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { editorTheme, highlighting } from './theme.ts';

export interface Remark {
  readonly severity: 'error' | 'warning';
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface CodeLanguage {
  /** Its grammar, and whatever else belongs to it. */
  readonly extension: Extension;
  readonly complete: CompletionSource;
}

export interface CodeEditorOptions {
  readonly text: string;
  readonly label: string;
  readonly language: CodeLanguage;
  /** CodeMirror's own words, in the person's language. */
  readonly phrases: Readonly<Record<string, string>>;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
}

export interface CodeEditor {
  /** Replaces the text where it differs, as one step that can be undone; does not call `onChange`. */
  setText(text: string): void;
  /** At the cursor, on lines of its own. */
  insert(text: string): void;
  setRemarks(remarks: readonly Remark[]): void;
  goTo(line: number, column: number): void;
  focus(): void;
  dispose(): void;
}

export function createCodeEditor(parent: HTMLElement, options: CodeEditorOptions): CodeEditor {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  let silent = false;
  const extensions: Extension[] = [
    lineNumbers(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [options.language.complete], icons: false }),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    lintGutter(),
    options.language.extension,
    syntaxHighlighting(highlighting),
    editorTheme,
    EditorView.lineWrapping,
    EditorState.phrases.of(options.phrases),
    EditorView.contentAttributes.of({ 'aria-label': options.label }),
    keymap.of([
      { key: 'Mod-s', preventDefault: true, run: () => (options.onSave(), true) },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !silent) options.onChange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ parent: root, root, doc: options.text, extensions });

  const at = (line: number, column: number) => {
    const found = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
    return Math.min(found.from + Math.max(0, column - 1), found.to);
  };

  return {
    setText(text) {
      const present = view.state.doc.toString();
      if (present === text) return;
      // Only what differs, so that the cursor and the place on the screen stay where they are.
      let start = 0;
      const shortest = Math.min(present.length, text.length);
      while (start < shortest && present[start] === text[start]) start++;
      let end = 0;
      while (end < shortest - start && present[present.length - 1 - end] === text[text.length - 1 - end]) end++;
      silent = true;
      view.dispatch({
        changes: { from: start, to: present.length - end, insert: text.slice(start, text.length - end) },
        userEvent: 'input.design',
      });
      silent = false;
    },
    insert(text) {
      const { head } = view.state.selection.main;
      const line = view.state.doc.lineAt(head);
      const onEmptyLine = line.text.trim() === '';
      const from = onEmptyLine ? line.from : line.to;
      const inserted = onEmptyLine ? text : `\n${text}`;
      view.dispatch({
        changes: { from, to: line.to, insert: inserted },
        selection: { anchor: from + inserted.length },
        scrollIntoView: true,
        userEvent: 'input',
      });
      view.focus();
    },
    setRemarks(remarks) {
      const diagnostics = remarks.map(({ severity, line, column, message }): Diagnostic => {
        const from = at(line, column);
        const word = /^[^\s>]*/.exec(view.state.sliceDoc(from, from + 80))?.[0].length ?? 0;
        return { from, to: from + word, severity, message };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo(line, column) {
      view.dispatch({ selection: { anchor: at(line, column) }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
    dispose: () => view.destroy(),
  };
}
