/**
 * Searching and sorting of a list. Both are done for every key that is typed, over 10,000 rows, so what a row is
 * searched by is folded once and kept, and a search goes over rows that are in order already.
 */
import type { Column, Sort } from './columns.ts';

/** As people type: neither case nor accents matter. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}

/** Each row with all that it can be found by. */
export interface Indexed<Row> {
  readonly row: Row;
  readonly hay: string;
}

export function index<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly Indexed<Row>[] {
  return rows.map((row) => ({ row, hay: fold(columns.map((column) => column.text(row)).join('\n')) }));
}

/** The collator is the slow part of a sort; one serves all. Numbers in names count as numbers. */
const collators = new Map<string, Intl.Collator>();
function collatorOf(locale: string): Intl.Collator {
  const made = collators.get(locale) ?? new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  collators.set(locale, made);
  return made;
}

export function inOrder<Row>(
  rows: readonly Indexed<Row>[],
  columns: readonly Column<Row>[],
  sort: Sort | undefined,
  locale: string,
): readonly Indexed<Row>[] {
  const column = columns.find(({ key }) => key === sort?.key);
  if (!column || !sort) return rows;
  const { compare } = collatorOf(locale);
  const value = column.value ?? column.text;
  // The key of a row is asked for once, not at every comparison.
  const keyed = rows.map((one) => ({ one, key: value(one.row) }));
  const turn = sort.down ? -1 : 1;
  keyed.sort((a, b) =>
    typeof a.key === 'number' && typeof b.key === 'number'
      ? (a.key - b.key) * turn
      : compare(String(a.key), String(b.key)) * turn,
  );
  return keyed.map(({ one }) => one);
}

/** Every word has to be somewhere in the row. */
export function matching<Row>(rows: readonly Indexed<Row>[], search: string): readonly Row[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? rows : rows.filter(({ hay }) => words.every((word) => hay.includes(word)));
  return found.map(({ row }) => row);
}
