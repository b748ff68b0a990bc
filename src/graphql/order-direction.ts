import type { Parts } from './dataset/parts.ts';

/** The enum of sort directions; its values inside are `asc` and `desc`. */
export function orderDirection(parts: Parts) {
  return parts.once('OrderDirection', (builder) =>
    builder.enumType('OrderDirection', {
      description: 'Which way to sort. Absent values come last either way.',
      values: {
        ASC: { value: 'asc', description: 'Smallest or oldest first.' },
        DESC: { value: 'desc', description: 'Largest or newest first.' },
      } as const,
    }),
  );
}
