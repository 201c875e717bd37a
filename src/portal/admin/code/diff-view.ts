/** Two texts as one, with what went and what came. In a shadow root, for the reason that `code-editor.ts` gives. */
import { htmlLanguage } from '@codemirror/lang-html';
import { javascriptLanguage } from '@codemirror/lang-javascript';
import { syntaxHighlighting } from '@codemirror/language';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { editorTheme, highlighting } from './theme.ts';

const LANGUAGES = { html: htmlLanguage, javascript: javascriptLanguage } as const;
export type DiffLanguage = keyof typeof LANGUAGES;

export interface DiffOptions {
  readonly before: string;
  readonly after: string;
  readonly language: DiffLanguage;
  readonly label: string;
  readonly phrases: Readonly<Record<string, string>>;
}

/** Milliseconds; past that the difference may be coarser than it could be. */
const SOON_ENOUGH = 300;

/** Returns the way to take it away again. */
export function showDiff(parent: HTMLElement, { before, after, language, label, phrases }: DiffOptions): () => void {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  const view = new EditorView({
    parent: root,
    root,
    doc: after,
    extensions: [
      lineNumbers(),
      LANGUAGES[language],
      syntaxHighlighting(highlighting),
      editorTheme,
      EditorView.lineWrapping,
      EditorView.editable.of(false),
      EditorState.readOnly.of(true),
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      unifiedMergeView({
        original: before,
        mergeControls: false,
        syntaxHighlightDeletions: true,
        collapseUnchanged: { margin: 3, minSize: 6 },
        diffConfig: { timeout: SOON_ENOUGH },
      }),
    ],
  });
  return () => view.destroy();
}
