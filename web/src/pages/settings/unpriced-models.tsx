import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { UnpricedModelsQuery } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { linkTo } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { cellColumn, numberColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const UnpricedList = graphql(`
  query UnpricedModels($range: TimeRangeInput!) {
    llmCallAnalytics(range: $range, filter: { costProblem: { eq: NO_PRICE } }) {
      groups(first: 50, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { provider model }
        stats { count }
      }
    }
  }
`);

type Unpriced = UnpricedModelsQuery['llmCallAnalytics']['groups'][number];

const unpricedColumns = (
  onEdit: (model: { provider: string; model: string }) => void,
): readonly Column<Unpriced>[] => [
  cellColumn('model', 'Model', ({ dimensions: { provider, model } }) => (
    <a href={linkTo('/models/one', { provider, model })}>{`${provider} / ${model}`}</a>
  )),
  numberColumn('calls', 'Calls', 'count', ({ stats }) => stats.count),
  cellColumn(
    'set',
    '',
    ({ dimensions: { provider, model } }) => (
      <Button kind="plain" onClick={() => onEdit({ provider: provider ?? '', model: model ?? '' })}>
        Set a price
      </Button>
    ),
    { width: '120px' },
  ),
];

/** Models that were called but have no known price. */
export function UnpricedModels({ onEdit }: { onEdit: (model: { provider: string; model: string }) => void }) {
  const query = useQuery(UnpricedList, () => ({ range: range.value }));
  // If every model has a price, there is nothing to show.
  if (query.data?.llmCallAnalytics.groups.length === 0) return null;
  return (
    <TablePanel
      title="Models without a price"
      subtitle="Called in the selected range. Their calls have no cost."
      query={query}
      rowsOf={({ llmCallAnalytics }) => llmCallAnalytics.groups}
      keyOf={({ dimensions: { provider, model } }) => `${provider} ${model}`}
      columns={unpricedColumns(onEdit)}
      dense
    />
  );
}
