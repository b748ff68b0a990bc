import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Graph } from '../../parts/graph.tsx';
import { linkToOne } from '../../state/location.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const DependenciesQuery = graphql(`
  query MetricDependencies($metricId: String!) {
    metric(metricId: $metricId) {
      name
      needs: dependencyGraph(direction: DEPENDENCIES, depth: 10) {
        nodes { name metric { metricId name } }
        edges { from to }
      }
      usedBy: dependencyGraph(direction: DEPENDENTS, depth: 10) {
        nodes { name metric { metricId name } }
        edges { from to }
      }
    }
  }
`);

/** What the metric is calculated from, and what is calculated from it. */
export function Dependencies({ metricId }: { metricId: string }) {
  const query = useQuery(DependenciesQuery, () => ({ metricId }));
  return (
    <QueryPanel
      title="Dependencies"
      query={query}
      isEmpty={({ metric }) => !metric || metric.needs.edges.length + metric.usedBy.edges.length === 0}
      empty={{ title: 'It depends on no other metric, and no metric depends on it' }}
    >
      {({ metric }) => {
        if (!metric) return null;
        const nodes = new Map(
          [...metric.needs.nodes, ...metric.usedBy.nodes].map(({ name, metric: described }) => [
            name,
            {
              key: name,
              label: described?.name ?? name,
              detail: described ? undefined : 'not in the catalog',
              href: described ? linkToOne('/catalog', described.metricId) : undefined,
            },
          ]),
        );
        return (
          <Graph
            title={`Dependencies of ${metric.name}`}
            nodes={[...nodes.values()]}
            edges={[...metric.needs.edges, ...metric.usedBy.edges]}
            selected={metric.name}
          />
        );
      }}
    </QueryPanel>
  );
}
