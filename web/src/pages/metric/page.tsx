import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { Dependencies } from './dependencies.tsx';
import { History } from './history.tsx';
import { Tests } from './tests.tsx';
import { Use } from './use.tsx';

const OneMetric = graphql(`
  query OneMetric($metricId: String!) {
    metric(metricId: $metricId) {
      id metricId name description calculation dataSource owner tags trustScore testCount usageCount version
    }
  }
`);

/** One metric: its meaning, its dependencies, its history, its tests and its use. */
export function Page({ params }: PageProps) {
  const metricId = params['id'] ?? '';
  const query = useQuery(OneMetric, () => ({ metricId }), { everyMs: 60_000 });
  const metric = query.data?.metric;
  if (query.state === 'ready' && !metric) {
    return <Missing title="There is no such metric" list="/catalog" listName="The catalog" />;
  }
  return (
    <>
      <PageHead title={metric?.name ?? metricId} subtitle={metric?.description} />
      <Grid min={150} gap="tight">
        <Stat title="Trust (of 100)" value={metric?.trustScore} unit="number" />
        <Stat title="Tests" value={metric?.testCount} unit="count" />
        <Stat title="Uses" value={metric?.usageCount} unit="count" />
        <Stat title="Version" value={metric?.version} unit="count" />
      </Grid>
      <Panel title="Calculation" state={metric === undefined ? 'loading' : 'ready'}>
        <pre class="mono">{metric?.calculation}</pre>
        <p class="muted">
          {metric?.dataSource && `From ${metric.dataSource}. `}
          {metric?.owner && `Owned by ${metric.owner}.`}
        </p>
      </Panel>
      <Dependencies metricId={metricId} />
      <Tests metricId={metricId} />
      <Grid min={420}>
        <History metricId={metricId} />
        <Use metricId={metricId} />
      </Grid>
    </>
  );
}
