/** One question of a start: the form, what it opens with and why, and the way back to its own defaults. */
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Answers, FieldProblem } from '../../contract/form.ts';
import { LastValues } from '../../forms/fields/index.ts';
import type { FormHandle } from '../../forms/render/FormView.tsx';
import { useServices } from '../app/services.ts';
import { Failure } from '../parts/Failure.tsx';
import { formProblems } from '../state/form-problems.ts';
import { stepOf, type Asked, type Start } from '../state/starts.ts';
import { opensWith } from './opens-with.ts';
import { ServerTable } from './ServerTable.tsx';

/** The sanitiser and its parser come with the first form that is asked. */
const FormView = lazy(async () => ({ default: (await import('../../forms/render/FormView.tsx')).FormView }));

/** One array for all renders: a new one would be shown anew. */
const NO_PROBLEMS: readonly FieldProblem[] = [];

export interface FormStepProps {
  readonly start: Start;
  readonly asked: Asked;
  readonly formId: string;
  readonly onTyped: (answers: Answers) => void;
  readonly onSubmit: (answers: Answers) => void;
}

/** Another question, or the same one asked again, needs another `key`. */
export function FormStep({ start, asked, formId, onTyped, onSubmit }: FormStepProps) {
  const { t } = useTranslation();
  const { account } = useServices();
  const login = useStore(account.store, ({ account: now }) => (now.at === 'in' ? now.me.login : ''));
  const last = useMemo(() => new LastValues(() => localStorage, login), [login]);
  const [opened] = useState(() => opensWith(start, asked, last));
  const [changed, setChanged] = useState(false);
  const handle = useRef<FormHandle>(null);
  const { step, of } = stepOf(start);
  const { form } = asked;

  const fromBookmark = start.request.bookmarkId === undefined ? 'start.from.session' : 'start.from.bookmark';
  const notes = useMemo(
    () =>
      new Map(
        [...opened.from].map(([name, source]) => [
          name,
          t(source === 'bookmark' ? fromBookmark : `start.from.${source}`),
        ]),
      ),
    [opened, fromBookmark, t],
  );
  const typed = (answers: Answers) => {
    setChanged(true);
    onTyped(answers);
  };

  return (
    <>
      {of > 1 ? (
        <div className="form-step">
          <p>{t('start.stepOf', { step, of })}</p>
          <span className="form-step-dots" aria-hidden="true">
            {Array.from({ length: of }, (_, i) => (
              <i key={i} className={i < step ? 'done' : undefined} />
            ))}
          </span>
        </div>
      ) : null}
      {start.failure ? <Failure failure={start.failure} /> : null}
      {form.servers ? (
        <ServerTable
          form={form}
          servers={form.servers}
          formId={formId}
          initial={asked.answers}
          onChange={typed}
          onSubmit={onSubmit}
        />
      ) : (
        <>
          <Suspense fallback={<p className="muted">{t('loading')}</p>}>
            <FormView
              handle={handle}
              form={form}
              formId={formId}
              initial={opened.initial}
              notes={notes}
              problems={formProblems(start.failure)?.problems ?? NO_PROBLEMS}
              // The form is what one has come for; the dialog's first button is its way out.
              // oxlint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              onChange={typed}
              onSubmit={(answers: Answers) => {
                last.save(form, answers);
                onSubmit(answers);
              }}
            />
          </Suspense>
          {changed || opened.from.size > 0 || asked.answers ? (
            <p className="form-reset">
              <button type="button" className="btn btn-sm btn-link" onClick={() => handle.current?.reset()}>
                {t('start.reset')}
              </button>
            </p>
          ) : null}
        </>
      )}
    </>
  );
}
