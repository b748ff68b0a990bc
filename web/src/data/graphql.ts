import type { graphql as typed } from '../generated/gql.ts';
import { type Document, documentOf } from './document.ts';

/**
 * A document of the API. codegen reads it and derives the types of its variables and its answer
 * from `schema.graphql`; an invalid document fails. The build adds its id (web/documents.ts).
 */
export const graphql = ((text: string, id?: string): Document<unknown, unknown> =>
  documentOf(text, id ?? null)) as unknown as typeof typed;
