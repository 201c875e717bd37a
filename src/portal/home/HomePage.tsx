/** The first page: one's sessions, and the way to a new one. */
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Session } from '../../contract/session.ts';
import type { StartRequest } from '../../contract/start.ts';
import { useServices } from '../app/services.ts';
import { useMay } from '../app/use-may.ts';
import { Failure } from '../parts/Failure.tsx';
import { Icon, Mark } from '../parts/Icon.tsx';
import { useNow } from '../parts/use-now.ts';
import type { StartLink } from '../start/start-link.ts';
import type { BookmarkDraft } from '../start/SaveBookmarkDialog.tsx';
import { inOrder } from '../state/sessions.ts';
import { bookmarkOf, sameAgain, useSessionActions } from './session-actions.ts';
import { SessionCard } from './SessionCard.tsx';
import { StartCard } from './StartCard.tsx';

const loadStartDialog = () => import('../start/StartDialog.tsx');
const SaveBookmarkDialog = lazy(async () => ({
  default: (await import('../start/SaveBookmarkDialog.tsx')).SaveBookmarkDialog,
}));
const StartDialog = lazy(async () => ({ default: (await loadStartDialog()).StartDialog }));

/** Fewer are found faster by looking than by typing. */
const FILTER_FROM = 7;

interface Asked {
  readonly link?: StartLink;
  readonly template?: StartRequest;
  readonly startId?: string;
}

export function HomePage() {
  const { t } = useTranslation();
  const { sessions, starts, account, stage, demo, takeStartLink } = useServices();
  const navigate = useNavigate();
  const state = useStore(sessions.store);
  const underWay = useStore(starts.store, (all) => all.starts);
  const config = useStore(account.store, ({ config }) => config);
  const actions = useSessionActions();
  const may = useMay();
  const [kept, setKept] = useState<BookmarkDraft | undefined>();
  const now = useNow(20_000);
  const [asked, setAsked] = useState<Asked | undefined>();
  const [shown, setShown] = useState<string | undefined>();
  const [filter, setFilter] = useState('');
  const close = useCallback(() => setAsked(undefined), []);

  useEffect(() => {
    document.title = t('home.title');
  }, [t]);
  // A link shows what may be started; the address is a plain one again, so that a reload does not ask twice.
  useEffect(() => {
    const link = takeStartLink();
    if (!link) return;
    // oxlint-disable-next-line react/set-state-in-effect
    setAsked({ link });
    void navigate({ to: '/', search: {}, replace: true });
  }, [takeStartLink, navigate]);
  // The page is drawn; now the dialog's code, so that a click only has to show it.
  useEffect(() => {
    const timer = setTimeout(() => void loadStartDialog(), 200);
    return () => clearTimeout(timer);
  }, []);

  const wanted = filter.trim().toLowerCase();
  const fits = (session: Session) =>
    wanted === '' || `${session.name}\n${session.command}\n${session.hostname}`.toLowerCase().includes(wanted);
  const all = inOrder(state.sessions.values());
  const open = all.open.filter(fits);
  const over = all.over.filter(fits);
  const cards = underWay.filter(
    (start) =>
      start.id !== shown &&
      start.phase !== 'started' &&
      (start.sessionId === undefined || !state.sessions.has(start.sessionId)),
  );
  const nothing = state.loaded && state.sessions.size === 0 && cards.length === 0;

  const card = (session: Session) => (
    <SessionCard
      key={session.id}
      session={session}
      now={now}
      onStartAgain={(again) => setAsked({ startId: starts.begin(again.name, sameAgain(again)) })}
      onEditAndStart={(again) => setAsked({ template: sameAgain(again) })}
      onKeep={(session) => setKept(bookmarkOf(session))}
    />
  );

  return (
    <main className="home">
      {demo ? (
        <p className="strip strip-info">
          <Icon name="info" size={18} /> {t('demo.note')}
        </p>
      ) : null}
      {config?.canStart === false ? (
        <output className="strip strip-warn">
          <Icon name="alert" size={18} />
          <span>
            {t('start.cannot')} {config.startHint === null ? null : <code>{config.startHint}</code>}{' '}
            <a href="/demo">{t('demo.try')}</a>
          </span>
        </output>
      ) : null}

      <div className="home-head">
        <h1>{t('home.heading')}</h1>
        {state.sessions.size >= FILTER_FROM ? (
          <label className="search">
            <Icon name="search" size={17} />
            <input
              type="search"
              className="form-control"
              placeholder={t('home.filter')}
              aria-label={t('home.filter')}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          </label>
        ) : null}
        {nothing || !may('start') ? null : (
          <button
            type="button"
            className="btn btn-primary btn-start"
            onClick={() => setAsked({})}
            onPointerEnter={() => stage.warm()}
          >
            <Icon name="plus" size={18} /> {t('home.start')}
          </button>
        )}
      </div>

      {state.failure && !state.loaded ? (
        <Failure failure={state.failure} onRetry={() => void sessions.refresh()} />
      ) : null}
      {!state.loaded && !state.failure ? <Skeleton /> : null}

      {nothing ? (
        <section className="empty">
          <Mark size={88} />
          <h2>{t('home.empty')}</h2>
          {may('start') ? (
            <>
              <p>{t('home.emptyText')}</p>
              <button
                type="button"
                className="btn btn-primary btn-lg"
                onClick={() => setAsked({})}
                onPointerEnter={() => stage.warm()}
              >
                <Icon name="plus" size={20} /> {t('home.startFirst')}
              </button>
            </>
          ) : (
            <p>{t('home.mayNotStart')}</p>
          )}
        </section>
      ) : null}

      {open.length + cards.length > 0 ? (
        <section aria-labelledby="running">
          <h2 id="running" className="visually-hidden">
            {t('home.running')}
          </h2>
          <div className="cards">
            {cards.map((start) => (
              <StartCard key={start.id} start={start} onOpen={() => setAsked({ startId: start.id })} />
            ))}
            {open.map(card)}
          </div>
        </section>
      ) : null}

      {over.length > 0 ? (
        <section className="over" aria-labelledby="over">
          <div className="section-head">
            <h2 id="over">{t('home.over')}</h2>
            {over.length > 1 && may('purge') ? (
              <button
                type="button"
                className="btn btn-sm btn-link"
                onClick={() => void Promise.all(over.map((session) => actions.purge(session)))}
              >
                {t('home.purgeAll')}
              </button>
            ) : null}
          </div>
          <div className="cards">{over.map(card)}</div>
        </section>
      ) : null}
      {wanted !== '' && open.length + over.length === 0 ? <p className="muted">{t('home.noMatch')}</p> : null}

      {kept ? (
        <Suspense fallback={null}>
          <SaveBookmarkDialog draft={kept} onSaved={nothingToDo} onClose={() => setKept(undefined)} />
        </Suspense>
      ) : null}
      {asked ? (
        <Suspense fallback={null}>
          <StartDialog
            template={asked.template}
            startId={asked.startId}
            link={asked.link}
            onShown={setShown}
            onClose={close}
          />
        </Suspense>
      ) : null}
    </main>
  );
}

/** The Start dialog reads what there is whenever it opens. */
const nothingToDo = () => undefined;

function Skeleton() {
  const { t } = useTranslation();
  return (
    <div className="cards" aria-busy="true" aria-label={t('loading')}>
      {[0, 1, 2].map((index) => (
        <div key={index} className="session-card skeleton" />
      ))}
    </div>
  );
}
