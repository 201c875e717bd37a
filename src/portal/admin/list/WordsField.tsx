/** A list of words, such as groups or tags: typed one after the other, each can be taken out again. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';
import { Field } from './Field.tsx';

export interface WordsFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly words: readonly string[];
  readonly suggestions?: readonly string[];
  readonly onChange: (words: readonly string[]) => void;
}

export function WordsField({ label, help, problem, placeholder, words, suggestions = [], onChange }: WordsFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const add = () => {
    const more = typed
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '' && !words.includes(word));
    setTyped('');
    if (more.length > 0) onChange([...words, ...new Set(more)]);
  };
  return (
    <Field label={label} help={help} problem={problem}>
      {(attributes) => (
        <div className="words">
          {words.map((word) => (
            <span key={word} className="word">
              {word}
              <button
                type="button"
                aria-label={t('list.itemRemove', { name: word })}
                onClick={() => onChange(words.filter((one) => one !== word))}
              >
                <Icon name="close" size={13} />
              </button>
            </span>
          ))}
          <input
            {...attributes}
            value={typed}
            placeholder={words.length === 0 ? placeholder : undefined}
            autoComplete="off"
            list={suggestions.length > 0 ? `${attributes.id}-list` : undefined}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if ((event.key === 'Enter' || event.key === ',') && typed.trim() !== '') {
                event.preventDefault();
                add();
              } else if (event.key === 'Backspace' && typed === '' && words.length > 0) {
                onChange(words.slice(0, -1));
              }
            }}
          />
          {suggestions.length > 0 ? (
            <datalist id={`${attributes.id}-list`}>
              {suggestions.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </datalist>
          ) : null}
        </div>
      )}
    </Field>
  );
}
