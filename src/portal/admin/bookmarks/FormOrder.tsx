/** The forms that a bookmark asks, in order: moved with two buttons each, which any keyboard can use. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';

export interface FormOrderProps {
  readonly forms: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

export function FormOrder({ forms, chosen, onChange }: FormOrderProps) {
  const { t } = useTranslation();
  const id = useId();
  const nameOf = (form: string) => forms.find((one) => one.id === form)?.name ?? form;
  const move = (at: number, by: number) => {
    const next = [...chosen];
    const [moved] = next.splice(at, 1);
    if (moved !== undefined) next.splice(at + by, 0, moved);
    onChange(next);
  };
  const left = forms.filter((form) => !chosen.includes(form.id));
  return (
    <div className="field">
      <label htmlFor={id}>{t('bookmarks.forms')}</label>
      {chosen.length > 0 ? (
        <ol className="form-order">
          {chosen.map((form, at) => (
            <li key={form}>
              <span className="me-auto">
                {nameOf(form)}
                {forms.some((one) => one.id === form) ? null : (
                  <span className="chip chip-warn">{t('bookmarks.formGone')}</span>
                )}
              </span>
              <button
                type="button"
                className="icon-button turn"
                disabled={at === 0}
                aria-label={t('forms.up', { name: nameOf(form) })}
                onClick={() => move(at, -1)}
              >
                <Icon name="chevron" size={16} />
              </button>
              <button
                type="button"
                className="icon-button"
                disabled={at === chosen.length - 1}
                aria-label={t('forms.down', { name: nameOf(form) })}
                onClick={() => move(at, 1)}
              >
                <Icon name="chevron" size={16} />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={t('forms.remove', { name: nameOf(form) })}
                onClick={() => onChange(chosen.filter((one) => one !== form))}
              >
                <Icon name="close" size={16} />
              </button>
            </li>
          ))}
        </ol>
      ) : null}
      <select
        id={id}
        className="form-select"
        value=""
        disabled={left.length === 0}
        onChange={(event) => {
          if (event.target.value !== '') onChange([...chosen, event.target.value]);
        }}
      >
        <option value="">{t('forms.addDefault')}</option>
        {left.map((form) => (
          <option key={form.id} value={form.id}>
            {form.name}
          </option>
        ))}
      </select>
    </div>
  );
}
