import { graphql } from '../../data/graphql.ts';
import { type Query, useQuery } from '../../data/use-query.ts';
import type { FieldsOfDatasetQuery } from '../../generated/graphql.ts';

const Datasets = graphql(`
  query ExplorableDatasets {
    names: __type(name: "DatasetName") { enumValues { name } }
    root: __type(name: "Query") { fields { name type { name ofType { name } } } }
  }
`);

const Fields = graphql(`
  query FieldsOfDataset($dimensions: String!, $measures: String!) {
    dimensions: __type(name: $dimensions) { enumValues { name description } }
    measures: __type(name: $measures) { enumValues { name description } }
  }
`);

export interface Dataset {
  readonly name: string;
  /** What the names of its types begin with, such as LlmCall. */
  readonly prefix: string;
}

/** The datasets of the server: those of the enum DatasetName, with the types of their lists. */
export function useDatasets(): readonly Dataset[] {
  const { data } = useQuery(Datasets, () => ({}));
  const types = new Map(
    data?.root?.fields?.map(({ name, type }) => [name, type.name ?? type.ofType?.name ?? '']),
  );
  return (data?.names?.enumValues ?? []).map(({ name }) => ({
    name,
    prefix: types.get(name)?.replace(/Connection$/, '') ?? '',
  }));
}

export interface Field {
  /** As questions name it: `latencyMs`. */
  readonly name: string;
  readonly description: string;
}

/** The dimensions and measures of a dataset, by the enums of its analytics. */
export function useFields(prefix: string) {
  const { data } = useQuery(Fields, () => ({
    dimensions: `${prefix}Dimension`,
    measures: `${prefix}Measure`,
  })) as Query<FieldsOfDatasetQuery>;
  const dimensions = fieldsOf(data?.dimensions?.enumValues);
  // What records success has its rates.
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
