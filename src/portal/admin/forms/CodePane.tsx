/** The text of a form, in CodeMirror. Loaded when it is first shown. */
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { createCodeEditor, type CodeEditor, type Remark } from './code/code-editor.ts';
import type { FormNames } from './code/completions.ts';
import { usePhrases } from './use-phrases.ts';

export type CodeHandle = Pick<CodeEditor, 'insert' | 'goTo' | 'focus'>;

export interface CodePaneProps {
  readonly html: string;
  readonly remarks: readonly Remark[];
  readonly names: FormNames;
  readonly onChange: (html: string) => void;
  readonly onSave: () => void;
  readonly ref: Ref<CodeHandle>;
}

export function CodePane(props: CodePaneProps) {
  const { html, remarks, ref } = props;
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor>(undefined);
  const latest = useRef(props);
  const phrases = usePhrases();
  const label = t('forms.html');
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!place.current) return undefined;
    const made = createCodeEditor(place.current, {
      text: latest.current.html,
      label,
      phrases,
      names: () => latest.current.names,
      onChange: (text) => latest.current.onChange(text),
      onSave: () => latest.current.onSave(),
    });
    editor.current = made;
    made.setRemarks(latest.current.remarks);
    return () => {
      made.dispose();
      editor.current = undefined;
    };
  }, [label, phrases]);
  useEffect(() => editor.current?.setText(html), [html]);
  useEffect(() => editor.current?.setRemarks(remarks), [remarks]);
  useImperativeHandle(ref, () => ({
    insert: (text) => editor.current?.insert(text),
    goTo: (line, column) => editor.current?.goTo(line, column),
    focus: () => editor.current?.focus(),
  }));
  return <div className="form-code" ref={place} />;
}
