/** One function: its text on one side; trying it, what it is given, and its shadow on the other. */
import { Link, useBlocker, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { FunctionBody, FunctionName } from '../../../contract/functions.ts';
import { useServices } from '../../app/services.ts';
import { ConfirmDialog } from '../../parts/ConfirmDialog.tsx';
import { Failure } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Menu } from '../../parts/Menu.tsx';
import type { CodeHandle } from '../code/CodePane.tsx';
import { ConflictDialog } from '../drafts/ConflictDialog.tsx';
import { LeaveDialog } from '../drafts/LeaveDialog.tsx';
import { Modes } from '../drafts/Modes.tsx';
import { NotLoaded } from '../drafts/NotLoaded.tsx';
import { VersionsDialog } from '../drafts/VersionsDialog.tsx';
import { download } from '../../parts/download.ts';
import { BodyFields } from './BodyFields.tsx';
import { BODY_KINDS, bodyText, freshBody, sameBody, type BodyKind } from './function-body.ts';
import { createFunctionEditor, refusalIn } from './function-editor.ts';
import { FunctionState } from './FunctionState.tsx';
import { InputHelp } from './InputHelp.tsx';
import { PublishDialog } from './PublishDialog.tsx';
import { ShadowPane } from './ShadowPane.tsx';
import { TryPane } from './TryPane.tsx';
import './functions.css';

const FunctionCode = lazy(async () => ({ default: (await import('./FunctionCode.tsx')).FunctionCode }));

const SIDES = ['try', 'input', 'shadow'] as const;
type Side = (typeof SIDES)[number];

export function FunctionPage() {
  const { t } = useTranslation();
  const { name } = useParams({ strict: false });
  const known = FunctionName.safeParse(name);
  if (known.success) return <Editor key={known.data} name={known.data} />;
  return (
    <main className="home">
      <h1>{t('notFound')}</h1>
    </main>
  );
}

