/** The text of a form, in CodeMirror. Loaded when it is first shown. */
import { useEffect, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { Remark } from '../code/code-editor.ts';
import { CodePane, type CodeHandle } from '../code/CodePane.tsx';
import { formLanguage } from './code/form-language.ts';
import type { FormNames } from './code/completions.ts';

export interface FormCodeProps {
  readonly html: string;
  readonly remarks: readonly Remark[];
  readonly names: FormNames;
  readonly onChange: (html: string) => void;
  readonly onSave: () => void;
  readonly ref: Ref<CodeHandle>;
}

export function FormCode({ html, remarks, names, onChange, onSave, ref }: FormCodeProps) {
  const { t } = useTranslation();
  const [language] = useState(formLanguage);
  useEffect(() => language.know(names), [language, names]);
  return (
    <CodePane
      ref={ref}
      text={html}
      label={t('forms.html')}
      language={language}
      remarks={remarks}
      onChange={onChange}
      onSave={onSave}
    />
  );
}
