/** A list of the administration: its search and count, its states, what can be done to what is selected, and the table. */
import { useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../parts/Failure.tsx';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import type { Column, RowAction, Sort } from './columns.ts';
import { DataGrid, type DataGridHandle } from './DataGrid.tsx';
import { inOrder, index, matching } from './list-order.ts';
import type { Rows } from './use-rows.ts';
import './list.css';

/** What can be done to all that is selected. */
export interface BulkAction<Row> {
  readonly label: string;
  readonly icon: IconName;
  readonly danger?: boolean;
  readonly run: (rows: readonly Row[]) => void;
}

export interface ListViewProps<Row> {
  readonly label: string;
  readonly source: Pick<Rows<Row>, 'rows' | 'failure' | 'reload'>;
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  readonly initialSort?: Sort;
  readonly onOpen?: (row: Row) => void;
  readonly openId?: string | undefined;
  /** Asked for with Delete, the button of a row, or for all that is selected. */
  readonly onDelete?: (rows: readonly Row[]) => void;
  readonly canDelete?: (row: Row) => boolean;
  /** Ctrl+Z outside of a field; true when there was something to take back. */
  readonly onUndo?: () => boolean;
  readonly actions?: readonly RowAction<Row>[];
  readonly bulk?: readonly BulkAction<Row>[];
  /** Told of what is searched for, where the server has more than is here. */
  readonly onSearch?: (search: string) => void;
  /** Below the table. */
  readonly footer?: ReactNode;
  /** Beside the search. */
  readonly filters?: ReactNode;
  /** The rows are what filters of the page left; none is not the same as nothing at all. */
  readonly filtered?: boolean;
  readonly onClearFilters?: () => void;
  /** When there is nothing at all: what it is for and how to begin. */
  readonly empty: ReactNode;
}

/** Whether keys belong to what is being typed in. */
function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('dialog[open]')) return true;
  return target.matches('textarea, select, input:not([type="checkbox"], [type="radio"], [type="button"])');
}

const NO_ACTIONS: readonly never[] = [];

