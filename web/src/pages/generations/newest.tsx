import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';

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

/** The newest generations; those that succeeded lead to their architecture. */
export function Newest() {
  const variables = () => pageArguments(25);
  const query = useQuery(NewestGenerations, variables, { everyMs: 60_000 });
  useLive(NewGeneration, () => ({}), { onEvent: query.refreshSoon, onResumed: query.refreshSoon });
  return (
    <QueryPanel
      title="Newest generations"
      query={query}
      document={NewestGenerations}
      variables={variables()}
      isEmpty={({ generations }) => generations.nodes.length === 0}
      empty={{ title: 'Nothing was generated yet' }}
      footer={query.data && <ListPager pageInfo={query.data.generations.pageInfo} />}
      flush
    >
      {({ generations }) => (
        <DataTable
          caption="Newest generations"
          dense
          rows={generations.nodes}
          keyOf={({ id }) => id}
          hrefOf={({ architecture, generationId }) =>
            architecture ? linkTo(`/generations/${encodeURIComponent(generationId)}`) : undefined
          }
          columns={[
            {
              key: 'time',
              title: 'Time',
              cell: (row) => <Time at={row.timestamp} zone={zone.value} show="short" />,
              value: (row) => row.timestamp,
            },
            {
              key: 'outcome',
              title: 'Outcome',
              value: ({ success, errorType }) => (success ? 'succeeded' : (errorType ?? 'failed')),
              cell: ({ success, errorType }) => (
                <Badge tone={success ? 'good' : 'bad'}>
                  {success ? 'succeeded' : (errorType ?? 'failed')}
                </Badge>
              ),
            },
            { key: 'name', title: 'Architecture', value: ({ architecture }) => architecture?.name },
            { key: 'kind', title: 'Kind', value: ({ kind }) => kind, hideBelow: 'narrow' },
            { key: 'model', title: 'Model', value: ({ model }) => model, hideBelow: 'medium' },
            { key: 'duration', title: 'Duration', unit: 'ms', value: ({ durationMs }) => durationMs },
            { key: 'cost', title: 'Cost', unit: 'usd', value: ({ cost }) => cost, hideBelow: 'narrow' },
          ]}
        />
      )}
    </QueryPanel>
  );
}
