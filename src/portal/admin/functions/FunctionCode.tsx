/** The text of a function in CodeMirror, with what can be said of it before it runs. Loaded when it is first shown. */
import { useMemo, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { FunctionFailure, FunctionName } from '../../../contract/functions.ts';
import type { Remark } from '../code/code-editor.ts';
import { CodePane, type CodeHandle } from '../code/CodePane.tsx';
import { Findings } from '../drafts/Findings.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { checkText } from './check-text.ts';
import { functionLanguage } from './function-language.ts';

/** Milliseconds without a key, after which the text is looked at again. */
const SETTLED = 200;

export interface FunctionCodeProps {
  readonly name: FunctionName;
  readonly text: string;
  /** What the server says of this very text. */
  readonly failure: FunctionFailure | undefined;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly onGoTo: (finding: Remark) => void;
  readonly ref: Ref<CodeHandle>;
}

export function FunctionCode({ name, text, failure, onChange, onSave, onGoTo, ref }: FunctionCodeProps) {
  const { t } = useTranslation();
  const [language] = useState(() => functionLanguage(name, (where, member) => t(`functions.docs.${where}.${member}`)));
  const settled = useSettled(text, SETTLED);
  const remarks = useMemo((): Remark[] => {
    const own = checkText(name, settled).map(({ code, line, column, subject }): Remark => ({
      severity: code === 'unknown-member' ? 'warning' : 'error',
      line,
      column,
      message: t(`functions.findings.${code}`, { subject }),
    }));
    if (!failure || own.some(({ severity }) => severity === 'error')) return own;
    const { line = 1, column = 1, cause, message } = failure;
    return [...own, { severity: 'error', line, column, message: `${t(`functions.causes.${cause}`)} ${message}` }];
  }, [name, settled, failure, t]);
  return (
    <>
      <div className="draft-text">
        <CodePane
          ref={ref}
          text={text}
          label={t('functions.code')}
          language={language}
          remarks={remarks}
          onChange={onChange}
          onSave={onSave}
        />
      </div>
      <Findings findings={remarks} onGoTo={onGoTo} />
    </>
  );
}
