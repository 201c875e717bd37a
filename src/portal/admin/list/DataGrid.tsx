/**
 * A table of which only the rows in view are in the page. An ARIA grid: one tab stop, arrows from cell to cell, and a
 * cell that holds a control gives it the focus.
 */
// A table's own elements cannot be laid out a row at a time, at places of their own.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { defaultRangeExtractor, observeElementRect, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useImperativeHandle, useMemo, useRef, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';
import type { Column, RowAction, Sort } from './columns.ts';
import { useGridKeys } from './use-grid-keys.ts';
import { useNarrow } from './use-narrow.ts';

/** CSS pixels, as in the stylesheet. */
const ROW_HEIGHT = 46;
/** Pixels of height that are assumed until the page has been laid out. */
const ASSUMED_HEIGHT = 600;
const OVERSCAN = 8;

export interface DataGridHandle {
  focus(): void;
}

export interface DataGridProps<Row> {
  readonly label: string;
  /** Found, and in order. */
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  /** What a row is called by its checkbox. */
  readonly rowName: (row: Row) => string;
  readonly sort: Sort | undefined;
  readonly onSort: (key: string) => void;
  readonly onOpen?: ((row: Row) => void) | undefined;
  /** The row whose panel is open. */
  readonly openId?: string | undefined;
  readonly selected?: ReadonlySet<string> | undefined;
  readonly onSelect?: ((selected: ReadonlySet<string>) => void) | undefined;
  readonly onDelete?: ((rows: readonly Row[]) => void) | undefined;
  readonly actions?: readonly RowAction<Row>[] | undefined;
  readonly ref?: Ref<DataGridHandle>;
}

