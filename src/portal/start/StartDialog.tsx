/** The road to a session: choose, answer forms, see the steps pass, and be in it. */
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Answers } from '../../contract/form.ts';
import type { StartRequest } from '../../contract/start.ts';
import { MARKS, useServices } from '../app/services.ts';
import { useMay } from '../app/use-may.ts';
import { LogTail } from '../home/LogTail.tsx';
import { ConfirmDialog } from '../parts/ConfirmDialog.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Failure } from '../parts/Failure.tsx';
import { SeatsTaken } from '../parts/SeatsTaken.tsx';
import { Icon } from '../parts/Icon.tsx';
import { hasAnswers, type Asked } from '../state/starts.ts';
import { ChooseForm } from './ChooseForm.tsx';
import { FormStep } from './FormStep.tsx';
import { LoginStep } from './LoginStep.tsx';
import type { StartLink } from './start-link.ts';
import { Scheduled } from './Scheduled.tsx';
import { StartProgress } from './StartProgress.tsx';
import { useCatalogue } from './use-catalogue.ts';
import './start.css';

export interface StartDialogProps {
  /** What to begin with, e.g. a session that has ended. */
  readonly template?: StartRequest | undefined;
  /** A start that is under way already. */
  readonly startId?: string | undefined;
  /** The link that the page was opened with. */
  readonly link?: StartLink | undefined;
  /** Tells which start the dialog shows, so that the page does not show it as a card too. */
  readonly onShown: (startId: string | undefined) => void;
  readonly onClose: () => void;
}

