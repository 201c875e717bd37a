/** System › Sessions › Bookmarks: what there is for people to start. */
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../../api/failure.ts';
import { MAX_BOOKMARK_NAME, type Bookmark } from '../../../contract/bookmark.ts';
import { useServices } from '../../app/services.ts';
import { ago } from '../../parts/ago.ts';
import { useFailureText } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useNow } from '../../parts/use-now.ts';
import { AdminPage } from '../list/AdminPage.tsx';
import type { Column, RowAction } from '../list/columns.ts';
import { ListView } from '../list/ListView.tsx';
import { useRecordList } from '../list/use-record-list.ts';
import { useRows } from '../list/use-rows.ts';
import { BookmarkIcon } from './BookmarkIcon.tsx';
import { BookmarkPanel } from './BookmarkPanel.tsx';
import { toDraft, type Draft } from './draft.ts';
import { readAllBookmarks } from './read-all.ts';
import { useNames } from './use-names.ts';
import './bookmarks.css';

const rowId = (bookmark: Bookmark) => bookmark.id;
const rowName = (bookmark: Bookmark) => bookmark.name;
/** Those of the machine are not. */
const editable = (bookmark: Bookmark) => bookmark.kind === 'system';

export function BookmarksPage() {
  const { t, i18n } = useTranslation();
  const { api, notices } = useServices();
  const failureText = useFailureText();
  const now = useNow(60_000);
  const names = useNames();
  const source = useRows(useCallback((signal: AbortSignal) => readAllBookmarks(api, signal), [api]));
  const { list, panel, create, duplicate } = useRecordList<Bookmark, Draft>(source, {
    rowId,
    rowName,
    editable,
    remove: (id, keepalive) => api.call('bookmarkDelete', {}, { path: { id }, keepalive }),
    restore: (id) => api.call('bookmarkRestore', {}, { path: { id } }),
    copy: (row) => toDraft(row, t('forms.copyOf', { name: row.name }).slice(0, MAX_BOOKMARK_NAME)),
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
  const tags = useMemo(() => [...new Set(source.rows?.flatMap((row) => row.tags))].toSorted(), [source.rows]);

  return (
    <AdminPage
      heading={t('system.pages.bookmarks')}
      intro={t('bookmarks.intro')}
      buttons={
        <button type="button" className="btn btn-primary" onClick={create}>
          <Icon name="plus" size={17} /> {t('bookmarks.new')}
        </button>
      }
    >
      <div className="admin-split">
        <ListView
          {...list}
          label={t('system.pages.bookmarks')}
          columns={columns}
          initialSort={{ key: 'name', down: false }}
          actions={actions}
          empty={
            <>
              <h2>{t('bookmarks.none')}</h2>
              <p>{t('bookmarks.noneText')}</p>
              <button type="button" className="btn btn-primary" onClick={create}>
                {t('bookmarks.new')}
              </button>
            </>
          }
        />
        {panel ? <BookmarkPanel key={panel.key} {...panel.props} names={{ ...names, tags }} /> : null}
      </div>
    </AdminPage>
  );
}
