import type { ComponentChildren } from 'preact';
import type { Unit } from '../format/value.ts';

/** How a table is sorted. */
export interface Sort {
  /** The key of a column. */
  key: string;
  direction: 'asc' | 'desc';
}

/** A column of {@link DataTable}. It needs `cell`, `value` or both. */
export interface Column<Row> {
  key: string;
  title: string;
  /** What a cell shows; the value with its unit if it is not given. */
  cell?(row: Row): ComponentChildren;
  /** What a cell is worth: it is sorted by, and shown as the title of a truncated text. */
  value?(row: Row): string | number | null | undefined;
  /** Of a number; such columns are aligned at the right. */
  unit?: Unit;
  align?: 'left' | 'right';
  /** CSS, for example "120px" or "30%". A text is truncated at it. */
  width?: string;
  /** A long text takes several lines: for what must not be cut off. */
  wrap?: boolean;
  sortable?: boolean;
  /** Left out where the table is narrower than 520 pixels, or than 800. */
  hideBelow?: 'narrow' | 'medium';
  /** What the column means: the title of its head. */
  hint?: string;
}

/** The class that a column gives its cells. */
export const classOf = ({
  align,
  unit,
  hideBelow,
  width,
  wrap,
}: Pick<Column<never>, 'align' | 'unit' | 'hideBelow' | 'width' | 'wrap'>): string =>
  [
    (align ?? (unit === undefined ? 'left' : 'right')) === 'right' ? 'cell-right' : '',
    hideBelow === undefined ? '' : `hide-below-${hideBelow}`,
    width?.endsWith('%') ? 'cell-share' : '',
    wrap ? 'cell-wrap' : '',
  ]
    .filter(Boolean)
    .join(' ');