function Editor({ name }: { readonly name: FunctionName }) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const [editor] = useState(() => createFunctionEditor(api, name));
  const {
    saved,
    typed: { body },
    busy,
    failure,
    conflict,
  } = useStore(editor.store);
  const [side, setSide] = useState<Side>('try');
  const [open, setOpen] = useState<'history' | 'publish' | 'remove'>();
  const [wanted, setWanted] = useState<{ readonly id: number }>();
  /** What was typed of each kind, so that looking at another kind loses nothing. */
  const kept = useRef(new Map<BodyKind, FunctionBody>());
  const code = useRef<CodeHandle>(null);
  const heading = t(`functions.names.${name}`);
  const dirty = editor.isDirty();

  useEffect(() => void editor.load(), [editor]);
  useEffect(() => {
    document.title = t('functions.editTitle', { name: heading });
  }, [heading, t]);
  const leaving = useBlocker({
    shouldBlockFn: () => editor.isDirty(),
    enableBeforeUnload: () => editor.isDirty(),
    withResolver: true,
  });

  const edit = (changed: FunctionBody) => editor.edit({ body: changed });
  function chooseKind(kind: BodyKind): void {
    kept.current.set(body.kind, body);
    edit(kept.current.get(kind) ?? freshBody(name, kind));
  }
  async function save(): Promise<void> {
    if (await editor.save()) notices.show({ kind: 'success', text: t('drafts.saved') });
  }
  async function publish(): Promise<void> {
    if (!(await editor.publish())) return;
    const version = editor.store.getState().saved?.published ?? 1;
    notices.show({ kind: 'success', text: t('drafts.isPublished', { version }) });
  }
  async function change(call: Parameters<typeof editor.change>[0], said: string): Promise<void> {
    setOpen(undefined);
    if (await editor.change(call)) notices.show({ kind: 'success', text: said });
  }
  const goTo = ({ line, column }: { line: number; column: number }) => code.current?.goTo(line, column);

  if (!saved) return <NotLoaded failure={failure} onRetry={() => void editor.load()} />;
  const wellFormed = FunctionBody.safeParse(body).success;
  const ofThisText = sameBody(body, saved.body) ? (saved.failure ?? undefined) : undefined;
  const refusal = refusalIn(failure);
  return (
    <main className="draft-editor">
      <header className="draft-bar">
        <Link
          to="/system/functions"
          className="icon-button"
          aria-label={t('functions.backToList')}
          title={t('functions.backToList')}
        >
          <Icon name="back" />
        </Link>
        <h1 className="function-name">{heading}</h1>
        <FunctionState {...saved} />
        <output className="draft-dirty">{dirty ? t('drafts.unsaved') : ''}</output>
        <div className="draft-bar-end">
          <button
            type="button"
            className="btn btn-quiet"
            disabled={!dirty || busy || !wellFormed}
            onClick={() => void save()}
          >
            {t('drafts.saveDraft')}
          </button>
          <button
            type="button"
            className="btn btn-primary"
            disabled={busy || !wellFormed || (!dirty && !saved.draft)}
            onClick={() => setOpen('publish')}
          >
            {t('drafts.publish')}
          </button>
          <Menu
            label={t('functions.moreFor', { name: heading })}
            items={[
              {
                label: t('drafts.versions'),
                icon: 'log',
                disabled: saved.revisions.length === 0,
                run: () => setOpen('history'),
              },
              {
                label: t('functions.remove'),
                icon: 'trash',
                danger: true,
                disabled: saved.published === null,
                run: () => setOpen('remove'),
              },
            ]}
          />
        </div>
      </header>
      {failure && refusal === undefined ? <Failure failure={failure} /> : null}
      {refusal ? (
        <div className="failure" role="alert">
          <Icon name="alert" />
          <p>{t('functions.refused', { why: `${t(`functions.causes.${refusal.cause}`)} ${refusal.message}` })}</p>
        </div>
      ) : null}
      <div className="draft-panes">
        <section className="draft-pane" aria-label={t('functions.what')}>
          <div className="draft-tools">
            <Modes
              label={t('functions.what')}
              modes={BODY_KINDS}
              mode={body.kind}
              name={(kind) => t(`functions.kinds.${kind}`)}
              onChange={chooseKind}
            />
          </div>
          {body.kind === 'javascript' ? (
            <Suspense fallback={<p className="muted code-loading">{t('loading')}</p>}>
              <FunctionCode
                ref={code}
                name={name}
                text={body.text}
                failure={ofThisText}
                onChange={(text) => edit({ kind: 'javascript', text })}
                onSave={() => void save()}
                onGoTo={goTo}
              />
            </Suspense>
          ) : (
            <BodyFields name={name} body={body} onChange={edit} />
          )}
        </section>
        <section className="draft-pane" aria-label={t(`functions.sides.${side}`)}>
          <div className="draft-tools">
            <Modes
              label={t('functions.beside')}
              modes={SIDES}
              mode={side}
              name={(one) => t(`functions.sides.${one}`)}
              onChange={setSide}
            />
          </div>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
          <div className="function-side" tabIndex={0}>
            {/* Hidden rather than gone: an input that somebody typed stays. */}
            <div hidden={side !== 'try'}>
              <TryPane name={name} body={body} wanted={wanted} onGoTo={goTo} />
            </div>
            {side === 'input' ? (
              <InputHelp
                name={name}
                onInsert={body.kind === 'javascript' ? (text) => code.current?.insert(text) : undefined}
              />
            ) : null}
            {side === 'shadow' ? (
              <ShadowPane
                name={name}
                candidate={saved.draft ? saved.revision : undefined}
                dirty={dirty}
                onChanged={() => void editor.change(async () => api.call('adminFunction', {}, { path: { name } }))}
                onTry={(input) => {
                  setWanted({ id: input });
                  setSide('try');
                }}
              />
            ) : null}
          </div>
        </section>
      </div>

      {open === 'publish' ? (
        <PublishDialog name={heading} onPublish={() => void publish()} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'history' ? (
        <VersionsDialog
          name={heading}
          revisions={saved.revisions}
          published={saved.published}
          inUse={t('functions.decides')}
          language="javascript"
          textOf={async (revision) =>
            bodyText((await api.call('adminFunctionText', {}, { path: { name, revision: String(revision) } })).body)
          }
          present={bodyText(body)}
          onClose={() => setOpen(undefined)}
          onRollBack={(revision) =>
            void change(
              async () => api.call('adminFunctionRollBack', { revision }, { path: { name } }),
              t('drafts.rolledBack'),
            )
          }
        />
      ) : null}
      {open === 'remove' ? (
        <ConfirmDialog
          title={t('functions.removeTitle', { name: heading })}
          confirm={t('functions.remove')}
          onConfirm={() =>
            void change(async () => api.call('adminFunctionDelete', {}, { path: { name } }), t('functions.removed'))
          }
          onClose={() => setOpen(undefined)}
        >
          <p>{t('functions.removeText')}</p>
        </ConfirmDialog>
      ) : null}
      {conflict ? (
        <ConflictDialog
          title={t('functions.conflict')}
          who={conflict.by}
          theirs={bodyText(conflict.body)}
          mine={bodyText(body)}
          language="javascript"
          onResolve={(choice) => editor.resolve(choice)}
          onKeepFile={() => download(`${name}-mine.js`, bodyText(body), 'text/javascript')}
        />
      ) : null}
      {leaving.status === 'blocked' ? (
        <LeaveDialog onLeave={() => leaving.proceed()} onStay={() => leaving.reset()} />
      ) : null}
    </main>
  );
}
