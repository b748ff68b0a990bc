import type { TypeRegistry } from '../type-registry.ts';

/** `DatasetName`: the name of a dataset. */
export function datasetName(types: TypeRegistry) {
  return types.once('DatasetName', (builder) =>
    builder.enumType('DatasetName', {
      description: 'The name of a dataset, as alert rules and retention policies write it.',
      values: Object.fromEntries(types.datasets.map(({ name, description }) => [name, { description }])),
    }),
  );
}
