/** Runs what is in the editor on a sample, on the input of a real start, or on one's own, and starts nothing. */
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import { resultProblem } from '../../../contract/function-results.ts';
import type { FunctionBody, FunctionName, FunctionRun, RecordedInput } from '../../../contract/functions.ts';
import type { JsonValue } from '../../../contract/json.ts';
import { useServices } from '../../app/services.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { runInBrowser } from './browser-run.ts';
import { readInput } from './own-input.ts';
import { RunResult } from './RunResult.tsx';
import { samplesFor } from './sample-inputs.ts';

const OWN = 'own';
const pretty = (input: JsonValue) => JSON.stringify(input, null, 2);

interface Shown {
  readonly run: FunctionRun;
  readonly input: JsonValue;
  readonly where: 'browser' | 'server';
}

export interface TryPaneProps {
  readonly name: FunctionName;
  readonly body: FunctionBody;
  /** An input that somebody wants to see here; another object is another wish. */
  readonly wanted: { readonly id: number } | undefined;
  readonly onGoTo: (place: { line: number; column: number }) => void;
}

export function TryPane({ name, body, wanted, onGoTo }: TryPaneProps) {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const samples = useMemo(() => samplesFor(name), [name]);
  const [chosen, setChosen] = useState<string>(samples[0]?.key ?? OWN);
  const [text, setText] = useState(() => pretty(samples[0]?.input ?? {}));
  const [recorded, setRecorded] = useState<readonly RecordedInput[]>([]);
  const [shown, setShown] = useState<Shown>();
  const [failure, setFailure] = useState<ApiFailure>();
  const [busy, setBusy] = useState(false);
  const id = useId();

  /** What was wanted last: an input that comes late is not what is looked at any more. */
  const latest = useRef('');
  const choose = useCallback(
    (value: string) => {
      latest.current = value;
      setChosen(value);
      const sample = samples.find(({ key }) => key === value);
      if (sample) setText(pretty(sample.input));
      if (sample || value === OWN) return;
      api.call('adminFunctionInput', {}, { path: { name, input: value } }).then(
        ({ input }) => {
          if (latest.current !== value) return;
          setText(pretty(input));
          setFailure(undefined);
        },
        (thrown: unknown) => {
          if (latest.current === value) setFailure(toFailure(thrown));
        },
      );
    },
    [api, name, samples],
  );
  useEffect(() => {
    api
      .call('adminFunctionInputs', {}, { path: { name } })
      .then(setRecorded, (thrown: unknown) => setFailure(toFailure(thrown)));
  }, [api, name]);
  useEffect(() => {
    // oxlint-disable-next-line react/set-state-in-effect -- a wish from beside, which happens once
    if (wanted) choose(String(wanted.id));
  }, [wanted, choose]);

  const own = useMemo(() => readInput(text), [text]);

  async function inBrowser(source: string, input: JsonValue): Promise<FunctionRun> {
    const [ran, forms] = await Promise.all([
      runInBrowser(source, JSON.stringify(input)),
      name === 'form-filter' ? api.call('forms', {}) : [],
    ]);
    const { outcome } = ran;
    const isStored = (form: string) => forms.some((one) => one.id === form);
    const problem = outcome.state === 'returned' ? resultProblem(name, input, outcome.result, isStored) : null;
    return { ...ran, problem };
  }

  function run(where: Shown['where']): void {
    if (!own.ok) return;
    const { input } = own;
    setBusy(true);
    setFailure(undefined);
    const running =
      where === 'browser' && body.kind === 'javascript'
        ? inBrowser(body.text, input)
        : api.call('adminFunctionDryRun', { body, input }, { path: { name } });
    running
      .then(
        (ran) => setShown({ run: ran, input, where }),
        (thrown: unknown) => setFailure(toFailure(thrown)),
      )
      .finally(() => setBusy(false));
  }

  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <div className="function-try">
      <label className="field">
        <span>{t('functions.inputFrom')}</span>
        <select className="form-select" value={chosen} onChange={(event) => choose(event.target.value)}>
          <optgroup label={t('functions.sampleInputs')}>
            {samples.map(({ key }) => (
              <option key={key} value={key}>
                {t(`functions.samples.${key}`)}
              </option>
            ))}
          </optgroup>
          {recorded.length === 0 ? null : (
            <optgroup label={t('functions.recordedInputs')}>
              {recorded.map((one) => (
                <option key={one.id} value={String(one.id)}>
                  {t('functions.recorded', { when: time.format(one.at), login: one.login })}
                  {one.state === 'failed' ? ` – ${t('functions.recordedFailed')}` : ''}
                </option>
              ))}
            </optgroup>
          )}
          <option value={OWN}>{t('functions.ownInput')}</option>
        </select>
      </label>
      {recorded.length === 0 ? <p className="field-help">{t('functions.noneRecorded')}</p> : null}
      <label className="field">
        <span>{t('functions.inputJson')}</span>
        <textarea
          className={own.ok ? 'form-control mono' : 'form-control mono is-invalid'}
          rows={9}
          spellCheck={false}
          value={text}
          aria-invalid={!own.ok}
          aria-describedby={`${id}-json`}
          onChange={(event) => {
            latest.current = OWN;
            setText(event.target.value);
            setChosen(OWN);
          }}
        />
      </label>
      <output id={`${id}-json`} className="function-json">
        {own.ok ? '' : t('functions.notJsonLine', { line: own.line })}
      </output>
      <div className="function-run">
        <button
          type="button"
          className="btn btn-primary"
          disabled={busy || !own.ok || body.kind !== 'javascript'}
          onClick={() => run('browser')}
        >
          <Icon name="play" size={16} /> {t('functions.runHere')}
        </button>
        <button type="button" className="btn btn-quiet" disabled={busy || !own.ok} onClick={() => run('server')}>
          <Icon name="server" size={16} /> {t('functions.runThere')}
        </button>
      </div>
      {body.kind === 'javascript' ? null : <p className="field-help">{t('functions.onlyThere')}</p>}
      {failure ? <Failure failure={failure} /> : null}
      <div aria-live="polite" aria-busy={busy}>
        {shown ? <RunResult name={name} {...shown} onGoTo={onGoTo} /> : null}
      </div>
    </div>
  );
}
