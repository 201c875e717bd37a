/**
 * The page on which one thing is edited in revisions: a bar with its state and what can be done with it, and the dialogs
 * that every such thing has. What it is edited with is the page's own.
 */
import { Link, useBlocker, type LinkProps } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Menu, type MenuItem } from '../../parts/Menu.tsx';
import type { DiffLanguage } from '../code/diff-view.ts';
import { ConflictDialog } from './ConflictDialog.tsx';
import { LeaveDialog } from './LeaveDialog.tsx';
import type { Draft } from './use-draft.ts';
import { VersionsDialog, type Revision } from './VersionsDialog.tsx';
import './drafts.css';

/** What every such thing has, whatever it is. */
interface InRevisions {
  readonly published: number | null;
  /** The newest revision is not published. */
  readonly draft: boolean;
  readonly by: string;
  /** Newest first. */
  readonly revisions: readonly Revision[];
}

/** The thing as one text, which can be compared with another. */
export interface DraftText<Saved> {
  readonly language: DiffLanguage;
  /** What is typed, saved or not. */
  readonly present: string;
  readonly of: (saved: Saved) => string;
  readonly ofRevision: (revision: number) => Promise<string>;
  /** Downloads what is typed, so that it is not lost with a conflict. */
  readonly keep: () => void;
}

export interface DraftPageProps<Saved extends InRevisions, Typed> {
  readonly name: string;
  readonly draft: Draft<Saved, Typed>;
  /** What the server has. */
  readonly saved: Saved;
  readonly text: DraftText<Saved>;
  readonly back: { readonly to: LinkProps['to']; readonly label: string };
  /** In the bar: its heading, and what state it is in. */
  readonly heading: ReactNode;
  /** In the bar, before those that every such thing has. */
  readonly buttons?: ReactNode;
  readonly savable: boolean;
  readonly publishable: boolean;
  readonly onPublish: () => void;
  /** The menu in the bar; its first item, the versions, is every such thing's. */
  readonly more: { readonly label: string; readonly items: readonly MenuItem[] };
  /** What the published version is said to be: "is asked". */
  readonly inUse: string;
  readonly conflictTitle: string;
  /** Instead of what failed. */
  readonly problem?: ReactNode;
  readonly children: ReactNode;
}

export function DraftPage<Saved extends InRevisions, Typed>(props: DraftPageProps<Saved, Typed>) {
  const { name, draft, saved, text, back, more } = props;
  const { editor, dirty, busy, failure, conflict } = draft;
  const { t } = useTranslation();
  const [versions, setVersions] = useState(false);
  const leaving = useBlocker({
    shouldBlockFn: () => editor.isDirty(),
    enableBeforeUnload: () => editor.isDirty(),
    withResolver: true,
  });
  return (
    <main className="draft-editor">
      <header className="draft-bar">
        <Link to={back.to} className="icon-button" aria-label={back.label} title={back.label}>
          <Icon name="back" />
        </Link>
        {props.heading}
        <output className="draft-dirty">{dirty ? t('drafts.unsaved') : ''}</output>
        <div className="draft-bar-end">
          {props.buttons}
          <button
            type="button"
            className="btn btn-quiet"
            disabled={!dirty || busy || !props.savable}
            onClick={() => void draft.save()}
          >
            {t('drafts.saveDraft')}
          </button>
          <button
            type="button"
            className="btn btn-primary"
            disabled={busy || !props.publishable || (!dirty && !saved.draft)}
            onClick={props.onPublish}
          >
            {t('drafts.publish')}
          </button>
          <Menu
            label={more.label}
            items={[
              {
                label: t('drafts.versions'),
                icon: 'log',
                disabled: saved.revisions.length === 0,
                run: () => setVersions(true),
              },
              ...more.items,
            ]}
          />
        </div>
      </header>
      {props.problem ?? (failure ? <Failure failure={failure} /> : null)}
      {props.children}

      {versions ? (
        <VersionsDialog
          name={name}
          revisions={saved.revisions}
          published={saved.published}
          inUse={props.inUse}
          language={text.language}
          textOf={text.ofRevision}
          present={text.present}
          onClose={() => setVersions(false)}
          onRollBack={(revision) => {
            setVersions(false);
            void draft.rollBack(revision);
          }}
        />
      ) : null}
      {conflict ? (
        <ConflictDialog
          title={props.conflictTitle}
          who={conflict.by}
          theirs={text.of(conflict)}
          mine={text.present}
          language={text.language}
          onResolve={(choice) => editor.resolve(choice)}
          onKeepFile={text.keep}
        />
      ) : null}
      {leaving.status === 'blocked' ? (
        <LeaveDialog onLeave={() => leaving.proceed()} onStay={() => leaving.reset()} />
      ) : null}
    </main>
  );
}
