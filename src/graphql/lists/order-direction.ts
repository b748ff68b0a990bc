import type { TypeRegistry } from '../type-registry.ts';

/** The enum of sort directions. Resolvers get `asc` and `desc`. */
export function orderDirection(types: TypeRegistry) {
  return types.once('OrderDirection', (builder) =>
    builder.enumType('OrderDirection', {
      description: 'The sort direction. Absent values come last in both directions.',
      values: {
        ASC: { value: 'asc', description: 'Smallest or oldest first.' },
        DESC: { value: 'desc', description: 'Largest or newest first.' },
      } as const,
    }),
  );
}
