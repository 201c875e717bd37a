/** CodeMirror in the portal's colours. Variables reach into the shadow root, so that light and dark follow the page. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const MONO = "ui-monospace, 'Cascadia Mono', 'Liberation Mono', Menlo, monospace";

export const editorTheme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: '13.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: MONO, lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '10px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 24%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--accent) 14%, transparent)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 5%, transparent)' },
  '.cm-gutters': { backgroundColor: 'var(--surface-sunk)', color: 'var(--ink-soft)', border: 'none' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--accent-wash)', color: 'var(--ink)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.6em', padding: '0 6px 0 8px' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-wash)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', borderBottom: '2px dotted var(--warn)' },
  '.cm-lintRange-error': { backgroundImage: 'none', borderBottom: '2px dotted var(--bad)' },
  '.cm-lint-marker': { width: '0.75em', height: '0.75em', marginTop: '0.42em', borderRadius: '50%' },
  '.cm-lint-marker-warning': { content: 'none', backgroundColor: 'var(--warn)' },
  '.cm-lint-marker-error': { content: 'none', backgroundColor: 'var(--bad)' },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '10px',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow-high)',
    overflow: 'hidden',
  },
  '.cm-tooltip .cm-diagnostic': { borderLeft: 'none', padding: '6px 10px', maxWidth: '32rem', fontSize: '13px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: MONO, maxHeight: '15em', padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', borderRadius: '6px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-wash)',
    color: 'var(--ink)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '650' },
  '.cm-panels': { backgroundColor: 'var(--surface-sunk)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--surface)', borderColor: 'var(--line-strong)', borderRadius: '6px' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--surface)', borderRadius: '6px' },
  '.cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--good) 9%, transparent) !important' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--bad) 7%, transparent)' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--good) 16%, transparent) !important' },
  '.cm-deletedChunk .cm-deletedText': { background: 'color-mix(in srgb, var(--bad) 14%, transparent) !important' },
  '.cm-collapsedLines': { background: 'var(--surface-sunk)', color: 'var(--ink-soft)' },
});

export const highlighting = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: 'var(--code-tag)' },
  { tag: tags.attributeName, color: 'var(--code-attribute)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--code-value)' },
  { tag: tags.comment, color: 'var(--ink-soft)', fontStyle: 'italic' },
  { tag: tags.character, color: 'var(--code-value)' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier], color: 'var(--code-tag)' },
  { tag: [tags.number, tags.bool, tags.null, tags.regexp], color: 'var(--code-attribute)' },
  { tag: tags.function(tags.variableName), color: 'var(--code-attribute)' },
  { tag: tags.special(tags.brace), color: 'var(--code-tag)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);
