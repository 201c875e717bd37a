/** One parameter being typed: its name where it is new, its value as text or as JSON. */
import { useEffect, useId } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isParamName, type JsonValue } from '../../contract/json.ts';
import { Icon } from '../parts/Icon.tsx';
import { kindOf, readValue, showValue } from './param-values.ts';

export interface ParamFormProps {
  /** Set: the value of this one is changed. */
  readonly name?: string;
  readonly value?: JsonValue;
  /** Names that cannot be given to a new one. */
  readonly taken: readonly string[];
  readonly onSave: (name: string, value: JsonValue) => void;
  readonly onCancel: () => void;
}

interface Typed {
  name: string;
  kind: 'text' | 'json';
  value: string;
}

export function ParamForm({ name, value = '', taken, onSave, onCancel }: ParamFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const form = useForm<Typed>({ defaultValues: { name: name ?? '', kind: kindOf(value), value: showValue(value) } });
  const { errors } = form.formState;
  const { setFocus } = form;

  useEffect(() => setFocus(name === undefined ? 'name' : 'value'), [setFocus, name]);

  const save = form.handleSubmit((typed) => {
    const read = readValue(typed.kind, typed.value);
    if (read === undefined) form.setError('value', { message: t('params.notJson') }, { shouldFocus: true });
    else onSave(name ?? typed.name.trim(), read);
  });

  const problem = errors.name?.message ?? errors.value?.message;
  return (
    // Escape is the keyboard's way to the button that gives up.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      className="param-form"
      noValidate
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
    >
      {name === undefined ? (
        <input
          className="form-control form-control-sm"
          aria-label={t('params.name')}
          placeholder={t('params.name')}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={errors.name !== undefined}
          aria-describedby={problem === undefined ? undefined : id}
          {...form.register('name', {
            validate: (text) =>
              taken.includes(text.trim()) ? t('params.taken') : isParamName(text.trim()) || t('params.badName'),
          })}
        />
      ) : (
        <span className="param-name">{name}</span>
      )}
      <input
        className="form-control form-control-sm"
        aria-label={t('params.value')}
        placeholder={t('params.value')}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={errors.value !== undefined}
        aria-describedby={problem === undefined ? undefined : id}
        {...form.register('value')}
      />
      <select className="form-select form-select-sm" aria-label={t('params.kind')} {...form.register('kind')}>
        <option value="text">{t('params.text')}</option>
        <option value="json">JSON</option>
      </select>
      <button type="submit" className="icon-button" aria-label={t('save')}>
        <Icon name="check" size={17} />
      </button>
      <button type="button" className="icon-button" aria-label={t('cancel')} onClick={onCancel}>
        <Icon name="close" size={17} />
      </button>
      {problem === undefined ? null : (
        <p className="field-problem" id={id} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
