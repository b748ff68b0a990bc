import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatValue } from '../format/value.ts';
import '../styles/data-table.css';
import { type Column, classOf, type Sort } from './column.ts';
import { useOfferTable } from './offer-table.ts';
import type { PanelTable } from './panel-table.ts';
import { TableHead } from './table-head.tsx';

export interface DataTableProps<Row> {
  /** What the rows are, read aloud before the table. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  /** If given, each row links to it. */
  hrefOf?(row: Row): string | undefined;
  /** If given, each row without a link is a button that calls it. */
  onOpen?(row: Row): void;
  sort?: Sort | null;
  /** Called with the requested order. If absent, the table sorts its rows itself. */
  onSort?(sort: Sort): void;
  /** Shown in place of rows. */
  empty?: ComponentChildren;
  dense?: boolean;
  /** In pixels; beyond it, the rows scroll below their head. */
  maxHeight?: number;
}

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
): readonly Row[] {
  const value = columns.find(({ key }) => key === sort?.key)?.value;
  if (value === undefined || sort === null) return rows;
  const sign = sort.direction === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a) ?? null, value(b) ?? null];
    // Missing values come last in both directions.
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * String(left).localeCompare(String(right), 'en', { numeric: true });
  });
}

/** The downloaded columns: those that have values. */
function valuesOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): PanelTable {
  const valued = columns.filter(({ value }) => value !== undefined);
  return {
    columns: valued.map(({ key, title, unit }) => ({ key, title, unit })),
    rows: rows.map((row) => Object.fromEntries(valued.map(({ key, value }) => [key, value?.(row) ?? null]))),
  };
}

/** Rows of values: a real table, whose head stays while its rows scroll. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, hrefOf, onOpen, onSort, empty, dense = false, maxHeight } = props;
  const [own, setOwn] = useState<Sort | null>(props.sort ?? null);
  const sort = onSort === undefined ? own : (props.sort ?? null);
  const shown = onSort === undefined ? sorted(rows, columns, sort) : rows;
  useOfferTable(() => valuesOf(columns, shown));
  return (
    <section
      class="data-table"
      aria-label={`Table: ${caption}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content needs the keyboard.
      tabIndex={0}
      style={maxHeight === undefined ? undefined : { maxHeight: `${maxHeight}px` }}
    >
      <table class={dense ? 'data-table-dense' : undefined}>
        <caption class="visually-hidden">{caption}</caption>
        <TableHead columns={columns} sort={sort} onSort={onSort ?? setOwn} />
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, index) => (
                <Cell
                  key={column.key}
                  {...{ column, row }}
                  href={index === 0 ? hrefOf?.(row) : undefined}
                  onOpen={index === 0 ? onOpen : undefined}
                />
              ))}
            </tr>
          ))}
          {shown.length === 0 && (
            <tr class="data-table-empty">
              <td colSpan={columns.length}>{empty ?? 'No rows.'}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps<Row> {
  column: Column<Row>;
  row: Row;
  href: string | undefined;
  onOpen: ((row: Row) => void) | undefined;
}

/** A cell. The one in the first column contains the link of its row, which covers the whole row. */
function Cell<Row>({ column, row, href, onOpen }: CellProps<Row>) {
  const value = column.value?.(row);
  const unit = column.unit ?? 'number';
  const text = typeof value === 'number' ? formatValue(value, unit, 'column') : (value ?? '–');
  const title = typeof value === 'number' ? formatValue(value, unit, 'long') : (value ?? undefined);
  const content = column.cell?.(row) ?? text;
  return (
    <td
      class={classOf(column)}
      style={{ '--column-width': column.width }}
      title={title}
      // A text from right to left is cut off where it ends.
      dir={typeof value === 'string' ? 'auto' : undefined}
    >
      {href !== undefined ? (
        <a class="row-link" href={href}>
          {content}
        </a>
      ) : onOpen !== undefined ? (
        <button type="button" class="row-link" onClick={() => onOpen(row)}>
          {content}
        </button>
      ) : (
        content
      )}
    </td>
  );
}
