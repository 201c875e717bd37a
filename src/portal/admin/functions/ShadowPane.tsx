/** A saved text beside the live one at real starts: how often, and where the two differ. */
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import type { FunctionName, ShadowReport } from '../../../contract/functions.ts';
import { useServices } from '../../app/services.ts';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Outcome } from './RunResult.tsx';

export interface ShadowPaneProps {
  readonly name: FunctionName;
  /** The newest saved revision where it is not the live one. */
  readonly candidate: number | undefined;
  /** What is typed is not what would run. */
  readonly dirty: boolean;
  readonly onChanged: () => void;
  readonly onTry: (input: number) => void;
}

export function ShadowPane({ name, candidate, dirty, onChanged, onTry }: ShadowPaneProps) {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const [report, setReport] = useState<ShadowReport>();
  const [failure, setFailure] = useState<ApiFailure>();
  const [busy, setBusy] = useState(false);

  const ask = useCallback(
    (call: Promise<ShadowReport>) =>
      call
        .then(
          (found) => {
            setReport(found);
            setFailure(undefined);
          },
          (thrown: unknown) => setFailure(toFailure(thrown)),
        )
        .finally(() => setBusy(false)),
    [],
  );
  const load = useCallback(() => ask(api.call('adminFunctionShadow', {}, { path: { name } })), [api, ask, name]);
  useEffect(() => {
    void load();
  }, [load]);

  function set(revision: number | null): void {
    setBusy(true);
    void ask(api.call('adminFunctionShadowSet', { revision }, { path: { name } })).then(onChanged);
  }

  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const running = report?.revision ?? null;
  return (
    <div className="function-shadow">
      <p className="muted">{t('functions.shadowText')}</p>
      {failure ? <Failure failure={failure} onRetry={() => void load()} /> : null}
      {!report && !failure ? <p className="muted">{t('loading')}</p> : null}
      <div className="function-run">
        {candidate !== undefined && candidate !== running ? (
          <button type="button" className="btn btn-primary" disabled={busy || dirty} onClick={() => set(candidate)}>
            <Icon name="play" size={16} /> {t('functions.shadowStart')}
          </button>
        ) : null}
        {running === null ? null : (
          <>
            <button type="button" className="btn btn-quiet" disabled={busy} onClick={() => set(null)}>
              {t('functions.shadowStop')}
            </button>
            <button type="button" className="btn btn-quiet" disabled={busy} onClick={() => void load()}>
              <Icon name="restart" size={16} /> {t('functions.shadowReload')}
            </button>
          </>
        )}
      </div>
      {dirty && candidate !== undefined ? <p className="field-help">{t('functions.shadowSaveFirst')}</p> : null}
      {candidate === undefined && running === null ? <p className="field-help">{t('functions.shadowNone')}</p> : null}
      {report && running !== null ? (
        <>
          <output>
            {t('functions.shadowSince', { when: time.format(report.since ?? 0), revision: running })}{' '}
            {t('functions.shadowRuns', { count: report.runs })}{' '}
            {t('functions.shadowDifferent', { count: report.different })}{' '}
            {report.failed > 0 ? t('functions.shadowFailed', { count: report.failed }) : ''}{' '}
            {report.skipped > 0 ? t('functions.shadowSkipped', { count: report.skipped }) : ''}
          </output>
          <ul className="function-differences">
            {report.differences.map(({ id, at, input, live, shadow }) => (
              <li key={id}>
                <p>
                  {time.format(at)}{' '}
                  {input === null ? null : (
                    <button type="button" className="btn btn-sm btn-link" onClick={() => onTry(input)}>
                      {t('functions.shadowTry')}
                    </button>
                  )}
                </p>
                <div>
                  <h2>{t('functions.live')}</h2>
                  <Outcome outcome={live} />
                </div>
                <div>
                  <h2>{t('functions.shadow')}</h2>
                  <Outcome outcome={shadow} />
                </div>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
