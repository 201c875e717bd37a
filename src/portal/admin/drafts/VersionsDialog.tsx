/** Who saved and published what and when, how it differs from the present text, and the way back to it. */
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import type { DiffLanguage } from '../code/diff-view.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import './drafts.css';

const DiffPane = lazy(async () => ({ default: (await import('../code/DiffPane.tsx')).DiffPane }));

export interface Revision {
  readonly revision: number;
  readonly version: number | null;
  readonly at: number;
  readonly by: string;
  readonly publishedAt: number | null;
  readonly publishedBy: string | null;
}

export interface VersionsDialogProps {
  readonly name: string;
  /** Newest first. */
  readonly revisions: readonly Revision[];
  readonly published: number | null;
  /** What the published version is said to be: "is asked". */
  readonly inUse: string;
  readonly language: DiffLanguage;
  readonly textOf: (revision: number) => Promise<string>;
  /** What is in the editor, saved or not. */
  readonly present: string;
  readonly onRollBack: (revision: number) => void;
  readonly onClose: () => void;
}

export function VersionsDialog(props: VersionsDialogProps) {
  const { name, revisions, published, inUse, language, textOf, present, onRollBack, onClose } = props;
  const { t, i18n } = useTranslation();
  const [chosen, setChosen] = useState<Revision | undefined>(revisions[1] ?? revisions[0]);
  const [text, setText] = useState<string>();
  const [failure, setFailure] = useState<ApiFailure>();
  const revision = chosen?.revision;
  const read = useRef(textOf);
  useEffect(() => {
    read.current = textOf;
  });

  useEffect(() => {
    if (revision === undefined) return undefined;
    let stale = false;
    read.current(revision).then(
      (found) => {
        if (stale) return;
        setText(found);
        setFailure(undefined);
      },
      (thrown: unknown) => stale || setFailure(toFailure(thrown)),
    );
    return () => {
      stale = true;
    };
  }, [revision]);

  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const when = (at: number) => (at === 0 ? t('drafts.shipped') : date.format(at));
  const isInUse = chosen?.version === published && published !== null;
  return (
    <Dialog
      title={t('drafts.history', { name })}
      size="large"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('close')}
          </button>
          {chosen && !isInUse && chosen.version !== null ? (
            <button type="button" className="btn btn-primary" onClick={() => onRollBack(chosen.revision)}>
              <Icon name="restart" size={16} /> {t('drafts.rollBack', { version: chosen.version })}
            </button>
          ) : null}
        </>
      }
    >
      <div className="draft-history">
        <ul>
          {revisions.map((one) => (
            <li key={one.revision}>
              <button
                type="button"
                aria-pressed={one.revision === revision}
                className="draft-revision"
                onClick={() => setChosen(one)}
              >
                <span className="draft-revision-name">
                  {one.version === null ? t('drafts.draft') : t('drafts.version', { version: one.version })}
                  {one.version !== null && one.version === published ? (
                    <span className="badge-soft">{inUse}</span>
                  ) : null}
                </span>
                <span className="muted">
                  {[when(one.publishedAt ?? one.at), one.publishedBy || one.by].filter(Boolean).join(' · ')}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <div>
          <p className="muted">{t('drafts.comparedWithText')}</p>
          {failure ? <Failure failure={failure} /> : null}
          <Suspense fallback={<p className="muted">{t('loading')}</p>}>
            {text === undefined ? null : <DiffPane before={text} after={present} language={language} />}
          </Suspense>
        </div>
      </div>
    </Dialog>
  );
}
