import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { linkTo, param, setParams } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { CallCharts } from '../shared/call-charts.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';

const ModelsQuery = graphql(`
  query Models($range: TimeRangeInput!) {
    providerStats(range: $range, first: 100) {
      provider calls successRate averageLatencyMs p95LatencyMs tokens cost shareOfCost unpricedCalls
    }
    modelStats(range: $range, first: 200) {
      provider model calls successRate averageLatencyMs p95LatencyMs tokens cost shareOfCost unpricedCalls
    }
  }
`);

type Optional = number | null | undefined;

interface Statistics {
  readonly provider: string;
  readonly model?: string;
  readonly calls: number;
  readonly successRate?: Optional;
  readonly averageLatencyMs?: Optional;
  readonly p95LatencyMs?: Optional;
  readonly tokens: number;
  readonly cost?: Optional;
  readonly shareOfCost?: Optional;
  readonly unpricedCalls: number;
}

const NUMBERS: readonly Column<Statistics>[] = [
  { key: 'calls', title: 'Calls', unit: 'count', value: ({ calls }) => calls, sortable: true },
  { key: 'success', title: 'Succeeded', unit: 'ratio', value: (row) => row.successRate, sortable: true },
  {
    key: 'mean',
    title: 'Mean',
    unit: 'ms',
    value: (row) => row.averageLatencyMs,
    sortable: true,
    hideBelow: 'medium',
  },
  { key: 'p95', title: 'p95', unit: 'ms', value: ({ p95LatencyMs }) => p95LatencyMs, sortable: true },
  {
    key: 'tokens',
    title: 'Tokens',
    unit: 'tokens',
    value: ({ tokens }) => tokens,
    sortable: true,
    hideBelow: 'narrow',
  },
  { key: 'cost', title: 'Cost', unit: 'usd', value: ({ cost }) => cost, sortable: true },
  {
    key: 'share',
    title: 'Share of cost',
    unit: 'ratio',
    value: (row) => row.shareOfCost,
    hideBelow: 'medium',
  },
  {
    key: 'unpriced',
    title: 'No price',
    unit: 'count',
    value: ({ unpricedCalls }) => unpricedCalls,
    hint: 'Calls whose cost is unknown: the cost leaves them out.',
    hideBelow: 'medium',
  },
];

const PROVIDER: Column<Statistics> = {
  key: 'provider',
  title: 'Provider',
  value: ({ provider }) => provider,
  sortable: true,
};
const MODEL: Column<Statistics> = {
  key: 'model',
  title: 'Model',
  value: ({ model }) => model,
  sortable: true,
};

const byModel = () => param('by').value !== 'provider';

/** Providers and models side by side: use, speed, failures and cost. */
export function Page() {
  const variables = () => ({ range: range.value });
  const query = useQuery(ModelsQuery, variables, { everyMs: 30_000 });
  const title = byModel() ? 'Models' : 'Providers';
  return (
    <>
      <PageHead title="Models and providers" subtitle="Use, speed, failures and cost" />
      <Tabs
        label="Group by"
        tabs={[
          { key: 'model', label: 'By model' },
          { key: 'provider', label: 'By provider' },
        ]}
        selected={byModel() ? 'model' : 'provider'}
        onSelect={(key) => setParams({ by: key === 'provider' ? key : null })}
      />
      <CallCharts by={() => (byModel() ? 'model' : 'provider')} group="models" />
      <QueryPanel
        title={title}
        query={query}
        document={ModelsQuery}
        variables={variables()}
        isEmpty={({ providerStats }) => providerStats.length === 0}
        empty={{ text: 'No model calls in this range.' }}
        flush
      >
        {({ modelStats, providerStats }) => (
          <DataTable<Statistics>
            caption={title}
            columns={byModel() ? [PROVIDER, MODEL, ...NUMBERS] : [PROVIDER, ...NUMBERS]}
            rows={byModel() ? modelStats : providerStats}
            keyOf={({ provider, model = '' }) => `${provider}/${model}`}
            hrefOf={({ provider, model }) =>
              model === undefined ? undefined : linkTo('/models/one', { provider, model })
            }
          />
        )}
      </QueryPanel>
    </>
  );
}
