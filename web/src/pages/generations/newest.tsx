import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { NewestGenerationsQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { linkToOne } from '../../state/location.ts';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const NewestGenerations = graphql(`
  query NewestGenerations($first: Int, $after: String, $last: Int, $before: String) {
    generations(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id generationId timestamp kind provider model success durationMs cost errorType
        architecture { id name }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const NewGeneration = graphql(`
  subscription NewGeneration {
    generationRecorded { id }
  }
`);

type Generation = NewestGenerationsQuery['generations']['nodes'][number];

const COLUMNS: readonly Column<Generation>[] = [
  timeColumn('time', 'Time', (row) => row.timestamp, { show: 'short' }),
  {
    key: 'outcome',
    title: 'Outcome',
    value: ({ success, errorType }) => (success ? 'succeeded' : (errorType ?? 'failed')),
    cell: ({ success, errorType }) => (
      <Badge tone={success ? 'good' : 'bad'}>{success ? 'succeeded' : (errorType ?? 'failed')}</Badge>
    ),
  },
  textColumn('name', 'Architecture', ({ architecture }) => architecture?.name, { width: '30%' }),
  textColumn('kind', 'Kind', ({ kind }) => kind, { hideBelow: 'narrow' }),
  textColumn('model', 'Model', ({ model }) => model, { hideBelow: 'medium' }),
  numberColumn('duration', 'Duration', 'ms', ({ durationMs }) => durationMs, { hideBelow: 'narrow' }),
  numberColumn('cost', 'Cost', 'usd', ({ cost }) => cost, { hideBelow: 'narrow' }),
];

/** The newest generations. Successful ones link to their architecture. */
export function Newest() {
  const query = useQuery(NewestGenerations, () => pageArguments(25), { everyMs: 60_000 });
  useLiveRefresh(query, NewGeneration, () => ({}));
  return (
    <TablePanel
      title="Newest generations"
      query={query}
      empty={{ title: 'No generations yet' }}
      rowsOf={({ generations }) => generations.nodes}
      pageInfoOf={({ generations }) => generations.pageInfo}
      keyOf={({ id }) => id}
      hrefOf={({ architecture, generationId }) =>
        architecture ? linkToOne('/generations', generationId) : undefined
      }
      columns={COLUMNS}
      dense
    />
  );
}
