/** What can be done to the chosen bookmark: a star, its place among the stars, its link, and an end to one's own. */
import { useTranslation } from 'react-i18next';
import type { Bookmark } from '../../contract/bookmark.ts';
import { toFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';
import { useFailureText } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { startLinkOf } from './start-link.ts';

export interface BookmarkBarProps {
  readonly bookmark: Bookmark;
  /** Ids in their order, as far as they are on the first page. */
  readonly favourites: readonly string[];
  readonly onChanged: () => void;
}

export function BookmarkBar({ bookmark, favourites, onChanged }: BookmarkBarProps) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const failureText = useFailureText();
  const { id, name, favourite } = bookmark;
  const place = favourites.indexOf(id);

  async function attempt(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      onChanged();
      return true;
    } catch (thrown) {
      notices.show({ kind: 'error', text: failureText(toFailure(thrown)) });
      return false;
    }
  }
  const star = (wanted: boolean, before?: string) =>
    attempt(() =>
      api.call(
        'bookmarkFavourite',
        { favourite: wanted, ...(before === undefined ? {} : { before }) },
        { path: { id } },
      ),
    );
  async function copy(): Promise<void> {
    const link = startLinkOf(id);
    try {
      await navigator.clipboard.writeText(link);
      notices.show({ kind: 'success', text: t('gallery.linkCopied', { name }) });
    } catch {
      // No secure page, or no permission: the link to copy by hand.
      notices.show({ kind: 'info', text: link });
    }
  }
  async function remove(): Promise<void> {
    const restore = () => void attempt(() => api.call('bookmarkRestore', {}, { path: { id } }));
    if (await attempt(() => api.call('bookmarkDelete', {}, { path: { id } }))) {
      notices.show({
        kind: 'success',
        text: t('gallery.deleted', { name }),
        action: { label: t('gallery.undo'), run: restore },
      });
    }
  }

  return (
    <fieldset className="bookmark-bar" aria-label={t('gallery.chosen', { name })}>
      <span className="bookmark-facts">
        <code title={bookmark.command}>{bookmark.command}</code>
        {bookmark.runAs === null ? null : (
          <span className="fact">
            <Icon name="user" size={15} /> {t('gallery.runsAs', { account: bookmark.runAs })}
          </span>
        )}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-pressed={favourite}
        aria-label={t('gallery.star')}
        title={t('gallery.star')}
        onClick={() => void star(!favourite)}
      >
        <Icon name={favourite ? 'starred' : 'star'} size={18} />
      </button>
      {favourite && favourites.length > 1 ? (
        <>
          <button
            type="button"
            className="icon-button"
            disabled={place <= 0}
            aria-label={t('gallery.earlier')}
            title={t('gallery.earlier')}
            onClick={() => void star(true, favourites[place - 1])}
          >
            <Icon name="back" size={18} />
          </button>
          <button
            type="button"
            className="icon-button turned"
            disabled={place < 0 || place === favourites.length - 1}
            aria-label={t('gallery.later')}
            title={t('gallery.later')}
            onClick={() => void star(true, favourites[place + 2])}
          >
            <Icon name="back" size={18} />
          </button>
        </>
      ) : null}
      <button
        type="button"
        className="icon-button"
        aria-label={t('gallery.copyLink')}
        title={t('gallery.copyLink')}
        onClick={() => void copy()}
      >
        <Icon name="link" size={18} />
      </button>
      {bookmark.kind === 'own' ? (
        <button
          type="button"
          className="icon-button"
          aria-label={t('gallery.delete')}
          title={t('gallery.delete')}
          onClick={() => void remove()}
        >
          <Icon name="trash" size={18} />
        </button>
      ) : null}
    </fieldset>
  );
}
