/** Goes through the forms of a start as somebody, with the site's own functions, and starts nothing. */
import { lazy, Suspense, useCallback, useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import type { TryResult } from '../../../contract/admin-forms.ts';
import type { Answers } from '../../../contract/form.ts';
import { useServices } from '../../app/services.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';

const FormView = lazy(async () => ({ default: (await import('../../../forms/render/FormView.tsx')).FormView }));

const LEVELS = ['limited', 'full', 'manager', 'admin'] as const;

interface Person {
  readonly login: string;
  readonly groups: string;
  readonly level: (typeof LEVELS)[number];
}

interface Asked {
  readonly result: TryResult & { stage: 'form' };
  readonly answers?: Answers;
}

export interface TryDialogProps {
  /** The form in the editor, as it is typed. */
  readonly draft: { readonly id: string; readonly name: string; readonly html: string };
  /** Ids of the other forms that can be asked along with it. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
  readonly login: string;
  readonly onClose: () => void;
}

export function TryDialog({ draft, others, login, onClose }: TryDialogProps) {
  const { t } = useTranslation();
  const { api } = useServices();
  const [person, setPerson] = useState<Person>({ login, groups: '', level: 'full' });
  const [also, setAlso] = useState<readonly string[]>([]);
  const [trail, setTrail] = useState<readonly Asked[]>([]);
  const [ready, setReady] = useState<Extract<TryResult, { stage: 'ready' }>>();
  const [failure, setFailure] = useState<ApiFailure>();
  const [busy, setBusy] = useState(false);
  const formId = useId();
  const asked = ready ? undefined : trail.at(-1);

  const go = useCallback(
    (before: readonly Asked[], forms: readonly string[]) => {
      setBusy(true);
      setFailure(undefined);
      const groups = person.groups.split(/[\s,]+/).filter((group) => group !== '');
      api
        .call('adminFormTry', {
          forms: [...forms],
          params: Object.assign({}, ...before.map(({ answers }) => answers ?? {})) as Answers,
          answered: before.map(({ result }) => ({ id: result.form.id, version: result.form.version })),
          draft,
          as: { login: person.login.trim() || login, groups, level: person.level },
        })
        .then(
          (result) => {
            if (result.stage === 'ready') {
              setTrail(before);
              setReady(result);
            } else setTrail([...before, { result }]);
          },
          (thrown: unknown) => setFailure(toFailure(thrown)),
        )
        .finally(() => setBusy(false));
    },
    [api, draft, login, person],
  );

  function back(): void {
    setFailure(undefined);
    if (ready) setReady(undefined);
    else setTrail(trail.slice(0, -1));
  }

  return (
    <Dialog
      title={asked ? asked.result.form.name : t('forms.tryTitle')}
      size="large"
      onClose={onClose}
      footer={
        <>
          {trail.length > 0 ? (
            <button type="button" className="btn btn-quiet me-auto" onClick={back}>
              <Icon name="back" size={17} /> {t('back')}
            </button>
          ) : null}
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('close')}
          </button>
          {ready ? null : (
            <button type="submit" form={formId} className="btn btn-primary" disabled={busy}>
              {t('next')}
            </button>
          )}
        </>
      }
    >
      {failure ? <Failure failure={failure} /> : null}
      {ready ? (
        <>
          <p>{t('forms.tryReady')}</p>
          <pre className="log-tail">{JSON.stringify(ready.params, null, 2)}</pre>
        </>
      ) : asked ? (
        <Suspense fallback={<p className="muted">{t('loading')}</p>}>
          <FormView
            key={trail.length}
            form={asked.result.form}
            formId={formId}
            {...(asked.answers ? { initial: asked.answers } : {})}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the form is what one has come for
            autoFocus
            onSubmit={(answers) => {
              const before = [...trail.slice(0, -1), { ...asked, answers }];
              setTrail(before);
              go(
                before,
                asked.result.forms.filter((id) => id !== asked.result.form.id),
              );
            }}
          />
        </Suspense>
      ) : (
        <Who
          formId={formId}
          person={person}
          onPerson={setPerson}
          others={others}
          also={also}
          onAlso={setAlso}
          onSubmit={() => go([], [draft.id, ...also])}
        />
      )}
    </Dialog>
  );
}

interface WhoProps {
  readonly formId: string;
  readonly person: Person;
  readonly onPerson: (person: Person) => void;
  readonly others: TryDialogProps['others'];
  readonly also: readonly string[];
  readonly onAlso: (ids: readonly string[]) => void;
  readonly onSubmit: () => void;
}

function Who({ formId, person, onPerson, others, also, onAlso, onSubmit }: WhoProps) {
  const { t } = useTranslation();
  return (
    <form
      id={formId}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <p>{t('forms.tryText')}</p>
      <div className="field-row">
        <label className="field">
          <span>{t('forms.asLogin')}</span>
          <input
            className="form-control"
            required
            value={person.login}
            onChange={(event) => onPerson({ ...person, login: event.target.value })}
          />
        </label>
        <label className="field">
          <span>{t('forms.asGroups')}</span>
          <input
            className="form-control"
            value={person.groups}
            onChange={(event) => onPerson({ ...person, groups: event.target.value })}
          />
        </label>
        <label className="field">
          <span>{t('forms.asLevel')}</span>
          <select
            className="form-select"
            value={person.level}
            onChange={(event) => {
              const level = LEVELS.find((one) => one === event.target.value);
              if (level) onPerson({ ...person, level });
            }}
          >
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {t(`forms.levels.${level}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {others.length === 0 ? null : (
        <fieldset className="form-also">
          <legend>{t('forms.also')}</legend>
          {others.map(({ id, name }) => (
            <label key={id} className="form-check">
              <input
                type="checkbox"
                className="form-check-input"
                checked={also.includes(id)}
                onChange={(event) => onAlso(event.target.checked ? [...also, id] : also.filter((one) => one !== id))}
              />{' '}
              {name}
            </label>
          ))}
        </fieldset>
      )}
    </form>
  );
}
