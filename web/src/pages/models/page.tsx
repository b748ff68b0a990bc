import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Column } from '../../parts/column.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { linkTo, param, setParams } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { CallCharts } from '../shared/call-charts.tsx';
import { numberColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

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
  numberColumn('calls', 'Calls', 'count', ({ calls }) => calls, { sortable: true }),
  numberColumn('success', 'Succeeded', 'ratio', (row) => row.successRate, { sortable: true }),
  numberColumn('mean', 'Mean', 'ms', (row) => row.averageLatencyMs, { sortable: true, hideBelow: 'medium' }),
  numberColumn('p95', 'p95', 'ms', ({ p95LatencyMs }) => p95LatencyMs, { sortable: true }),
  numberColumn('tokens', 'Tokens', 'tokens', ({ tokens }) => tokens, { sortable: true, hideBelow: 'narrow' }),
  numberColumn('cost', 'Cost', 'usd', ({ cost }) => cost, { sortable: true }),
  numberColumn('share', 'Share of cost', 'ratio', (row) => row.shareOfCost, { hideBelow: 'medium' }),
  numberColumn('unpriced', 'No price', 'count', ({ unpricedCalls }) => unpricedCalls, {
    hint: 'Calls whose cost is unknown. The cost does not include them.',
    hideBelow: 'medium',
  }),
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
  const query = useQuery(ModelsQuery, () => ({ range: range.value }), { everyMs: 30_000 });
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
      <TablePanel
        title={title}
        query={query}
        empty={{ text: 'No model calls in this range.' }}
        rowsOf={({ modelStats, providerStats }) => (byModel() ? modelStats : providerStats)}
        keyOf={({ provider, model = '' }) => `${provider}/${model}`}
        hrefOf={({ provider, model }) =>
          model === undefined ? undefined : linkTo('/models/one', { provider, model })
        }
        columns={byModel() ? [PROVIDER, MODEL, ...NUMBERS] : [PROVIDER, ...NUMBERS]}
      />
    </>
  );
}
