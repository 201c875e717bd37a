/** A session's parameters on its card: shown, changed, deleted, added. Changes show at once and can be undone. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RESERVED_PARAMS, type JsonValue } from '../../contract/json.ts';
import type { Session } from '../../contract/session.ts';
import { toFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';
import { useFailureText } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { ParamForm } from './ParamForm.tsx';
import { showValue } from './param-values.ts';

export function ParamsEditor({ session, editable }: { readonly session: Session; readonly editable: boolean }) {
  const { t } = useTranslation();
  const { sessions, notices } = useServices();
  const failureText = useFailureText();
  /** The name that is being changed; empty: a new one; `undefined`: none. */
  const [editing, setEditing] = useState<string | undefined>();
  const reserved: readonly string[] = RESERVED_PARAMS;
  const entries = Object.entries(session.params);
  const own = entries.filter(([name]) => !reserved.includes(name));
  const fixed = entries.filter(([name]) => reserved.includes(name));

  async function change(name: string, value: JsonValue, undo: JsonValue): Promise<void> {
    setEditing(undefined);
    try {
      await sessions.changeParams(session.id, { [name]: value });
      const text = value === null ? t('params.deleted', { name }) : t('params.changed', { name });
      const action = { label: t('undo'), run: () => void change(name, undo, value) };
      notices.show({ kind: 'success', text, action });
    } catch (thrown) {
      notices.show({ kind: 'error', text: t('params.failed', { name, reason: failureText(toFailure(thrown)) }) });
    }
  }

  if (own.length === 0 && !editable) return null;
  return (
    <details className="params">
      <summary>
        <Icon name="chevron" size={16} /> {t('params.title')}
        <span className="count">{own.length}</span>
      </summary>
      <ul>
        {own.map(([name, value]) => (
          <li key={name}>
            {editing === name ? (
              <ParamForm
                name={name}
                value={value}
                taken={[]}
                onSave={(_name, next) => void change(name, next, value)}
                onCancel={() => setEditing(undefined)}
              />
            ) : (
              <>
                <span className="param-name">{name}</span>
                <span className="param-value">{showValue(value)}</span>
                {editable ? (
                  <span className="param-actions">
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={t('params.edit', { name })}
                      onClick={() => setEditing(name)}
                    >
                      <Icon name="edit" size={16} />
                    </button>
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={t('params.delete', { name })}
                      onClick={() => void change(name, null, value)}
                    >
                      <Icon name="trash" size={16} />
                    </button>
                  </span>
                ) : null}
              </>
            )}
          </li>
        ))}
        {fixed.map(([name, value]) => (
          <li key={name} className="param-fixed" title={t('params.reserved')}>
            <span className="param-name">
              <Icon name="lock" size={13} /> {name}
            </span>
            <span className="param-value">{showValue(value)}</span>
          </li>
        ))}
      </ul>
      {editable && editing === '' ? (
        <ParamForm
          taken={[...Object.keys(session.params), ...reserved]}
          onSave={(name, value) => void change(name, value, null)}
          onCancel={() => setEditing(undefined)}
        />
      ) : null}
      {editable && editing === undefined ? (
        <button type="button" className="btn btn-sm btn-link" onClick={() => setEditing('')}>
          <Icon name="plus" size={15} /> {t('params.add')}
        </button>
      ) : null}
    </details>
  );
}
