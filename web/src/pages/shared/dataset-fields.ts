import { graphql } from '../../data/graphql.ts';
import { type Query, useQuery } from '../../data/use-query.ts';
import type { DatasetName, FieldsOfDatasetQuery } from '../../generated/graphql.ts';
import { typesOf } from './datasets.ts';

const Fields = graphql(`
  query FieldsOfDataset($dimensions: String!, $measures: String!) {
    dimensions: __type(name: $dimensions) { enumValues { name description } }
    measures: __type(name: $measures) { enumValues { name description } }
  }
`);

export interface Field {
  /** Named as in questions: `latencyMs`. */
  readonly name: string;
  readonly description: string;
}

/** The dimensions and measures of a dataset, from the enums of its analytics. */
export function useFields(dataset: DatasetName) {
  const types = typesOf(dataset);
  const { data } = useQuery(Fields, () => ({
    dimensions: types.dimension,
    measures: types.measure,
  })) as Query<FieldsOfDatasetQuery>;
  const dimensions = fieldsOf(data?.dimensions?.enumValues);
  // A dataset that records success has rates.
  const rates = dimensions.some(({ name }) => name === 'success') ? ['errorRate', 'successRate'] : [];
  return { dimensions, measures: fieldsOf(data?.measures?.enumValues), rates };
}

const fieldsOf = (
  values: readonly { name: string; description?: string | null }[] | null | undefined,
): Field[] =>
  (values ?? []).map(({ name, description }) => ({ name: camelCase(name), description: description ?? '' }));

/** LATENCY_MS → latencyMs */
const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
