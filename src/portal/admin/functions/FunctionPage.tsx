/** One function: its text on one side; trying it, what it is given, and its shadow on the other. */
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FunctionBody, FunctionName } from '../../../contract/functions.ts';
import { useServices } from '../../app/services.ts';
import { ConfirmDialog } from '../../parts/ConfirmDialog.tsx';
import { download } from '../../parts/download.ts';
import { Icon } from '../../parts/Icon.tsx';
import type { CodeHandle } from '../code/CodePane.tsx';
import { DraftPage } from '../drafts/DraftPage.tsx';
import { Modes } from '../drafts/Modes.tsx';
import { NotLoaded } from '../drafts/NotLoaded.tsx';
import { useDraft } from '../drafts/use-draft.ts';
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
  const { api } = useServices();
  const draft = useDraft(() => createFunctionEditor(api, name));
  const { editor, saved, dirty, failure } = draft;
  const { body } = draft.typed;
  const [side, setSide] = useState<Side>('try');
  const [open, setOpen] = useState<'publish' | 'remove'>();
  const [wanted, setWanted] = useState<{ readonly id: number }>();
  /** What was typed of each kind, so that looking at another kind loses nothing. */
  const kept = useRef(new Map<BodyKind, FunctionBody>());
  const code = useRef<CodeHandle>(null);
  const heading = t(`functions.names.${name}`);

  useEffect(() => {
    document.title = t('functions.editTitle', { name: heading });
  }, [heading, t]);

  const edit = (changed: FunctionBody) => editor.edit({ body: changed });
  function chooseKind(kind: BodyKind): void {
    kept.current.set(body.kind, body);
    edit(kept.current.get(kind) ?? freshBody(name, kind));
  }
  const goTo = ({ line, column }: { line: number; column: number }) => code.current?.goTo(line, column);

  if (!saved) return <NotLoaded failure={failure} onRetry={() => void editor.load()} />;
  const wellFormed = FunctionBody.safeParse(body).success;
  const ofThisText = sameBody(body, saved.body) ? (saved.failure ?? undefined) : undefined;
  const refusal = refusalIn(failure);
  return (
    <DraftPage
      name={heading}
      draft={draft}
      saved={saved}
      text={{
        language: 'javascript',
        present: bodyText(body),
        of: (theirs) => bodyText(theirs.body),
        ofRevision: async (revision) =>
          bodyText((await api.call('adminFunctionText', {}, { path: { name, revision: String(revision) } })).body),
        keep: () => download(`${name}-mine.js`, bodyText(body), 'text/javascript'),
      }}
      back={{ to: '/system/functions', label: t('functions.backToList') }}
      heading={
        <>
          <h1 className="function-name">{heading}</h1>
          <FunctionState {...saved} />
        </>
      }
      savable={wellFormed}
      publishable={wellFormed}
      onPublish={() => setOpen('publish')}
      more={{
        label: t('functions.moreFor', { name: heading }),
        items: [
          {
            label: t('functions.remove'),
            icon: 'trash',
            danger: true,
            disabled: saved.published === null,
            run: () => setOpen('remove'),
          },
        ],
      }}
      inUse={t('functions.decides')}
      conflictTitle={t('functions.conflict')}
      problem={
        refusal ? (
          <div className="failure" role="alert">
            <Icon name="alert" />
            <p>{t('functions.refused', { why: `${t(`functions.causes.${refusal.cause}`)} ${refusal.message}` })}</p>
          </div>
        ) : undefined
      }
    >
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
                onSave={() => void draft.save()}
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
        <PublishDialog name={heading} onPublish={() => void draft.publish()} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'remove' ? (
        <ConfirmDialog
          title={t('functions.removeTitle', { name: heading })}
          confirm={t('functions.remove')}
          onConfirm={() => {
            setOpen(undefined);
            void draft.change(() => api.call('adminFunctionDelete', {}, { path: { name } }), t('functions.removed'));
          }}
          onClose={() => setOpen(undefined)}
        >
          <p>{t('functions.removeText')}</p>
        </ConfirmDialog>
      ) : null}
    </DraftPage>
  );
}
