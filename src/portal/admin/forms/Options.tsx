/** What a question offers. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';
import type { DesignedOption, Question } from './designer/design.ts';
import type { Edit } from './designer/edits.ts';
import { Typed } from './Typed.tsx';

export interface OptionsProps {
  readonly question: Question;
  readonly options: readonly DesignedOption[];
  readonly onEdit: (edit: Edit) => void;
}

export function Options({ question, options, onEdit }: OptionsProps) {
  const { t } = useTranslation();
  const isSelect = question.type === 'select';
  return (
    <fieldset className="designer-options">
      <legend>{t('forms.options')}</legend>
      <ul>
        {options.map((option, at) => (
          // An option is known by its place: its value and words are what is being edited.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at}>
            <input
              type="radio"
              className="form-check-input"
              name={`default-${question.index}`}
              aria-label={t('forms.isDefault', { name: option.label })}
              title={t('forms.isDefault', { name: option.label })}
              checked={option.selected}
              onChange={() => onEdit({ do: 'default', at })}
            />
            <Typed
              hiddenLabel
              label={t('forms.optionLabel', { n: at + 1 })}
              value={option.label}
              onCommit={(label) => onEdit({ do: 'option', at, label })}
            />
            <Typed
              hiddenLabel
              mono
              label={t('forms.optionValue', { n: at + 1 })}
              value={option.value}
              onCommit={(value) => onEdit({ do: 'option', at, value })}
            />
            {isSelect ? (
              <>
                <button
                  type="button"
                  className="icon-button designer-up"
                  aria-label={t('forms.up', { name: option.label })}
                  disabled={at === 0}
                  onClick={() => onEdit({ do: 'move-option', at, by: -1 })}
                >
                  <Icon name="chevron" size={16} />
                </button>
                <button
                  type="button"
                  className="icon-button icon-button-danger"
                  aria-label={t('forms.remove', { name: option.label })}
                  onClick={() => onEdit({ do: 'remove-option', at })}
                >
                  <Icon name="trash" size={16} />
                </button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
      {isSelect ? (
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => onEdit({ do: 'add-option' })}>
          <Icon name="plus" size={15} /> {t('forms.addOption')}
        </button>
      ) : null}
    </fieldset>
  );
}
