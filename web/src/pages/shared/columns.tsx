import type { ComponentChildren } from 'preact';
import type { Unit } from '../../format/value.ts';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';

/** The properties of a column besides its key, its title and its values. */
type Rest<Row> = Omit<Column<Row>, 'key' | 'title' | 'value' | 'unit' | 'cell'>;

/** A column of text, shown as it is. */
export const textColumn = <Row,>(
  key: string,
  title: string,
  value: (row: Row) => string | null | undefined,
  rest?: Rest<Row>,
): Column<Row> => ({ key, title, value, ...rest });

/** A column of numbers, shown with their unit. */
export const numberColumn = <Row,>(
  key: string,
  title: string,
  unit: Unit,
  value: (row: Row) => number | null | undefined,
  rest?: Rest<Row>,
): Column<Row> => ({ key, title, unit, value, ...rest });

/** A column of times: as ages, or with `show` in the zone of the page. */
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

/** A column with custom content, which is neither sorted nor downloaded. */
export const cellColumn = <Row,>(
  key: string,
  title: string,
  cell: (row: Row) => ComponentChildren,
  rest?: Rest<Row>,
): Column<Row> => ({ key, title, cell, ...rest });
