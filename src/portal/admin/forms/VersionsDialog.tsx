/** Who saved and published what and when, how it differs from the present text, and the way back to it. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import type { AdminForm, FormRevision } from '../../../contract/admin-forms.ts';
import { useServices } from '../../app/services.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';

const DiffPane = lazy(async () => ({ default: (await import('./DiffPane.tsx')).DiffPane }));

export interface VersionsDialogProps {
  readonly form: AdminForm;
  /** What is in the editor, saved or not. */
  readonly html: string;
  readonly onRollBack: (revision: number) => void;
  readonly onClose: () => void;
}

export function VersionsDialog({ form, html, onRollBack, onClose }: VersionsDialogProps) {
  const { t, i18n } = useTranslation();
  const { api } = useServices();
  const [chosen, setChosen] = useState<FormRevision | undefined>(form.revisions[1] ?? form.revisions[0]);
  const [text, setText] = useState<string>();
  const [failure, setFailure] = useState<ApiFailure>();
  const revision = chosen?.revision;

  useEffect(() => {
    if (revision === undefined) return undefined;
    let stale = false;
    api.call('adminFormText', {}, { path: { id: form.id, revision: String(revision) } }).then(
      (found) => {
        if (stale) return;
        setText(found.html);
        setFailure(undefined);
      },
      (thrown: unknown) => stale || setFailure(toFailure(thrown)),
    );
    return () => {
      stale = true;
    };
  }, [api, form.id, revision]);

  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const when = (at: number) => (at === 0 ? t('forms.shipped') : date.format(at));
  const isAsked = chosen?.version === form.published && form.published !== null;
  return (
    <Dialog
      title={t('forms.history', { name: form.name })}
      size="large"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('close')}
          </button>
          {chosen && !isAsked && chosen.version !== null ? (
            <button type="button" className="btn btn-primary" onClick={() => onRollBack(chosen.revision)}>
              <Icon name="restart" size={16} /> {t('forms.rollBack', { version: chosen.version })}
            </button>
          ) : null}
        </>
      }
    >
      <div className="form-history">
        <ul>
          {form.revisions.map((one) => (
            <li key={one.revision}>
              <button
                type="button"
                aria-pressed={one.revision === revision}
                className="form-revision"
                onClick={() => setChosen(one)}
              >
                <span className="form-revision-name">
                  {one.version === null ? t('forms.draft') : t('forms.version', { version: one.version })}
                  {one.version !== null && one.version === form.published ? (
                    <span className="badge-soft">{t('forms.asked')}</span>
                  ) : null}
                </span>
                <span className="muted">
                  {[when(one.publishedAt ?? one.at), one.publishedBy || one.by].filter(Boolean).join(' · ')}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <div className="form-history-text">
          <p className="muted">{t('forms.comparedWithText')}</p>
          {failure ? <Failure failure={failure} /> : null}
          <Suspense fallback={<p className="muted">{t('loading')}</p>}>
            {text === undefined ? null : <DiffPane before={text} after={html} />}
          </Suspense>
        </div>
      </div>
    </Dialog>
  );
}
