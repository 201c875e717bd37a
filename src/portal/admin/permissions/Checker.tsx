/** "What may X do?": what all rules together come to for one account. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import { SWITCHES, type PermissionCheck } from '../../../contract/permissions.ts';
import { useServices } from '../../app/services.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';

export function Checker({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { api } = useServices();
  const id = useId();
  const [login, setLogin] = useState('');
  const [answer, setAnswer] = useState<PermissionCheck>();
  const [failure, setFailure] = useState<ApiFailure>();

  async function check(): Promise<void> {
    try {
      setAnswer(await api.call('adminPermissionCheck', { login: login.trim() }));
      setFailure(undefined);
    } catch (thrown) {
      setFailure(toFailure(thrown));
      setAnswer(undefined);
    }
  }

  return (
    <Dialog title={t('permissions.check')} size="large" onClose={onClose}>
      <form
        className="checker"
        onSubmit={(event) => {
          event.preventDefault();
          if (login.trim() !== '') void check();
        }}
      >
        <div className="field">
          <label htmlFor={id}>{t('permissions.checkLogin')}</label>
          <input
            id={id}
            className="form-control mono"
            autoComplete="off"
            maxLength={128}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that the dialog asks
            autoFocus
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
        </div>
        <button type="submit" className="btn btn-primary" disabled={login.trim() === ''}>
          {t('permissions.checkDo')}
        </button>
      </form>
      {failure ? <Failure failure={failure} /> : null}
      <div aria-live="polite">
        {answer ? (
          <>
            <p>
              <strong>{answer.login}</strong>: {t(`permissions.levels.${answer.level}`)}.{' '}
              {answer.exists ? '' : t('permissions.noAccount')}
            </p>
            <dl className="facts">
              <dt>{t('permissions.groups')}</dt>
              <dd>{answer.groups.join(', ') || '–'}</dd>
              <dt>{t('permissions.because')}</dt>
              <dd>{answer.rules.join(', ') || t('permissions.becauseDefault')}</dd>
            </dl>
            <ul className="may">
              {SWITCHES.map((action) => {
                const may = answer.actions.includes(action);
                return (
                  <li key={action} className={may ? 'may-yes' : 'may-no'}>
                    <Icon name={may ? 'check' : 'close'} size={16} />
                    <span>
                      {t(`permissions.actions.${action}`)}
                      <span className="visually-hidden">: {may ? t('list.yes') : t('list.no')}</span>
                    </span>
                  </li>
                );
              })}
            </ul>
          </>
        ) : null}
      </div>
    </Dialog>
  );
}
