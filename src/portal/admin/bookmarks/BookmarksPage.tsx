/** System › Sessions › Bookmarks: what there is for people to start. */
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../../api/failure.ts';
import type { Bookmark } from '../../../contract/bookmark.ts';
import { useServices } from '../../app/services.ts';
import { ago } from '../../parts/ago.ts';
import { useFailureText } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useNow } from '../../parts/use-now.ts';
import { AdminPage } from '../list/AdminPage.tsx';
import type { Column, RowAction } from '../list/columns.ts';
import { ListView } from '../list/ListView.tsx';
import { useDeletes } from '../list/use-deletes.ts';
import { NEW, useOpen } from '../list/use-open.ts';
import { useRows } from '../list/use-rows.ts';
import { BookmarkIcon } from './BookmarkIcon.tsx';
import { BookmarkPanel } from './BookmarkPanel.tsx';
import { toDraft, type Draft } from './draft.ts';
import { readAllBookmarks } from './read-all.ts';
import { useNames } from './use-names.ts';
import './bookmarks.css';

const rowId = (bookmark: Bookmark) => bookmark.id;
const rowName = (bookmark: Bookmark) => bookmark.name;
const canDelete = (bookmark: Bookmark) => bookmark.kind === 'system';

export function BookmarksPage() {
  const { t, i18n } = useTranslation();
  const { api, notices } = useServices();
  const failureText = useFailureText();
  const now = useNow(60_000);
  const open = useOpen();
  const names = useNames();
  const [copied, setCopied] = useState<Draft>();
  const source = useRows(useCallback((signal: AbortSignal) => readAllBookmarks(api, signal), [api]));
  const { deletes, rows } = useDeletes(source.rows, rowId, {
    remove: (id, keepalive) => api.call('bookmarkDelete', {}, { path: { id }, keepalive }),
    restore: (id) => api.call('bookmarkRestore', {}, { path: { id } }),
    settled: () => void source.reload(),
  });

  const columns = useMemo<readonly Column<Bookmark>[]>(
    () => [
      {
        key: 'name',
        label: t('bookmarks.name'),
        text: (row) => row.name,
        width: 'minmax(9rem, 1.4fr)',
        render: (row) => (
          <>
            <BookmarkIcon icon={row.icon} command={row.command} size={18} /> {row.name}{' '}
            {row.builtin ? <span className="chip">{t('bookmarks.builtin')}</span> : null}
            {row.hidden ? <span className="chip chip-warn">{t('bookmarks.hidden')}</span> : null}
          </>
        ),
      },
      {
        key: 'command',
        label: t('bookmarks.command'),
        text: (row) => row.command,
        width: 'minmax(7rem, 1.4fr)',
        render: (row) => <span className="mono">{row.command}</span>,
      },
      {
        key: 'groups',
        label: t('bookmarks.groups'),
        text: (row) => row.groups.join(', ') || t('bookmarks.everybody'),
        width: 'minmax(6rem, 1fr)',
        narrow: true,
      },
      {
        key: 'tags',
        label: t('bookmarks.tags'),
        text: (row) => row.tags.join(', '),
        render: (row) =>
          row.tags.map((tag) => (
            <span key={tag} className="chip">
              {tag}
            </span>
          )),
        width: 'minmax(5rem, 0.8fr)',
      },
      {
        key: 'profile',
        label: t('bookmarks.profile'),
        text: (row) => row.profile ?? '–',
        width: 'minmax(5rem, 0.7fr)',
      },
      {
        key: 'changed',
        label: t('profiles.changed'),
        text: (row) => (row.changed === 0 ? '–' : ago(row.changed, now, i18n.language)),
        value: (row) => -row.changed,
        width: 'minmax(7rem, 0.8fr)',
      },
    ],
    [t, i18n.language, now],
  );

  async function hide(row: Bookmark): Promise<void> {
    try {
      const changed = await api.call('bookmarkHide', { hidden: !row.hidden }, { path: { id: row.id } });
      source.change((all) => all.map((one) => (one.id === changed.id ? changed : one)));
    } catch (thrown) {
      notices.show({ kind: 'error', text: failureText(toFailure(thrown)) });
    }
  }
  const duplicate = (row: Bookmark) => {
    setCopied(toDraft(row, t('forms.copyOf', { name: row.name }).slice(0, 128)));
    open.show(NEW);
  };
  const actions: readonly RowAction<Bookmark>[] = [
    {
      key: 'hide',
      icon: 'eye',
      label: (row) => t(row.hidden ? 'bookmarks.unhide' : 'bookmarks.hide', { name: row.name }),
      run: (row) => void hide(row),
    },
    {
      key: 'duplicate',
      icon: 'plus',
      label: (row) => t('bookmarks.duplicate', { name: row.name }),
      run: duplicate,
    },
  ];
  const shown = rows?.find((row) => row.id === open.id && row.kind === 'system');
  const remove = (gone: readonly Bookmark[]) => {
    deletes.remove(gone);
    if (gone.some((row) => row.id === open.id)) open.show(undefined);
  };
  const tags = useMemo(() => [...new Set(source.rows?.flatMap((row) => row.tags))].toSorted(), [source.rows]);
  const begin = () => {
    setCopied(undefined);
    open.show(NEW);
  };

  return (
    <AdminPage
      heading={t('system.pages.bookmarks')}
      intro={t('bookmarks.intro')}
      buttons={
        <button type="button" className="btn btn-primary" onClick={begin}>
          <Icon name="plus" size={17} /> {t('bookmarks.new')}
        </button>
      }
    >
      <div className="admin-split">
        <ListView
          label={t('system.pages.bookmarks')}
          source={{ ...source, rows }}
          columns={columns}
          rowId={rowId}
          rowName={rowName}
          initialSort={{ key: 'name', down: false }}
          openId={open.id}
          // One of the machine is opened as what can be done with it: a copy.
          onOpen={(row) => (row.kind === 'system' ? open.show(row.id) : duplicate(row))}
          onDelete={remove}
          canDelete={canDelete}
          onUndo={() => deletes.undo()}
          actions={actions}
          empty={
            <>
              <h2>{t('bookmarks.none')}</h2>
              <p>{t('bookmarks.noneText')}</p>
              <button type="button" className="btn btn-primary" onClick={begin}>
                {t('bookmarks.new')}
              </button>
            </>
          }
        />
        {open.id === NEW || shown ? (
          <BookmarkPanel
            key={open.id === NEW ? `${NEW}${copied?.name ?? ''}` : open.id}
            bookmark={open.id === NEW ? undefined : shown}
            begin={open.id === NEW ? copied : undefined}
            names={{ ...names, tags }}
            actions={
              shown
                ? [
                    { label: t('forms.delete'), icon: 'trash', danger: true, leaves: true, run: () => remove([shown]) },
                    { label: t('forms.duplicate'), icon: 'plus', run: () => duplicate(shown) },
                  ]
                : []
            }
            onSaved={(saved) => {
              source.change((all) => [...all.filter((row) => row.id !== saved.id), saved]);
              if (open.id === NEW) open.show(saved.id);
            }}
            onClose={() => open.show(undefined)}
          />
        ) : null}
      </div>
    </AdminPage>
  );
}
