import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { named } from './named.ts';

const ModelPrices = graphql(`
  query ModelPrices($provider: String!, $model: String!) {
    prices(provider: $provider, model: $model) {
      serviceTier input output cachedInput cacheWrite source validFrom
    }
  }
`);

/** What the price book says of the model now. */
export function Prices() {
  const query = useQuery(ModelPrices, named);
  return (
    <QueryPanel
      title="Prices"
      subtitle="USD per million tokens"
      query={query}
      document={ModelPrices}
      variables={named()}
      isEmpty={({ prices }) => prices.length === 0}
      empty={{
        title: 'The price book does not know this model',
        text: 'The mutation setPrice sets a price.',
      }}
      flush
    >
      {({ prices }) => (
        <DataTable
          caption="Prices"
          dense
          rows={prices}
          keyOf={({ serviceTier, validFrom }) => `${serviceTier} ${validFrom}`}
          columns={[
            { key: 'tier', title: 'Tier', value: ({ serviceTier }) => serviceTier?.toLowerCase() },
            { key: 'input', title: 'Input', unit: 'usd', value: ({ input }) => input },
            { key: 'output', title: 'Output', unit: 'usd', value: ({ output }) => output },
            { key: 'cached', title: 'Cache reads', unit: 'usd', value: ({ cachedInput }) => cachedInput },
            { key: 'write', title: 'Cache writes', unit: 'usd', value: ({ cacheWrite }) => cacheWrite },
            { key: 'source', title: 'From', value: ({ source }) => source.toLowerCase() },
          ]}
        />
      )}
    </QueryPanel>
  );
}
