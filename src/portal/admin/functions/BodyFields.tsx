/** What decides where it is not JavaScript: one of the built-in ways, or a program. */
import { useTranslation } from 'react-i18next';
import { FunctionBody, type FunctionName } from '../../../contract/functions.ts';
import { choicesFor } from './function-body.ts';

export interface BodyFieldsProps {
  readonly name: FunctionName;
  readonly body: Exclude<FunctionBody, { kind: 'javascript' }>;
  readonly onChange: (body: FunctionBody) => void;
}

export function BodyFields({ name, body, onChange }: BodyFieldsProps) {
  const { t } = useTranslation();
  if (body.kind === 'built-in') {
    return (
      <div className="function-body">
        <p>{t(`functions.builtIn.${name}`)}</p>
        {name === 'load-balancing' ? (
          <fieldset>
            <legend>{t('functions.choice')}</legend>
            {choicesFor(name).map((choice) => (
              <label key={choice} className="form-check">
                <input
                  type="radio"
                  className="form-check-input"
                  name="function-choice"
                  checked={body.choice === choice}
                  onChange={() => onChange({ kind: 'built-in', choice })}
                />{' '}
                {t(`functions.choices.${choice}`)}
              </label>
            ))}
          </fieldset>
        ) : null}
      </div>
    );
  }
  const usable = FunctionBody.safeParse(body).success;
  return (
    <div className="function-body">
      <p>{t('functions.executableText')}</p>
      <label className="field">
        <span>{t('functions.path')}</span>
        <input
          className={usable ? 'form-control mono' : 'form-control mono is-invalid'}
          value={body.path}
          aria-invalid={!usable}
          aria-describedby="function-path-help"
          onChange={(event) => onChange({ ...body, path: event.target.value })}
        />
      </label>
      <p id="function-path-help" className="field-help">
        {usable ? t('functions.pathHelp') : t('functions.badPath')}
      </p>
      <label className="field">
        <span>{t('functions.as')}</span>
        <select
          className="form-select"
          value={body.as}
          onChange={(event) => onChange({ ...body, as: event.target.value === 'user' ? 'user' : 'service' })}
        >
          <option value="service">{t('functions.asService')}</option>
          <option value="user">{t('functions.asUser')}</option>
        </select>
      </label>
    </div>
  );
}
