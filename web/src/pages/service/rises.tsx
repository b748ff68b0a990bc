import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { LatencyRisesQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { variables } from './variables.ts';

const LatencyRises = graphql(`
  query LatencyRises($range: TimeRangeInput!, $filter: RequestLogFilter) {
    latencyRises(range: $range, filter: $filter, by: RELEASE) {
      release at rise
      commit { shortHash message }
      before { p95LatencyMs }
      after { p95LatencyMs }
    }
  }
`);

type Rise = LatencyRisesQuery['latencyRises'][number];

const RISES: readonly Column<Rise>[] = [
  {
    key: 'release',
    title: 'Release',
    value: ({ release }) => release,
    cell: ({ release, commit }) => commit?.shortHash ?? release,
  },
  textColumn('commit', 'Commit', ({ commit }) => commit?.message, { hideBelow: 'narrow' }),
  numberColumn('before', 'p95 before', 'ms', ({ before }) => before.p95LatencyMs),
  numberColumn('after', 'p95 after', 'ms', ({ after }) => after.p95LatencyMs),
];

export function Rises() {
  const query = useQuery(LatencyRises, variables);
  return (
    <TablePanel
      title="Releases that made it slower"
      query={query}
      empty={{ text: 'No release in this range raised the 95th percentile.' }}
      rowsOf={({ latencyRises }) => latencyRises}
      keyOf={({ release, at }) => `${release} ${at}`}
      columns={RISES}
      dense
    />
  );
}
