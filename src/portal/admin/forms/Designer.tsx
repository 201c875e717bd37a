/** The questions of a form, edited without its HTML; whatever else its author wrote stays as it is. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DataType } from '../../../contract/form.ts';
import { isParamName } from '../../../contract/json.ts';
import { Icon } from '../../parts/Icon.tsx';
import { readDesign, type Question } from './designer/design.ts';
import { applyEdit, TYPES, type Edit } from './designer/edits.ts';
import { Options } from './Options.tsx';
import { Typed } from './Typed.tsx';

const DATA_TYPES: readonly DataType[] = ['text', 'number', 'boolean', 'json'];

export interface DesignerProps {
  readonly html: string;
  readonly onChange: (html: string) => void;
}

export function Designer({ html, onChange }: DesignerProps) {
  const { t } = useTranslation();
  const { questions } = useMemo(() => readDesign(html), [html]);
  const [refused, setRefused] = useState(false);
  const [open, setOpen] = useState(0);

  function edit(index: number, change: Edit): void {
    const changed = applyEdit(html, index, change);
    setRefused(changed === undefined);
    if (changed === undefined) return;
    onChange(changed);
    if (change.do === 'move') setOpen(index + change.by);
  }

  return (
    <div className="designer">
      <output className="designer-refused">{refused ? t('forms.designRefused') : ''}</output>
      {questions.length === 0 ? <p className="muted">{t('forms.noQuestions')}</p> : null}
      <ol>
        {questions.map((question) => (
          <li key={question.index} className={question.index === open ? 'designer-open' : undefined}>
            <QuestionHead
              question={question}
              open={question.index === open}
              last={question.index === questions.length - 1}
              onToggle={() => setOpen(question.index === open ? -1 : question.index)}
              onEdit={(change) => edit(question.index, change)}
            />
            {question.index === open ? (
              <QuestionBody question={question} onEdit={(change) => edit(question.index, change)} />
            ) : null}
          </li>
        ))}
      </ol>
    </div>
  );
}

interface QuestionProps {
  readonly question: Question;
  readonly onEdit: (edit: Edit) => void;
}

function QuestionHead({
  question,
  open,
  last,
  onToggle,
  onEdit,
}: QuestionProps & { readonly open: boolean; readonly last: boolean; readonly onToggle: () => void }) {
  const { t } = useTranslation();
  const name = question.label || question.name || t('forms.nameless');
  return (
    <div className="designer-head">
      <button type="button" className="designer-toggle" aria-expanded={open} onClick={onToggle}>
        <Icon name="chevron" size={16} />
        <span className="designer-label">
          {name}
          {question.required ? <span className="designer-star"> *</span> : null}
        </span>
        <code>{question.name}</code>
        <span className="badge-soft">{t(`forms.types.${question.type}`, { defaultValue: question.type })}</span>
      </button>
      <button
        type="button"
        className="icon-button designer-up"
        aria-label={t('forms.up', { name })}
        title={t('forms.up', { name })}
        disabled={question.index === 0}
        onClick={() => onEdit({ do: 'move', by: -1 })}
      >
        <Icon name="chevron" size={16} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('forms.down', { name })}
        title={t('forms.down', { name })}
        disabled={last}
        onClick={() => onEdit({ do: 'move', by: 1 })}
      >
        <Icon name="chevron" size={16} />
      </button>
      <button
        type="button"
        className="icon-button icon-button-danger"
        aria-label={t('forms.remove', { name })}
        title={t('forms.remove', { name })}
        onClick={() => onEdit({ do: 'remove' })}
      >
        <Icon name="trash" size={16} />
      </button>
    </div>
  );
}

function QuestionBody({ question, onEdit }: QuestionProps) {
  const { t } = useTranslation();
  const fixed = !TYPES.some((type) => type === question.type) || question.elements.length > 1;
  return (
    <div className="designer-body">
      <Typed label={t('forms.label')} value={question.label} onCommit={(to) => onEdit({ do: 'label', to })} />
      <Typed
        label={t('forms.param')}
        value={question.name}
        mono
        check={(name) => (isParamName(name) ? undefined : t('params.badName'))}
        onCommit={(to) => onEdit({ do: 'name', to })}
      />
      <label className="field">
        <span>{t('forms.type')}</span>
        <select
          className="form-select"
          disabled={fixed}
          value={question.type}
          onChange={(event) => onEdit({ do: 'type', to: event.target.value })}
        >
          {(fixed ? [question.type] : TYPES).map((type) => (
            <option key={type} value={type}>
              {t(`forms.types.${type}`, { defaultValue: type })}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('forms.becomes')}</span>
        <select
          className="form-select"
          value={question.dataType}
          onChange={(event) => {
            const to = DATA_TYPES.find((type) => type === event.target.value);
            if (to) onEdit({ do: 'data-type', to });
          }}
        >
          {DATA_TYPES.map((type) => (
            <option key={type} value={type}>
              {t(`forms.dataTypes.${type}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="form-check designer-required">
        <input
          type="checkbox"
          className="form-check-input"
          checked={question.required}
          onChange={(event) => onEdit({ do: 'required', to: event.target.checked })}
        />{' '}
        {t('forms.required')}
      </label>
      {question.options ? <Options question={question} options={question.options} onEdit={onEdit} /> : null}
    </div>
  );
}
