import { graphql } from '../../data/graphql.ts';
import type { Query } from '../../data/use-query.ts';
import type { PanelTableQuery } from '../../generated/graphql.ts';
import { columnsOfRows, readRows } from './flat.ts';
import { TablePanel } from './table-panel.tsx';

/** Asks any dataset for its measures by group. */
export const FlatRows = graphql(`
  query PanelTable(
    $dataset: DatasetName!
    $from: Float!
    $to: Float!
    $measures: [String!]!
    $groupBy: [String!]!
    $filter: JSON
    $orderBy: String
    $top: Int
  ) {
    table(
      dataset: $dataset, from: $from, to: $to, measures: $measures, groupBy: $groupBy, filter: $filter
      orderBy: $orderBy, top: $top
    )
  }
`);

interface FlatTableProps {
  readonly title: string;
  /** Default: the title. */
  readonly caption?: string;
  readonly query: Query<PanelTableQuery>;
  readonly groupBy: readonly string[];
  readonly measures: readonly string[];
}

/** The answer to `FlatRows` as a table. */
export function FlatTable({ groupBy, measures, ...panel }: FlatTableProps) {
  const { data } = panel.query;
  const columns = columnsOfRows(groupBy, measures);
  return (
    <TablePanel
      {...panel}
      empty={{ text: 'No event matches in this range.' }}
      table={data && { columns, rows: readRows(data.table) }}
      rowsOf={({ table }) => readRows(table)}
      dense
      keyOf={(row) => JSON.stringify(row)}
      columns={columns}
    />
  );
}
