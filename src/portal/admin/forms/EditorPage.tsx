/** One form: its text or its questions on one side, what people will see of it on the other. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { toFailure } from '../../../api/failure.ts';
import { MAX_FORM_NAME } from '../../../contract/admin-forms.ts';
import type { Form } from '../../../contract/form.ts';
import { deriveFields } from '../../../forms/fields/derive.ts';
import { useServices } from '../../app/services.ts';
import { download } from '../../parts/download.ts';
import { useFailureText } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import type { Remark } from '../code/code-editor.ts';
import type { CodeHandle } from '../code/CodePane.tsx';
import { DraftPage } from '../drafts/DraftPage.tsx';
import { DraftState } from '../drafts/DraftState.tsx';
import { Findings } from '../drafts/Findings.tsx';
import { Modes } from '../drafts/Modes.tsx';
import { NotLoaded } from '../drafts/NotLoaded.tsx';
import { useDraft } from '../drafts/use-draft.ts';
import { Designer } from './Designer.tsx';
import { createFormEditor } from './form-editor.ts';
import { toFile } from './form-file.ts';
import { namesIn } from './names-in.ts';
import { PARTS, partWithFreeName } from './palette.ts';
import { Preview } from './Preview.tsx';
import { TryDialog } from './TryDialog.tsx';
import { useFindingText } from './use-finding-text.ts';
import './forms.css';

const FormCode = lazy(async () => ({ default: (await import('./FormCode.tsx')).FormCode }));

/** Milliseconds without a key, after which the form is looked at again. */
const SETTLED = 150;

const MODES = ['html', 'design'] as const;
type Mode = (typeof MODES)[number];

export function EditorPage() {
  const { id } = useParams({ strict: false });
  // Another form is another editor.
  return id === undefined ? null : <Editor key={id} id={id} />;
}

function Editor({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { api, account, notices } = useServices();
  const failureText = useFailureText();
  const navigate = useNavigate();
  const draft = useDraft(() => createFormEditor(api, id));
  const { editor, saved: form } = draft;
  const { name, html } = draft.typed;
  const me = useStore(account.store, ({ account: now }) => (now.at === 'in' ? now.me : undefined));
  const [mode, setMode] = useState<Mode>('html');
  const [trying, setTrying] = useState(false);
  const [others, setOthers] = useState<readonly { id: string; name: string }[]>([]);
  const code = useRef<CodeHandle>(null);
  const findingText = useFindingText();

  useEffect(() => {
    // Without the list, the form can be tried alone.
    api.call('forms', {}).then(setOthers, () => undefined);
  }, [api]);
  useEffect(() => {
    document.title = t('forms.editTitle', { name: form?.name ?? id });
  }, [form?.name, id, t]);

  const settled = useDeferredValue(useSettled(html, SETTLED));
  const derived = useMemo(() => deriveFields(settled), [settled]);
  const preview = useMemo<Form>(
    () => ({ id, name: '', html: settled, version: 1, fields: derived.fields }),
    [id, settled, derived],
  );
  const remarks = useMemo(
    () => derived.findings.map((finding) => ({ ...finding, message: findingText(finding) })),
    // The sentences change with the language alone, which draws everything anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [derived, t],
  );
  const names = useMemo(() => namesIn(settled, derived.fields), [settled, derived]);

  async function duplicate(): Promise<void> {
    try {
      const copy = await api.call('adminFormCreate', {
        name: t('forms.copyOf', { name }).slice(0, MAX_FORM_NAME),
        html,
      });
      await navigate({ to: '/system/sessions/forms/$id', params: { id: copy.id } });
    } catch (thrown) {
      notices.show({ kind: 'error', text: failureText(toFailure(thrown)) });
    }
  }
  function goTo({ line, column }: Remark): void {
    setMode('html');
    // The pane is there, hidden or not; the cursor can be set in the next frame.
    requestAnimationFrame(() => code.current?.goTo(line, column));
  }
  function insert(part: (typeof PARTS)[number]): void {
    const text = partWithFreeName(part, new Set(derived.fields.map((field) => field.name)));
    if (mode === 'html') code.current?.insert(text);
    else editor.edit({ html: `${html.replace(/\n*$/, '\n')}${text}\n` });
  }

  if (!form) return <NotLoaded failure={draft.failure} onRetry={() => void editor.load()} />;
  const named = name.trim() !== '';
  const unusable = derived.findings.some(({ severity }) => severity === 'error');
  return (
    <DraftPage
      name={form.name}
      draft={draft}
      saved={form}
      text={{
        language: 'html',
        present: html,
        of: (theirs) => theirs.html,
        ofRevision: async (revision) =>
          (await api.call('adminFormText', {}, { path: { id, revision: String(revision) } })).html,
        keep: () => download(`${id}-mine.html`, toFile(name, html), 'text/html'),
      }}
      back={{ to: '/system/sessions/forms', label: t('forms.backToList') }}
      heading={
        <>
          <h1 className="visually-hidden">{t('forms.editHeading', { name: form.name })}</h1>
          <input
            className="form-control draft-name"
            aria-label={t('forms.name')}
            value={name}
            maxLength={MAX_FORM_NAME}
            onChange={(event) => editor.edit({ name: event.target.value })}
          />
          <DraftState published={form.published} draft={form.draft} />
        </>
      }
      buttons={
        <button type="button" className="btn btn-quiet" onClick={() => setTrying(true)} disabled={unusable}>
          <Icon name="play" size={16} /> {t('forms.try')}
        </button>
      }
      savable={named}
      publishable={named && !unusable}
      onPublish={() => void draft.publish()}
      more={{
        label: t('forms.moreFor', { name: form.name }),
        items: [
          { label: t('forms.duplicate'), icon: 'plus', run: () => void duplicate() },
          {
            label: t('forms.export'),
            icon: 'tab',
            run: () => download(`${id}.html`, toFile(name, html), 'text/html'),
          },
        ],
      }}
      inUse={t('forms.asked')}
      conflictTitle={t('forms.conflict')}
    >
      <div className="draft-panes">
        <section className="draft-pane" aria-label={t('forms.source')}>
          <div className="draft-tools">
            <Modes
              label={t('forms.source')}
              modes={MODES}
              mode={mode}
              name={(one) => t(`forms.modes.${one}`)}
              onChange={setMode}
            />
            <Menu
              label={t('forms.insert')}
              className="btn btn-sm btn-quiet"
              items={PARTS.map((part) => ({ label: t(`forms.parts.${part.id}`), run: () => insert(part) }))}
            >
              <Icon name="plus" size={15} /> {t('forms.insert')}
            </Menu>
          </div>
          <div className="draft-text" hidden={mode !== 'html'}>
            <Suspense fallback={<p className="muted code-loading">{t('loading')}</p>}>
              <FormCode
                ref={code}
                html={html}
                remarks={remarks}
                names={names}
                onChange={(text) => editor.edit({ html: text })}
                onSave={() => void draft.save()}
              />
            </Suspense>
          </div>
          {mode === 'design' ? <Designer html={html} onChange={(text) => editor.edit({ html: text })} /> : null}
          <Findings findings={remarks} onGoTo={goTo} />
        </section>
        <Preview form={preview} />
      </div>

      {trying ? (
        <TryDialog
          draft={{ id, name: name.trim() || form.name, html }}
          others={others.filter((other) => other.id !== id)}
          login={me?.login ?? ''}
          onClose={() => setTrying(false)}
        />
      ) : null}
    </DraftPage>
  );
}