export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { rows, rowId, rowName, sort, selected, onSelect, onOpen, onDelete, actions = [] } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useNarrow(scroller);
  const columns = useMemo(
    () => props.columns.filter((column, at) => !narrow || at === 0 || column.narrow),
    [props.columns, narrow],
  );
  const ids = useMemo(() => rows.map(rowId), [rows, rowId]);
  const first = onSelect ? 1 : 0;
  const width = first + columns.length + actions.length;

  const active = useRef(-1);
  // It answers differently from render to render, so nothing here is kept by what it answered.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (at) => ids[at] ?? at,
    scrollPaddingStart: ROW_HEIGHT,
    initialRect: { width: 0, height: ASSUMED_HEIGHT },
    observeElementRect: (instance, report) =>
      observeElementRect(instance, (rect) => report(rect.height > 0 ? rect : { ...rect, height: ASSUMED_HEIGHT })),
    // What has the focus stays in the page, however far it is scrolled away.
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range);
      const at = active.current;
      return at < 0 || at >= rows.length || shown.includes(at) ? shown : [...shown, at].toSorted((a, b) => a - b);
    },
  });

  const change = (ids: Iterable<string>, on: boolean) => {
    const next = new Set(selected);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onSelect?.(next);
  };
  const toggle = (id: string) => change([id], !selected?.has(id));
  const anchor = useRef<number | undefined>(undefined);

  const keys = useGridKeys({
    grid: scroller,
    ids,
    columns: width,
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight || ASSUMED_HEIGHT) / ROW_HEIGHT) - 2),
    scrollTo: (at) => virtual.scrollToIndex(at),
    onExtend: onSelect ? (from, to) => change(ids.slice(Math.min(from, to), Math.max(from, to) + 1), true) : undefined,
    onKey(event, at) {
      const row = rows[at];
      const id = ids[at];
      if (row === undefined || id === undefined) return false;
      const onWidget = event.target instanceof HTMLElement && event.target.dataset['widget'] !== undefined;
      if (event.key === 'Enter' && onOpen && !onWidget) onOpen(row);
      else if (event.key === ' ' && onSelect && !onWidget) toggle(id);
      else if (event.key === 'Delete' && onDelete) {
        // The selection when the row is part of it; a row beside it is meant alone.
        onDelete(selected?.has(id) ? rows.filter((one) => selected.has(rowId(one))) : [row]);
      } else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && onSelect) change(ids, true);
      else if (event.key === 'Escape' && selected && selected.size > 0) onSelect?.(new Set());
      else return false;
      return true;
    },
  });
  active.current = keys.row;
  useImperativeHandle(props.ref, () => ({ focus: () => keys.enter() }));

  const tracks = [
    ...(onSelect ? ['2.6rem'] : []),
    ...columns.map((column, at) => (narrow ? `minmax(0, ${at === 0 ? 1.6 : 1}fr)` : column.width)),
    ...actions.map(() => '2.6rem'),
  ].join(' ');

  const cell = (row: number, column: number) => ({
    'data-cell': `${row}:${column}`,
    tabIndex: keys.row === row && keys.column === column ? 0 : -1,
    'aria-colindex': column + 1,
    onFocus: () => keys.placed(row, column),
  });
  /** Of a control in a cell, which has the focus in the cell's place. */
  const widget = (row: number, column: number) => ({
    'data-widget': '',
    tabIndex: keys.row === row && keys.column === column ? 0 : -1,
    onFocus: () => keys.placed(row, column),
  });
  const inCell = (row: number, column: number) => ({
    'data-cell': `${row}:${column}`,
    'aria-colindex': column + 1,
  });
  const someSelected = ids.some((id) => selected?.has(id));
  const allSelected = someSelected && ids.every((id) => selected?.has(id));

  const head = (): ReactNode => (
    <div className="grid-row grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
      {onSelect ? (
        <div className="grid-cell grid-check" role="columnheader" {...inCell(-1, 0)}>
          <input
            type="checkbox"
            className="form-check-input"
            aria-label={t('list.selectAll')}
            checked={allSelected}
            ref={(box) => {
              if (box) box.indeterminate = someSelected && !allSelected;
            }}
            onChange={() => change(ids, !allSelected)}
            {...widget(-1, 0)}
          />
        </div>
      ) : null}
      {columns.map((column, at) => {
        const sorted = sort?.key === column.key ? (sort.down ? 'descending' : 'ascending') : undefined;
        return (
          <div
            key={column.key}
            className={column.align === 'end' ? 'grid-cell grid-end' : 'grid-cell'}
            role="columnheader"
            aria-sort={sorted ?? 'none'}
            {...inCell(-1, first + at)}
          >
            <button
              type="button"
              className="grid-sort"
              onClick={() => props.onSort(column.key)}
              {...widget(-1, first + at)}
            >
              {column.label}
              <span className={`grid-arrow ${sorted ?? ''}`}>
                <Icon name="chevron" size={14} />
              </span>
            </button>
          </div>
        );
      })}
      {actions.map((action, at) => (
        <div key={action.key} className="grid-cell" role="columnheader" {...cell(-1, first + columns.length + at)}>
          <span className="visually-hidden">{t('list.action')}</span>
        </div>
      ))}
    </div>
  );

  return (
    // The grid's own keys; each of its cells is what has the focus.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      ref={scroller}
      className={narrow ? 'grid grid-narrow' : 'grid'}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={width}
      aria-multiselectable={onSelect ? true : undefined}
      onKeyDown={(event) => keys.onKeyDown(event)}
    >
      <div role="rowgroup" className="grid-top">
        {head()}
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          const id = ids[item.index];
          if (row === undefined || id === undefined) return null;
          const isSelected = selected?.has(id) ?? false;
          return (
            // Keys are the grid's; the pointer may hit anywhere in the row.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={item.key}
              className="grid-row"
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              aria-selected={onSelect ? isSelected : undefined}
              aria-current={props.openId === id ? 'true' : undefined}
              style={{ gridTemplateColumns: tracks, transform: `translateY(${item.start}px)` }}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest('input, button, a')) return;
                if (event.shiftKey && onSelect) {
                  const from = anchor.current ?? item.index;
                  change(ids.slice(Math.min(from, item.index), Math.max(from, item.index) + 1), true);
                } else if ((event.ctrlKey || event.metaKey) && onSelect) toggle(id);
                else onOpen?.(row);
                anchor.current = item.index;
              }}
            >
              {onSelect ? (
                <div className="grid-cell grid-check" role="gridcell" {...inCell(item.index, 0)}>
                  <input
                    type="checkbox"
                    className="form-check-input"
                    aria-label={t('list.select', { name: rowName(row) })}
                    checked={isSelected}
                    onChange={() => {
                      anchor.current = item.index;
                      toggle(id);
                    }}
                    {...widget(item.index, 0)}
                  />
                </div>
              ) : null}
              {columns.map((column, at) => (
                <div
                  key={column.key}
                  className={column.align === 'end' ? 'grid-cell grid-end' : 'grid-cell'}
                  role={at === 0 ? 'rowheader' : 'gridcell'}
                  {...cell(item.index, first + at)}
                >
                  {column.render ? column.render(row) : column.text(row)}
                </div>
              ))}
              {actions.map((action, at) => {
                const column = first + columns.length + at;
                return action.shown?.(row) === false ? (
                  <div key={action.key} className="grid-cell" role="gridcell" {...cell(item.index, column)} />
                ) : (
                  <div key={action.key} className="grid-cell" role="gridcell" {...inCell(item.index, column)}>
                    <button
                      type="button"
                      className={action.danger ? 'icon-button icon-button-danger' : 'icon-button'}
                      aria-label={action.label(row)}
                      title={action.label(row)}
                      onClick={() => action.run(row)}
                      {...widget(item.index, column)}
                    >
                      <Icon name={action.icon} size={17} />
                    </button>
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}
