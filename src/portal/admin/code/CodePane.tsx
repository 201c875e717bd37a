/** A text in CodeMirror. Its language comes with what uses it, so that each page loads its own alone. */
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { createCodeEditor, type CodeEditor, type CodeLanguage, type Remark } from './code-editor.ts';
import { usePhrases } from './use-phrases.ts';
import './code.css';

export type CodeHandle = Pick<CodeEditor, 'insert' | 'goTo' | 'focus'>;

export interface CodePaneProps {
  readonly text: string;
  readonly label: string;
  /** The same one each time; another one makes the editor anew. */
  readonly language: CodeLanguage;
  readonly remarks: readonly Remark[];
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly ref: Ref<CodeHandle>;
}

export function CodePane(props: CodePaneProps) {
  const { text, label, language, remarks, ref } = props;
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(undefined);
  const latest = useRef(props);
  const phrases = usePhrases();
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!place.current) return undefined;
    const made = createCodeEditor(place.current, {
      text: latest.current.text,
      label,
      language,
      phrases,
      onChange: (changed) => latest.current.onChange(changed),
      onSave: () => latest.current.onSave(),
    });
    editor.current = made;
    made.setRemarks(latest.current.remarks);
    return () => {
      made.dispose();
      editor.current = undefined;
    };
  }, [label, language, phrases]);
  useEffect(() => editor.current?.setText(text), [text]);
  useEffect(() => editor.current?.setRemarks(remarks), [remarks]);
  useImperativeHandle(ref, () => ({
    insert: (part) => editor.current?.insert(part),
    goTo: (line, column) => editor.current?.goTo(line, column),
    focus: () => editor.current?.focus(),
  }));
  return <div className="code-pane" ref={place} />;
}
