/**
 * A list with one of its records in a panel beside it: which one is open, a new one, a copy, what was saved, and
 * deleting with a way back. What is open is in the address, also a new one and a copy of another: so whatever would
 * put something else into the panel has to leave it, and is asked about what is not saved.
 */
import { useTranslation } from 'react-i18next';
import type { DeletesOptions } from './deletes.ts';
import type { PanelAction } from './EditorPanel.tsx';
import type { ListViewProps } from './ListView.tsx';
import { useDeletes } from './use-deletes.ts';
import { NEW, useOpen, type Open } from './use-open.ts';
import type { Rows } from './use-rows.ts';

export interface RecordListOptions<Row, Draft> {
  readonly rowId: (row: Row) => string;
  readonly rowName: (row: Row) => string;
  readonly remove: DeletesOptions['remove'];
  readonly restore?: DeletesOptions['restore'];
  /** What a copy of one begins with. Without it, there are no copies. */
  readonly copy?: (row: Row) => Draft;
  /** One that is not is neither changed nor deleted; it opens as a copy. */
  readonly editable?: (row: Row) => boolean;
}

/** What the panel of one record is given. */
export interface RecordPanelProps<Row, Draft = never> {
  /** `undefined`: a new one. */
  readonly record: Row | undefined;
  /** What a new one begins with. */
  readonly begin?: Draft | undefined;
  readonly actions: readonly PanelAction[];
  readonly onSaved: (record: Row) => void;
  readonly onClose: () => void;
}

export interface RecordList<Row, Draft> {
  readonly open: Open;
  /** Without those that are deleted; `undefined` until they have been read. */
  readonly rows: readonly Row[] | undefined;
  readonly list: Pick<
    ListViewProps<Row>,
    'source' | 'rowId' | 'rowName' | 'openId' | 'onOpen' | 'onDelete' | 'canDelete' | 'onUndo'
  >;
  /** `undefined`: no record is open. Another `key` is another editor. */
  readonly panel: { readonly key: string; readonly props: RecordPanelProps<Row, Draft> } | undefined;
  readonly create: () => void;
  readonly duplicate: (row: Row) => void;
}

export function useRecordList<Row, Draft = never>(
  source: Rows<Row>,
  options: RecordListOptions<Row, Draft>,
): RecordList<Row, Draft> {
  const { rowId, rowName, copy, editable = () => true } = options;
  const { t } = useTranslation();
  const open = useOpen();
  const { deletes, rows } = useDeletes(source.rows, rowId, {
    remove: options.remove,
    restore: options.restore,
    settled: () => void source.reload(),
  });

  const close = () => open.show(undefined);
  const duplicate = (row: Row) => open.show(NEW + rowId(row));
  const remove = (gone: readonly Row[]) => {
    deletes.remove(gone.map((row) => ({ id: rowId(row), name: rowName(row) })));
    if (gone.some((row) => rowId(row) === open.id)) close();
  };
  const saved = (record: Row) => {
    deletes.kept(rowId(record));
    source.change((all) => [...all.filter((row) => rowId(row) !== rowId(record)), record]);
    if (rowId(record) !== open.id) open.show(rowId(record));
  };

  const byId = (id: string) => source.rows?.find((row) => rowId(row) === id);
  function panel(): RecordList<Row, Draft>['panel'] {
    const { id } = open;
    if (id === undefined) return undefined;
    const common = { onSaved: saved, onClose: close };
    if (id === NEW) return { key: id, props: { ...common, record: undefined, actions: [] } };
    if (copy && id.startsWith(NEW)) {
      if (!source.rows) return undefined;
      const original = byId(id.slice(NEW.length));
      const begin = original ? copy(original) : undefined;
      return { key: id, props: { ...common, record: undefined, begin, actions: [] } };
    }
    const record = rows?.find((row) => rowId(row) === id && editable(row));
    if (!record) return undefined;
    const actions: PanelAction[] = [
      { label: t('forms.delete'), icon: 'trash', danger: true, leaves: true, run: () => remove([record]) },
      ...(copy ? [{ label: t('forms.duplicate'), icon: 'plus', run: () => duplicate(record) } as const] : []),
    ];
    return { key: id, props: { ...common, record, actions } };
  }

  return {
    open,
    rows,
    list: {
      source: { ...source, rows },
      rowId,
      rowName,
      openId: open.id,
      onOpen: (row) => (editable(row) ? open.show(rowId(row)) : duplicate(row)),
      onDelete: remove,
      canDelete: editable,
      onUndo: () => deletes.undo(),
    },
    panel: panel(),
    create: () => open.show(NEW),
    duplicate,
  };
}
