/** The bookmarks as tiles: searched, narrowed to a list or a tag, and drawn row by row where there are many. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Bookmark } from '../../contract/bookmark.ts';
import { BookmarkIcon } from '../parts/BookmarkIcon.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useBookmarks, type Wanted } from './use-bookmarks.ts';
import type { Catalogue } from './use-catalogue.ts';

/** Fewer are found faster by looking than by typing. */
const SEARCH_FROM = 7;
/** Fewer are all drawn; that is simpler for everybody, screen readers first. */
const ROWS_FROM = 120;
const TILE_WIDTH = 150;
const ROW_HEIGHT = 128;
const TAGS_SHOWN = 8;

export interface GalleryProps {
  readonly catalogue: Catalogue;
  readonly radio: UseFormRegisterReturn<'choice'>;
  readonly choice: string;
  readonly onChoose: (bookmark: Bookmark) => void;
  readonly onStart: () => void;
  /** The tile that is no bookmark. */
  readonly own: ReactNode;
}

export function Gallery({ catalogue, radio, choice, onChoose, onStart, own }: GalleryProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<Wanted>({ search: '', filter: 'all' });
  const { bookmarks, total, loading, failure, more } = useBookmarks(catalogue, wanted);
  const stars = catalogue.bookmarks.some(({ favourite }) => favourite);
  const mine = catalogue.bookmarks.some(({ kind }) => kind === 'own');
  const lists: { label: string; filter: Wanted['filter'] }[] = [
    { label: t('gallery.all'), filter: 'all' },
    ...(stars ? [{ label: t('gallery.favourites'), filter: 'favourites' } as const] : []),
    ...(mine ? [{ label: t('gallery.own'), filter: 'own' } as const] : []),
    ...catalogue.tags.slice(0, TAGS_SHOWN).map(({ tag }) => ({ label: tag, filter: { tag } })),
  ];
  const tile = (one: Bookmark) => (
    // A double click is a shortcut to the button below.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <label key={one.id} className="tile" title={one.command} onDoubleClick={onStart}>
      <input
        type="radio"
        value={one.id}
        {...radio}
        onChange={(event) => {
          onChoose(one);
          void radio.onChange(event);
        }}
      />
      <span className="tile-face">
        {one.favourite ? (
          <span className="tile-star" title={t('gallery.favourite')}>
            <Icon name="starred" size={16} />
          </span>
        ) : null}
        <BookmarkIcon icon={one.icon} command={one.command} />
        <span className="tile-name">{one.name}</span>
      </span>
    </label>
  );
  const isPlain = wanted.search.trim() === '' && wanted.filter === 'all';
  return (
    <fieldset className="gallery">
      <legend className="visually-hidden">{t('start.what')}</legend>
      {catalogue.total >= SEARCH_FROM || lists.length > 1 ? (
        <div className="gallery-head">
          {catalogue.total >= SEARCH_FROM ? (
            <label className="search">
              <Icon name="search" size={17} />
              <input
                type="search"
                className="form-control"
                placeholder={t('gallery.search')}
                aria-label={t('gallery.search')}
                value={wanted.search}
                maxLength={256}
                onKeyDown={(event) => {
                  // Enter in a search chooses what was found, and starts nothing yet.
                  if (event.key !== 'Enter') return;
                  event.preventDefault();
                  const [first] = bookmarks;
                  if (first && !loading) onChoose(first);
                }}
                onChange={(event) => setWanted({ ...wanted, search: event.target.value })}
              />
            </label>
          ) : null}
          {lists.length > 1 ? (
            <fieldset className="chips" aria-label={t('gallery.lists')}>
              {lists.map(({ label, filter }) => (
                <button
                  key={JSON.stringify(filter)}
                  type="button"
                  className="chip"
                  aria-pressed={JSON.stringify(filter) === JSON.stringify(wanted.filter)}
                  onClick={() => setWanted({ ...wanted, filter })}
                >
                  {label}
                </button>
              ))}
            </fieldset>
          ) : null}
        </div>
      ) : null}
      {failure ? <Failure failure={failure} /> : null}
      {bookmarks.length > ROWS_FROM || total > ROWS_FROM ? (
        <Rows bookmarks={bookmarks} total={total} choice={choice} tile={tile} more={more} last={isPlain ? own : null} />
      ) : (
        <div className="tiles" aria-busy={loading}>
          {bookmarks.map(tile)}
          {isPlain ? own : null}
        </div>
      )}
      <output className={isPlain ? 'visually-hidden' : 'field-help'}>
        {isPlain || loading ? '' : t('gallery.found', { count: total })}
      </output>
    </fieldset>
  );
}

interface RowsProps {
  readonly bookmarks: readonly Bookmark[];
  readonly total: number;
  readonly choice: string;
  readonly tile: (bookmark: Bookmark) => ReactNode;
  readonly more: () => void;
  readonly last: ReactNode;
}

/** Only the rows in sight are in the page; the pages behind them are read as they come near. */
function Rows({ bookmarks, total, choice, tile, more, last }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(4);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setColumns(Math.max(1, Math.floor(element.clientWidth / TILE_WIDTH))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const rows = Math.ceil(total / columns);
  // The compiler leaves this component alone; the list is its whole work anyway.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 3,
  });
  const shown = virtual.getVirtualItems();
  const end = ((shown.at(-1)?.index ?? 0) + 1) * columns;
  const latest = useRef(more);
  useEffect(() => {
    latest.current = more;
  });
  useEffect(() => {
    if (end > bookmarks.length) latest.current();
  }, [end, bookmarks.length]);
  const isShown = bookmarks.some(({ id }) => id === choice);
  return (
    <>
      {last === null ? null : <div className="tiles gallery-own">{last}</div>}
      {/* The box is scrolled by the arrow keys when no tile of it has the focus. */}
      <div ref={box} className="gallery-rows" tabIndex={isShown ? -1 : 0} role="presentation">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {shown.map((row) => (
            <div
              key={row.key}
              className="gallery-row"
              style={{ transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
            >
              {bookmarks.slice(row.index * columns, (row.index + 1) * columns).map(tile)}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}
