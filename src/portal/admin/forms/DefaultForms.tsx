/** Which forms a command of one's own is asked, ordered by dragging or with the arrow keys on a handle. */
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';

export interface DefaultFormsProps {
  readonly forms: readonly { readonly id: string; readonly name: string }[];
  readonly defaults: readonly string[];
  readonly onChange: (defaults: readonly string[]) => void;
}

function moved(ids: readonly string[], from: number, to: number): string[] {
  const rest = ids.toSpliced(from, 1);
  return rest.toSpliced(to, 0, ids[from] ?? '');
}

export function DefaultForms({ forms, defaults, onChange }: DefaultFormsProps) {
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<string>();
  const [said, setSaid] = useState('');
  const nameOf = (id: string) => forms.find((form) => form.id === id)?.name ?? id;
  const rest = forms.filter(({ id }) => !defaults.includes(id));

  function move(id: string, to: number): void {
    const from = defaults.indexOf(id);
    if (from < 0 || to < 0 || to >= defaults.length || to === from) return;
    onChange(moved(defaults, from, to));
    setSaid(t('forms.movedTo', { name: nameOf(id), at: to + 1, of: defaults.length }));
  }

  function onKey(event: KeyboardEvent, id: string): void {
    const at = defaults.indexOf(id);
    const goals = new Map([
      ['ArrowUp', at - 1],
      ['ArrowDown', at + 1],
      ['Home', 0],
      ['End', defaults.length - 1],
    ]);
    const goal = goals.get(event.key);
    if (goal === undefined) return;
    event.preventDefault();
    move(id, goal);
  }

  return (
    <section className="form-defaults" aria-labelledby="form-defaults-title">
      <h2 id="form-defaults-title">{t('forms.defaults')}</h2>
      <p className="muted">{t('forms.defaultsText')}</p>
      <ol>
        {defaults.map((id, at) => (
          // Dragging is a shortcut; the handle in it does the same by keys.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li
            key={id}
            draggable
            className={dragged === id ? 'dragged' : undefined}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', nameOf(id));
              setDragged(id);
            }}
            onDragEnd={() => setDragged(undefined)}
            onDragOver={(event) => {
              if (dragged !== undefined) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined) move(dragged, at);
            }}
          >
            <button
              type="button"
              className="icon-button form-handle"
              aria-label={t('forms.handle', { name: nameOf(id) })}
              title={t('forms.handle', { name: nameOf(id) })}
              onKeyDown={(event) => onKey(event, id)}
            >
              <Icon name="grip" size={18} />
            </button>
            <span>{nameOf(id)}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={t('forms.remove', { name: nameOf(id) })}
              title={t('forms.remove', { name: nameOf(id) })}
              onClick={() => onChange(defaults.filter((one) => one !== id))}
            >
              <Icon name="close" size={16} />
            </button>
          </li>
        ))}
      </ol>
      {rest.length === 0 ? null : (
        <select
          className="form-select"
          aria-label={t('forms.addDefault')}
          value=""
          onChange={(event) => {
            if (event.target.value !== '') onChange([...defaults, event.target.value]);
          }}
        >
          <option value="">{t('forms.addDefault')}</option>
          {rest.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      <output className="visually-hidden">{said}</output>
    </section>
  );
}
