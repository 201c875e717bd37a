/**
 * `/open/:id`: a tab of its own that turns into the viewer. An ordinary link leads here, so that no pop-up blocker and
 * no opener is involved; the ticket is asked for in the new tab.
 */
import { Link, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';
import { Failure } from '../parts/Failure.tsx';
import { Mark } from '../parts/Icon.tsx';

export function OpenPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/open/$id' });
  const { api } = useServices();
  const [failure, setFailure] = useState<ApiFailure>();
  const begun = useRef(false);

  const open = useCallback(async () => {
    setFailure(undefined);
    try {
      const { url } = await api.call('connect', { id });
      // Another address than this origin's would be a mistake of the server, and would get the ticket.
      const target = new URL(url, window.location.href);
      window.location.replace(window.location.origin + target.pathname + target.search + target.hash);
    } catch (thrown) {
      setFailure(toFailure(thrown));
    }
  }, [api, id]);

  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void open();
  }, [open]);

  return (
    <main className="login" aria-busy={failure === undefined}>
      <Mark size={64} />
      {failure ? (
        <>
          <h1>{t('open.failed')}</h1>
          <Failure failure={failure} onRetry={() => void open()} />
          <Link to="/" className="btn btn-quiet">
            {t('view.back')}
          </Link>
        </>
      ) : (
        <h1>{t('open.busy')}</h1>
      )}
    </main>
  );
}
