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
  /** The content of a cell; if absent, the value with its unit. */
  cell?(row: Row): ComponentChildren;
  /** The value of a cell: used for sorting, and shown as the title of truncated text. */
  value?(row: Row): string | number | null | undefined;
  /** The unit of a number; such columns are right-aligned. */
  unit?: Unit;
  align?: 'left' | 'right';
  /** CSS, for example "120px" or "30%". Longer text is truncated. */
  width?: string;
  /** A long text takes several lines: for what must not be cut off. */
  wrap?: boolean;
  sortable?: boolean;
  /** Hidden if the table is narrower than 520 (`narrow`) or 800 (`medium`) pixels. */
  hideBelow?: 'narrow' | 'medium';
  /** What the column means, shown as the title of its head. */
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
