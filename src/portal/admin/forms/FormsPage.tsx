/** System › Sessions › Forms: all forms, what state they are in, and which of them own commands are asked. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import type { ApiResult } from '../../../contract/api.ts';
import type { AdminFormSummary } from '../../../contract/admin-forms.ts';
import { useServices } from '../../app/services.ts';
import { ago } from '../../parts/ago.ts';
import { ConfirmDialog } from '../../parts/ConfirmDialog.tsx';
import { Failure, useFailureText } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { useNow } from '../../parts/use-now.ts';
import { DefaultForms } from './DefaultForms.tsx';
import { download } from '../../parts/download.ts';
import { fromFile, MAX_FILE_BYTES, toFile } from './form-file.ts';
import { DraftState } from '../drafts/DraftState.tsx';
import { NewFormDialog } from './NewFormDialog.tsx';
import { EXAMPLE } from './palette.ts';
import './forms.css';

type Listed = ApiResult<'adminForms'>;

export function FormsPage() {
  const { t, i18n } = useTranslation();
  const { api, notices } = useServices();
  const failureText = useFailureText();
  const navigate = useNavigate();
  const now = useNow(30_000);
  const [listed, setListed] = useState<Listed>();
  const [failure, setFailure] = useState<ApiFailure>();
  const [removing, setRemoving] = useState<AdminFormSummary>();
  const [naming, setNaming] = useState(false);
  const orders = useRef<Promise<void>>(Promise.resolve());
  const file = useRef<HTMLInputElement>(null);

  const load = useCallback(
    () =>
      api.call('adminForms', {}).then(
        (found) => {
          setListed(found);
          setFailure(undefined);
        },
        (thrown: unknown) => setFailure(toFailure(thrown)),
      ),
    [api],
  );
  useEffect(() => {
    document.title = t('forms.title');
    void load();
  }, [load, t]);

  function say(thrown: unknown): void {
    notices.show({ kind: 'error', text: failureText(toFailure(thrown)) });
  }

  async function create(name: string, html: string): Promise<void> {
    try {
      const { id } = await api.call('adminFormCreate', { name, html });
      await navigate({ to: '/system/sessions/forms/$id', params: { id } });
    } catch (thrown) {
      say(thrown);
    }
  }

  async function withText(form: AdminFormSummary, then: (html: string) => unknown): Promise<void> {
    try {
      await then((await api.call('adminForm', {}, { path: { id: form.id } })).html);
    } catch (thrown) {
      say(thrown);
    }
  }

  async function importFile(chosen: File): Promise<void> {
    if (chosen.size > MAX_FILE_BYTES) {
      notices.show({ kind: 'error', text: t('forms.fileTooBig') });
      return;
    }
    const { name, html } = fromFile(chosen.name, await chosen.text());
    await create(name, html);
  }

  function order(defaults: readonly string[]): void {
    if (!listed) return;
    const before = listed.defaults;
    setListed({ ...listed, defaults: [...defaults] });
    // One after the other: each says what the list was before it.
    orders.current = orders.current
      .then(() => api.call('adminFormDefaults', { forms: [...defaults], before }))
      .then(
        () => undefined,
        (thrown: unknown) => {
          say(thrown);
          return load();
        },
      );
  }

  const remove = (form: AdminFormSummary) =>
    void api.call('adminFormDelete', {}, { path: { id: form.id } }).then(load, (thrown: unknown) => {
      say(thrown);
      void load();
    });

  const published = listed?.forms.filter((form) => form.published !== null) ?? [];
  return (
    <main className="home forms-page">
      <div className="home-head">
        <h1>{t('forms.heading')}</h1>
        <button type="button" className="btn btn-quiet" onClick={() => file.current?.click()}>
          {t('forms.import')}
        </button>
        <input
          ref={file}
          type="file"
          accept=".html,.htm,text/html"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('forms.import')}
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = '';
            if (chosen) void importFile(chosen);
          }}
        />
        <button type="button" className="btn btn-primary" onClick={() => setNaming(true)}>
          <Icon name="plus" size={17} /> {t('forms.new')}
        </button>
      </div>
      <p className="muted forms-intro">{t('forms.intro')}</p>
      {failure ? <Failure failure={failure} onRetry={() => void load()} /> : null}
      {!listed && !failure ? <p className="muted">{t('loading')}</p> : null}
      {listed?.forms.length === 0 ? (
        <div className="empty">
          <h2>{t('forms.none')}</h2>
        </div>
      ) : null}
      <div className="forms-columns">
        {listed && listed.forms.length > 0 ? (
          <ul className="form-list">
            {listed.forms.map((form) => (
              <li key={form.id}>
                <Icon name="form" size={22} />
                <div className="form-list-name">
                  <Link to="/system/sessions/forms/$id" params={{ id: form.id }}>
                    {form.name}
                  </Link>
                  <span className="muted">
                    <code>{form.id}</code>{' '}
                    {form.at === 0
                      ? t('drafts.shipped')
                      : t('drafts.savedBy', { who: form.by, when: ago(form.at, now, i18n.language) })}
                  </span>
                </div>
                {form.warnings > 0 ? (
                  <span className="draft-badge draft-badge-warn">
                    {t('drafts.findingCount', { count: form.warnings })}
                  </span>
                ) : null}
                <DraftState published={form.published} draft={form.draft} />
                <Menu
                  label={t('forms.moreFor', { name: form.name })}
                  items={[
                    {
                      label: t('forms.duplicate'),
                      icon: 'plus',
                      run: () =>
                        void withText(form, (html) =>
                          create(t('forms.copyOf', { name: form.name }).slice(0, 80), html),
                        ),
                    },
                    {
                      label: t('forms.export'),
                      icon: 'log',
                      run: () =>
                        void withText(form, (html) =>
                          download(`${form.id}.html`, toFile(form.name, html), 'text/html'),
                        ),
                    },
                    { label: t('forms.delete'), icon: 'trash', danger: true, run: () => setRemoving(form) },
                  ]}
                />
              </li>
            ))}
          </ul>
        ) : null}
        {listed ? <DefaultForms forms={published} defaults={listed.defaults} onChange={order} /> : null}
      </div>
      {naming ? (
        <NewFormDialog onCreate={(name) => void create(name, EXAMPLE)} onClose={() => setNaming(false)} />
      ) : null}
      {removing ? (
        <ConfirmDialog
          title={t('forms.deleteTitle', { name: removing.name })}
          confirm={t('forms.delete')}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(undefined)}
        >
          <p>{t('forms.deleteText')}</p>
        </ConfirmDialog>
      ) : null}
    </main>
  );
}
