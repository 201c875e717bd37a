/** What a question offers, and in which order. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
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

const CONTROLS = 'input, button';

export function Options({ question, options, onEdit }: OptionsProps) {
  const { t } = useTranslation();
  const isSelect = question.type === 'select';
  const list = useRef<HTMLUListElement>(null);
  /** Where the focus goes once an option has its new place: the same control of its row. */
  const follow = useRef<{ before: readonly DesignedOption[]; at: number; nth: number } | undefined>(undefined);
  /** What was done, once it is: an edit may be refused. */
  const [moved, setMoved] = useState({ before: options, words: '' });

  useEffect(() => {
    const to = follow.current;
    if (!to || to.before === options) return;
    follow.current = undefined;
    const row = list.current?.children[to.at];
    if (!row) return;
    const control = row.querySelectorAll<HTMLInputElement | HTMLButtonElement>(CONTROLS)[to.nth];
    // At an end of the list the button that brought it there is of no more use.
    if (control && !control.disabled) control.focus();
    else row.querySelector<HTMLInputElement>('input.form-control')?.focus();
  }, [options]);

  function move(at: number, by: -1 | 1): void {
    const option = options[at];
    if (!option || !options[at + by]) return;
    const row = list.current?.children[at];
    const nth = row
      ? [...row.querySelectorAll(CONTROLS)].findIndex((control) => control === document.activeElement)
      : -1;
    follow.current = nth < 0 ? undefined : { before: options, at: at + by, nth };
    const words = t('forms.optionMoved', { name: option.label, place: at + by + 1, count: options.length });
    setMoved({ before: options, words });
    onEdit({ do: 'move-option', at, by });
  }

  function onKeyDown(event: KeyboardEvent<HTMLLIElement>, at: number): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const { target } = event;
    const option = options[at];
    // What is half typed counts first; until then there is nothing to move.
    const typing = target instanceof HTMLInputElement && target.type !== 'radio';
    if (typing && target.value !== option?.label && target.value !== option?.value) return;
    move(at, event.key === 'ArrowUp' ? -1 : 1);
  }

  return (
    <fieldset className="designer-options">
      <legend>{t('forms.options')}</legend>
      <ul ref={list}>
        {options.map((option, at) => (
          // An option is known by its place: its value and words are what is being edited.
          // Keys pressed on the controls inside come by here.
          // oxlint-disable-next-line react/no-array-index-key, jsx-a11y/no-noninteractive-element-interactions
          <li key={at} onKeyDown={(event) => onKeyDown(event, at)}>
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
            <span className="designer-option-tools">
              <button
                type="button"
                className="icon-button designer-up"
                aria-label={t('forms.up', { name: option.label })}
                title={t('forms.up', { name: option.label })}
                aria-keyshortcuts="Alt+ArrowUp"
                disabled={at === 0}
                onClick={() => move(at, -1)}
              >
                <Icon name="chevron" size={16} />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={t('forms.down', { name: option.label })}
                title={t('forms.down', { name: option.label })}
                aria-keyshortcuts="Alt+ArrowDown"
                disabled={at === options.length - 1}
                onClick={() => move(at, 1)}
              >
                <Icon name="chevron" size={16} />
              </button>
              {isSelect ? (
                <button
                  type="button"
                  className="icon-button icon-button-danger"
                  aria-label={t('forms.remove', { name: option.label })}
                  title={t('forms.remove', { name: option.label })}
                  onClick={() => onEdit({ do: 'remove-option', at })}
                >
                  <Icon name="trash" size={16} />
                </button>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      <output className="visually-hidden">{moved.before === options ? '' : moved.words}</output>
      {options.length > 1 ? <p className="field-help">{t('forms.optionKeys')}</p> : null}
      {isSelect ? (
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => onEdit({ do: 'add-option' })}>
          <Icon name="plus" size={15} /> {t('forms.addOption')}
        </button>
      ) : null}
    </fieldset>
  );
}
