/** System › Functions: the six places at which a site decides about a start, and what decides there. */
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../../app/services.ts';
import { ago } from '../../parts/ago.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { useNow } from '../../parts/use-now.ts';
import { FunctionState } from './FunctionState.tsx';
import './functions.css';

export function FunctionsPage() {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const now = useNow(30_000);
  const { value: listed, failure, reload } = useLoaded(useCallback(() => api.call('adminFunctions', {}), [api]));
  useEffect(() => {
    document.title = t('functions.title');
  }, [t]);

  return (
    <main className="home">
      <div className="home-head">
        <h1>{t('functions.heading')}</h1>
      </div>
      <p className="muted functions-intro">{t('functions.intro')}</p>
      {failure ? <Failure failure={failure} onRetry={reload} /> : null}
      {!listed && !failure ? <p className="muted">{t('loading')}</p> : null}
      {listed ? (
        <ol className="function-list">
          {listed.map((one) => (
            <li key={one.name}>
              <Icon name="function" size={22} />
              <div className="function-list-name">
                <Link to="/system/functions/$name" params={{ name: one.name }}>
                  {t(`functions.names.${one.name}`)}
                </Link>
                <span className="muted">{t(`functions.purposes.${one.name}`)}</span>
                {one.at === 0 ? null : (
                  <span className="muted">
                    {t('drafts.savedBy', { who: one.by, when: ago(one.at, now, i18n.language) })}
                  </span>
                )}
              </div>
              <FunctionState {...one} />
            </li>
          ))}
        </ol>
      ) : null}
    </main>
  );
}
