/**
 * Where the focus is in a grid, and what keys do to it. The place is kept by the row's id, so that a list that changes
 * under the reader does not move it; when the row is gone, what came after it takes its place.
 */
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

/** Row -1 is the header. */
interface Place {
  readonly id: string | undefined;
  readonly row: number;
  readonly column: number;
}

export interface GridKeysOptions {
  readonly grid: RefObject<HTMLElement | null>;
  readonly ids: readonly string[];
  readonly columns: number;
  /** Rows that fit at once, for Page Up and Page Down. */
  readonly page: () => number;
  readonly scrollTo: (row: number) => void;
  /** What other keys do to a row; true when it was one of theirs. */
  readonly onKey: (event: KeyboardEvent, row: number) => boolean;
  /** Shift with the arrows. */
  readonly onExtend?: ((from: number, to: number) => void) | undefined;
}

export interface GridKeys {
  readonly row: number;
  readonly column: number;
  onKeyDown(event: KeyboardEvent): void;
  /** The focus came to a cell in another way: by pointer, or by a screen reader. */
  placed(row: number, column: number): void;
  /** Moves the focus into the grid. */
  enter(): void;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

export function useGridKeys(options: GridKeysOptions): GridKeys {
  const { grid, ids, columns } = options;
  const [place, setPlace] = useState<Place>({ id: undefined, row: 0, column: 0 });
  const wanted = useRef(false);
  const known = place.id === undefined ? -1 : ids.indexOf(place.id);
  const row = place.row < 0 ? -1 : clamp(known >= 0 ? known : place.row, ids.length === 0 ? -1 : 0, ids.length - 1);
  const column = clamp(place.column, 0, columns - 1);

  useEffect(() => {
    if (!wanted.current) return;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-cell="${row}:${column}"]`);
    if (!cell) return;
    wanted.current = false;
    (cell.querySelector<HTMLElement>('[data-widget]') ?? cell).focus({ preventScroll: true });
  });

  function go(to: number, at: number): void {
    const next = clamp(to, -1, ids.length - 1);
    wanted.current = true;
    setPlace({ id: ids[next], row: next, column: clamp(at, 0, columns - 1) });
    if (next >= 0) options.scrollTo(next);
  }

  return {
    row,
    column,
    placed(to, at) {
      setPlace((before) =>
        before.row === to && before.column === at && before.id === ids[to]
          ? before
          : { id: ids[to], row: to, column: at },
      );
    },
    enter: () => go(Math.max(row, 0), column),
    onKeyDown(event) {
      if (event.isDefaultPrevented() || event.altKey) return;
      const all = event.ctrlKey || event.metaKey;
      const goals: Record<string, readonly [row: number, column: number]> = {
        ArrowDown: [row + 1, column],
        ArrowUp: [row - 1, column],
        ArrowRight: [row, column + 1],
        ArrowLeft: [row, column - 1],
        PageDown: [Math.max(row, 0) + options.page(), column],
        PageUp: [Math.max(0, row - options.page()), column],
        // From the row's first cell on to the first row, as in a plain list; the same at the end.
        Home: all || column === 0 ? [0, 0] : [row, 0],
        End: all || column === columns - 1 ? [ids.length - 1, columns - 1] : [row, columns - 1],
      };
      const goal = goals[event.key];
      if (goal) {
        event.preventDefault();
        if (event.shiftKey && row >= 0 && goal[0] !== row) options.onExtend?.(row, clamp(goal[0], 0, ids.length - 1));
        go(...goal);
      } else if (row >= 0 && options.onKey(event, row)) {
        event.preventDefault();
        // What was deleted had the focus, which must not fall back to the page.
        wanted.current = event.key === 'Delete';
      }
    },
  };
}
