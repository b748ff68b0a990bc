import type { ComponentChildren } from 'preact';
import type { Unit } from '../../format/value.ts';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';

/** What a column may say besides its key, its title and its values. */
type Rest<Row> = Omit<Column<Row>, 'key' | 'title' | 'value' | 'unit' | 'cell'>;

/** A column of words, which are shown as they are. */
export const textColumn = <Row,>(
  key: string,
  title: string,
  value: (row: Row) => string | null | undefined,
  rest?: Rest<Row>,
): Column<Row> => ({ key, title, value, ...rest });

/** A column of numbers, which are shown with their unit. */
export const numberColumn = <Row,>(
  key: string,
  title: string,
  unit: Unit,
  value: (row: Row) => number | null | undefined,
  rest?: Rest<Row>,
): Column<Row> => ({ key, title, unit, value, ...rest });

/** A column of times: how long ago they were, or in the zone of the page with `show`. */
export const timeColumn = <Row,>(
  key: string,
  title: string,
  value: (row: Row) => string | null,
  { show, ...rest }: Rest<Row> & { show?: 'short' | 'exact' } = {},
): Column<Row> => ({
  key,
  title,
  value,
  cell: (row) => <Time at={value(row)} zone={zone.value} show={show} />,
  ...rest,
});

/** A column that is drawn: it is neither sorted nor downloaded. */
export const cellColumn = <Row,>(
  key: string,
  title: string,
  cell: (row: Row) => ComponentChildren,
  rest?: Rest<Row>,
): Column<Row> => ({ key, title, cell, ...rest });
