/** `/session/:id`: the viewer over the whole window, and a handle that leads back. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../app/services.ts';
import { Failure } from '../parts/Failure.tsx';
import { Icon, Mark } from '../parts/Icon.tsx';
import { ViewerHandleBar } from './ViewerHandleBar.tsx';

export function SessionPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/session/$id' });
  const { stage, sessions } = useServices();
  const navigate = useNavigate();
  const { viewer, failure, title } = useStore(stage.store);
  const session = useStore(sessions.store, (state) => state.sessions.get(id));
  const loaded = useStore(sessions.store, (state) => state.loaded);

  useEffect(() => stage.open(id), [stage, id]);
  // In the same step as the page goes: the next one may warm up a viewer of its own at once.
  useLayoutEffect(() => () => stage.close(), [stage]);
  const name = session?.name ?? title ?? t('session.unnamed');
  useEffect(() => {
    document.title = t('view.title', { name });
  }, [t, name]);

  const ended = viewer.state === 'ended' || session?.status === 'ended' || session?.status === 'failed';
  const gone = loaded && !session && viewer.state !== 'connected' && failure?.code === 'session-unknown';
  const home = () => void navigate({ to: '/' });

  if (ended || gone || failure) {
    return (
      <main className="login view-over">
        <Mark size={64} />
        <h1>{ended ? t('view.ended', { name }) : gone ? t('view.gone') : t('view.failed', { name })}</h1>
        {ended ? <p>{t('view.endedText')}</p> : null}
        {failure && !ended ? <Failure failure={failure} onRetry={gone ? undefined : () => stage.again()} /> : null}
        {/* The page has just been taken from under the hands: the way on is where the keyboard is. */}
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
        <button type="button" className="btn btn-primary" onClick={home} autoFocus>
          <Icon name="back" size={17} /> {t('view.back')}
        </button>
      </main>
    );
  }
  return <ViewerHandleBar id={id} name={name} session={session} onHome={home} />;
}