export function StartDialog({ template, startId, link, onShown, onClose }: StartDialogProps) {
  const { t } = useTranslation();
  const { starts, stage, notices, account, sessions } = useServices();
  const may = useMay();
  const navigate = useNavigate();
  const { catalogue, failure, reload } = useCatalogue(link?.bookmark);
  const [id, setId] = useState(startId);
  const start = useStore(starts.store, (state) => state.starts.find((one) => one.id === id));
  const config = useStore(account.store, (state) => state.config);
  const formId = useId();
  /** What is typed in the form that is shown, for the way back. */
  const typed = useRef<Answers | undefined>(undefined);
  /** The forms of an attempt that was given up, for what was typed in them. */
  const remembered = useRef<readonly Asked[]>([]);
  /** A command or a name was typed on the first page. */
  const chosenTyped = useRef(false);
  const [asking, setAsking] = useState(false);
  const stopAsking = useCallback(() => setAsking(false), []);

  useEffect(() => stage.warm(), [stage]);
  useEffect(() => {
    onShown(id);
    return () => onShown(undefined);
  }, [id, onShown]);

  const open = useCallback(
    (session: string) => {
      // First the viewer, then the page around it: the ticket is asked for before anything is drawn.
      stage.open(session);
      void navigate({ to: '/session/$id', params: { id: session } });
      if (id !== undefined) starts.dismiss(id);
      onClose();
    },
    [id, navigate, onClose, stage, starts],
  );
  const sessionId = start?.phase === 'started' ? start.session?.id : undefined;
  useEffect(() => {
    if (sessionId !== undefined) open(sessionId);
  }, [sessionId, open]);
  /** The answer was lost, but not what it told of: starting again would give a second session. */
  const lostId = start?.phase === 'failed' ? start.sessionId : undefined;
  const lost = useStore(sessions.store, (state) => {
    const session = lostId === undefined ? undefined : state.sessions.get(lostId);
    return session?.status === 'running' || session?.status === 'starting' ? session.id : undefined;
  });

  function begin(title: string, request: StartRequest): void {
    performance.mark(MARKS.click);
    setId(starts.begin(title, request, remembered.current, link));
  }

  /** Whether closing would lose something that a person filled in. */
  function wouldLose(): boolean {
    if (!start) return chosenTyped.current || remembered.current.some(({ answers }) => answers !== undefined);
    if (start.phase === 'form') return typed.current !== undefined || hasAnswers(start) || chosenTyped.current;
    // What failed with a session keeps everything on its card.
    return start.phase === 'failed' && start.sessionId === undefined && hasAnswers(start);
  }

  function close(): void {
    if (wouldLose()) setAsking(true);
    else leave();
  }

  function leave(): void {
    if (start && start.phase !== 'sending') starts.dismiss(start.id);
    if (start?.phase === 'sending') notices.show({ kind: 'info', text: t('start.goesOn', { name: start.title }) });
    onClose();
  }

  function back(): void {
    if (!start) return;
    const shown = starts.back(start.id, typed.current);
    typed.current = undefined;
    if (shown) return;
    remembered.current = starts.store.getState().starts.find((one) => one.id === start.id)?.trail ?? [];
    starts.dismiss(start.id);
    setId(undefined);
  }

  const nothing = catalogue !== undefined && catalogue.bookmarks.length === 0 && !may('start-command');
  const asked = start?.phase === 'form' ? start.trail[start.at] : undefined;
  const cutOff = start?.failure?.code === 'offline' || start?.failure?.code === 'unavailable';
  const sending = start?.phase === 'sending' || start?.phase === 'started';

  return (
    <>
      <Dialog
        title={
          asked
            ? asked.form.servers
              ? t('servers.choose')
              : asked.form.name
            : start
              ? t(start.phase === 'scheduled' ? 'start.scheduledTitle' : 'start.starting', { name: start.title })
              : t('start.title')
        }
        size="large"
        onClose={close}
        footer={
          <>
            {/* Once it has been handed over, the way back would only hand it over again. */}
            {start &&
            start.phase !== 'scheduled' &&
            (!sending || (start.phase === 'sending' && start.at > 0 && start.sessionId === undefined)) ? (
              <button type="button" className="btn btn-quiet me-auto" onClick={back}>
                <Icon name="back" size={17} /> {t('back')}
              </button>
            ) : null}
            {start && sending ? (
              <button
                type="button"
                className="btn btn-quiet"
                onClick={() => {
                  starts.cancel(start.id);
                  setId(undefined);
                }}
              >
                {t('start.giveUp')}
              </button>
            ) : (
              <button
                type="button"
                className={start?.phase === 'scheduled' ? 'btn btn-primary' : 'btn btn-quiet'}
                onClick={close}
              >
                {start?.phase === 'failed' || start?.phase === 'scheduled' ? t('close') : t('cancel')}
              </button>
            )}
            {start?.phase === 'login' ? (
              <button type="submit" form={formId} className="btn btn-primary">
                {t('login.continue')}
              </button>
            ) : null}
            {!start || asked ? (
              <button
                type="submit"
                form={formId}
                className="btn btn-primary"
                disabled={!asked && (!catalogue || nothing || config?.canStart === false)}
              >
                {asked && asked.formsLeft.length > 0 ? (
                  t('next')
                ) : (
                  <>
                    <Icon name="play" size={16} /> {t('start.start')}
                  </>
                )}
              </button>
            ) : null}
            {start?.phase === 'failed' && lost === undefined ? (
              <button type="button" className="btn btn-primary" onClick={() => starts.retry(start.id)}>
                <Icon name="restart" size={16} /> {cutOff ? t('start.goOn') : t('retry')}
              </button>
            ) : null}
            {lost === undefined ? null : (
              <button type="button" className="btn btn-primary" onClick={() => open(lost)}>
                <Icon name="play" size={16} /> {t('start.openIt')}
              </button>
            )}
          </>
        }
      >
        {!start && config?.canStart === false ? (
          <div className="failure" role="alert">
            <Icon name="info" />
            <div>
              <p>{t('start.cannot')}</p>
              {config.startHint === null ? null : <pre className="log-tail">{config.startHint}</pre>}
            </div>
          </div>
        ) : null}
        {!start && !catalogue && !failure ? <TileSkeleton /> : null}
        {!start && !catalogue && failure ? <Failure failure={failure} onRetry={reload} /> : null}
        {!start && nothing ? (
          <section className="empty">
            <h3>{t('start.nothing')}</h3>
            <p>{t('start.nothingText')}</p>
            <button type="button" className="btn btn-quiet" onClick={reload}>
              <Icon name="restart" size={17} /> {t('start.lookAgain')}
            </button>
          </section>
        ) : null}
        {catalogue && !nothing ? (
          // Hidden, not gone, while the start runs: the way back finds everything as it was.
          <div hidden={start !== undefined}>
            <ChooseForm
              catalogue={catalogue}
              template={template}
              link={link}
              formId={start === undefined ? formId : undefined}
              onTyped={(isTyped) => {
                chosenTyped.current = isTyped;
              }}
              onStart={begin}
              onChanged={reload}
            />
          </div>
        ) : null}

        {start && asked ? (
          <FormStep
            key={`${start.at}:${asked.form.id}`}
            start={start}
            asked={asked}
            formId={formId}
            onTyped={(answers) => {
              typed.current = answers;
            }}
            onSubmit={(answers) => {
              typed.current = undefined;
              starts.answer(start.id, answers);
            }}
          />
        ) : null}

        {start?.phase === 'login' && start.login ? (
          <LoginStep
            key={start.login.authtoken}
            round={start.login}
            formId={formId}
            onAnswer={(answers) => starts.logIn(start.id, answers)}
          />
        ) : null}
        {start && !asked && start.phase !== 'scheduled' ? (
          <>
            {start.failure ? <Failure failure={start.failure} /> : null}
            {start.failure?.code === 'seats-taken' ? <SeatsTaken details={start.failure.details} /> : null}
            {cutOff ? <p>{lost === undefined ? t('start.kept') : t('start.lost')}</p> : null}
            {start.phase === 'failed' && start.sessionId !== undefined ? <LogTail id={start.sessionId} /> : null}
            <StartProgress steps={start.steps} failed={start.phase === 'failed'} />
          </>
        ) : null}
        {start?.phase === 'scheduled' ? <Scheduled session={start.session} output={start.output ?? ''} /> : null}
      </Dialog>
      {asking ? (
        <ConfirmDialog title={t('start.leave')} confirm={t('start.discard')} onConfirm={leave} onClose={stopAsking}>
          <p>{t('start.leaveText')}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function TileSkeleton() {
  return (
    <div className="tiles" aria-hidden="true">
      {[0, 1, 2].map((index) => (
        <div key={index} className="tile skeleton" />
      ))}
    </div>
  );
}
