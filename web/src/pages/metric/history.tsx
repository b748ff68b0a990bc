import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Diff } from '../../parts/diff.tsx';
import { Stack } from '../../parts/stack.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const HistoryQuery = graphql(`
  query MetricHistory($metricId: String!) {
    metric(metricId: $metricId) {
      history(first: 50) {
        nodes { id version field oldValue newValue changedBy changedAt comment }
      }
    }
  }
`);

/** What was changed, and by whom, as differences. */
export function History({ metricId }: { metricId: string }) {
  const query = useQuery(HistoryQuery, () => ({ metricId }));
  return (
    <QueryPanel
      title="History"
      query={query}
      isEmpty={({ metric }) => (metric?.history.nodes.length ?? 0) === 0}
      empty={{ title: 'No changes since it was created' }}
    >
      {({ metric }) => (
        <Stack>
          {metric?.history.nodes.map(
            ({ id, version, field, oldValue, newValue, changedBy, changedAt, comment }) => (
              <article key={id}>
                <p>
                  <strong>{field}</strong>{' '}
                  <span class="muted">
                    version {version}, {changedBy}, <Time at={changedAt} zone={zone.value} />
                    {comment && `: ${comment}`}
                  </span>
                </p>
                <Diff before={oldValue} after={newValue} />
              </article>
            ),
          )}
        </Stack>
      )}
    </QueryPanel>
  );
}
