import { DataTable, type DataTableProps } from '../../parts/data-table.tsx';
import { ListPager, type PageInfo } from './cursors.tsx';
import { QueryPanel, type QueryPanelProps } from './query-panel.tsx';

type OfPanel<Result> = Omit<QueryPanelProps<Result>, 'isEmpty' | 'flush' | 'children'>;
type OfTable<Row> = Omit<DataTableProps<Row>, 'caption' | 'rows' | 'empty'>;

export interface TablePanelProps<Result, Row> extends OfPanel<Result>, OfTable<Row> {
  /** The rows for an answer. Without rows, the panel is empty. */
  readonly rowsOf: (data: Result) => readonly Row[];
  /** For a list with more rows than a page has: its pager becomes the footer. */
  readonly pageInfoOf?: (data: Result) => PageInfo;
  /** What the rows are, if the title alone does not say it. */
  readonly caption?: string;
}

/** A panel whose answer is a table. */
export function TablePanel<Result, Row>(props: TablePanelProps<Result, Row>) {
  const { rowsOf, pageInfoOf, caption = props.title, ...rest } = props;
  const { columns, keyOf, hrefOf, onOpen, sort, onSort, dense, maxHeight, ...panel } = rest;
  const { data } = panel.query;
  const pager = pageInfoOf && data && <ListPager pageInfo={pageInfoOf(data)} />;
  return (
    <QueryPanel
      {...panel}
      isEmpty={(answer) => rowsOf(answer).length === 0}
      footer={pager ?? panel.footer}
      flush
    >
      {(answer) => (
        <DataTable
          {...{ caption, columns, keyOf, hrefOf, onOpen, sort, onSort, dense, maxHeight }}
          rows={rowsOf(answer)}
        />
      )}
    </QueryPanel>
  );
}