export function ListView<Row>(props: ListViewProps<Row>) {
  const { source, columns, rowId, rowName, onDelete, canDelete, onUndo, bulk = NO_ACTIONS } = props;
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState('');
  const [sort, setSort] = useState(props.initialSort);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<DataGridHandle>(null);

  // Three steps, each kept: a key typed goes over rows that are folded and in order already.
  const indexed = useMemo(() => index(source.rows ?? [], columns), [source.rows, columns]);
  const ordered = useMemo(
    () => inOrder(indexed, columns, sort, i18n.language),
    [indexed, columns, sort, i18n.language],
  );
  const wanted = useDeferredValue(typed);
  const rows = useMemo(() => matching(ordered, wanted), [ordered, wanted]);
  // What is not found is not acted upon, however it was selected.
  const selected = useMemo(() => new Set(rows.map(rowId).filter((id) => chosen.has(id))), [rows, rowId, chosen]);
  const selectable = onDelete !== undefined || bulk.length > 0;

  const latestUndo = useRef(onUndo);
  useEffect(() => {
    latestUndo.current = onUndo;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (typing(event.target) || event.defaultPrevented) return;
      if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        search.current?.focus();
        search.current?.select();
      } else if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
        if (latestUndo.current?.()) event.preventDefault();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const searchFor = (text: string) => {
    setTyped(text);
    props.onSearch?.(text);
  };
  const deletable = (some: readonly Row[]) => some.filter((row) => canDelete?.(row) ?? true);
  const remove = (some: readonly Row[]) => {
    const gone = deletable(some);
    if (gone.length > 0) onDelete?.(gone);
  };
  const actions: RowAction<Row>[] = [
    ...(props.actions ?? NO_ACTIONS),
    ...(onDelete
      ? [
          {
            key: 'delete',
            icon: 'trash',
            danger: true,
            label: (row: Row) => t('list.delete', { name: rowName(row) }),
            shown: (row: Row) => canDelete?.(row) ?? true,
            run: (row: Row) => remove([row]),
          } as const,
        ]
      : []),
  ];
  const picked = rows.filter((row) => selected.has(rowId(row)));

  if (!source.rows) {
    return source.failure ? (
      <Failure failure={source.failure} onRetry={() => void source.reload()} />
    ) : (
      <div className="grid-skeleton" aria-busy="true">
        <output className="visually-hidden">{t('loading')}</output>
        {Array.from({ length: 8 }, (_, at) => (
          <span key={at} className="skeleton" aria-hidden="true" />
        ))}
      </div>
    );
  }
  return (
    <div className="list-view">
      <div className="list-tools">
        <div className="search">
          <Icon name="search" size={17} />
          <input
            ref={search}
            type="search"
            className="form-control"
            aria-label={t('list.search')}
            aria-keyshortcuts="/"
            placeholder={t('list.searchHint')}
            value={typed}
            onChange={(event) => searchFor(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && typed !== '') {
                event.preventDefault();
                event.stopPropagation();
                searchFor('');
              } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
                event.preventDefault();
                grid.current?.focus();
              }
            }}
          />
        </div>
        {props.filters}
        <output className="list-count">
          {wanted.trim() === ''
            ? t('list.count', { count: rows.length })
            : t('list.matches', { count: rows.length, of: source.rows.length })}
        </output>
      </div>
      {source.failure ? (
        <div className="strip strip-warn">
          <Icon name="alert" />
          <output className="me-auto">{t('list.stale')}</output>
          <button type="button" className="btn btn-sm btn-quiet" onClick={() => void source.reload()}>
            {t('retry')}
          </button>
        </div>
      ) : null}
      {selectable && picked.length > 0 ? (
        <div className="list-selection" role="toolbar" aria-label={t('list.withSelected')}>
          <span className="me-auto">{t('list.selected', { count: picked.length })}</span>
          {bulk.map((action) => (
            <button
              key={action.label}
              type="button"
              className={action.danger ? 'btn btn-sm btn-quiet text-danger-own' : 'btn btn-sm btn-quiet'}
              onClick={() => action.run(picked)}
            >
              <Icon name={action.icon} size={16} /> {action.label}
            </button>
          ))}
          {onDelete && deletable(picked).length > 0 ? (
            <button type="button" className="btn btn-sm btn-quiet text-danger-own" onClick={() => remove(picked)}>
              <Icon name="trash" size={16} /> {t('list.deleteSelected', { count: deletable(picked).length })}
            </button>
          ) : null}
          <button type="button" className="btn btn-sm btn-link" onClick={() => setChosen(new Set())}>
            {t('list.clearSelection')}
          </button>
        </div>
      ) : null}
      {source.rows.length === 0 && !props.filtered ? <div className="empty list-empty">{props.empty}</div> : null}
      {rows.length === 0 && (source.rows.length > 0 || props.filtered) ? (
        <div className="empty list-empty">
          <p>{t('list.noMatch')}</p>
          <button
            type="button"
            className="btn btn-quiet"
            onClick={() => {
              searchFor('');
              props.onClearFilters?.();
            }}
          >
            {t('list.clearSearch')}
          </button>
        </div>
      ) : null}
      {rows.length > 0 ? (
        <DataGrid
          ref={grid}
          label={props.label}
          rows={rows}
          columns={columns}
          rowId={rowId}
          rowName={rowName}
          sort={sort}
          onSort={(key) => setSort((before) => ({ key, down: before?.key === key ? !before.down : false }))}
          onOpen={props.onOpen}
          openId={props.openId}
          selected={selectable ? selected : undefined}
          onSelect={selectable ? setChosen : undefined}
          onDelete={onDelete ? remove : undefined}
          actions={actions}
        />
      ) : null}
      {props.footer}
    </div>
  );
}
