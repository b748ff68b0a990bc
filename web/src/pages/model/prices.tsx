import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { ModelPricesQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { named } from './named.ts';

const ModelPrices = graphql(`
  query ModelPrices($provider: String!, $model: String!) {
    prices(provider: $provider, model: $model) {
      serviceTier input output cachedInput cacheWrite source validFrom
    }
  }
`);

type Price = ModelPricesQuery['prices'][number];

const COLUMNS: readonly Column<Price>[] = [
  textColumn('tier', 'Tier', ({ serviceTier }) => serviceTier?.toLowerCase()),
  numberColumn('input', 'Input', 'usd', ({ input }) => input),
  numberColumn('output', 'Output', 'usd', ({ output }) => output),
  numberColumn('cached', 'Cache reads', 'usd', ({ cachedInput }) => cachedInput),
  numberColumn('write', 'Cache writes', 'usd', ({ cacheWrite }) => cacheWrite),
  textColumn('source', 'From', ({ source }) => source.toLowerCase()),
];

/** The current prices of the model in the price book. */
export function Prices() {
  const query = useQuery(ModelPrices, named);
  return (
    <TablePanel
      title="Prices"
      subtitle="USD per million tokens"
      query={query}
      empty={{
        title: 'The price book does not know this model',
        text: 'Set one with the mutation setPrice.',
      }}
      rowsOf={({ prices }) => prices}
      keyOf={({ serviceTier, validFrom }) => `${serviceTier} ${validFrom}`}
      columns={COLUMNS}
      dense
    />
  );
}
