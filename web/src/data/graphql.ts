import type { graphql as typed } from '../generated/gql.ts';

/**
 * A document of the API. codegen reads it and types its variables and its answer by `schema.graphql`;
 * a document that does not fit fails. At run time it is its text.
 */
export const graphql = ((source: string) => source) as unknown as typeof typed;
