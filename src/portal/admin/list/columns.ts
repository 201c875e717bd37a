/** What a list says of its columns and of what can be done to a row. */
import type { ReactNode } from 'react';
import type { IconName } from '../../parts/Icon.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** What the search reads, and what is shown unless `render` says otherwise. */
  readonly text: (row: Row) => string;
  /** What is sorted by, where the text is not it: times, sizes. */
  readonly value?: (row: Row) => number | string;
  readonly render?: (row: Row) => ReactNode;
  /** A track of a CSS grid. */
  readonly width: string;
  /** Also shown where there is room for little; the first column always is. */
  readonly narrow?: boolean;
  readonly align?: 'end';
}

/** A button at the end of each row. */
export interface RowAction<Row> {
  readonly key: string;
  readonly icon: IconName;
  readonly label: (row: Row) => string;
  readonly danger?: boolean;
  readonly shown?: (row: Row) => boolean;
  readonly run: (row: Row) => void;
}

export interface Sort {
  readonly key: string;
  readonly down: boolean;
}
