import type { TypedDocumentString } from '../generated/graphql.ts';

/** A document, with the types of its variables and of its answer. As text it is what GraphQL reads. */
export type Document<Result, Variables> = TypedDocumentString<Result, Variables>;

/** What a document is at run time. */
interface Sent {
  /** By which the server of the same build knows it; null: it is sent as text. */
  readonly id: string | null;
  toString(): string;
}

export const documentOf = <Result, Variables>(
  text: string,
  id: string | null,
): Document<Result, Variables> => {
  const document: Sent = { id, toString: () => text };
  return document as unknown as Document<Result, Variables>;
};

/** The members of a request that say which document it is about. */
export type Named = { readonly documentId: string } | { readonly query: string };

/**
 * A document as a request names it: by its id, or by its text if the server does not know the id. That happens
 * where the server is of another version than the page.
 */
export function named<Result, Variables>(document: Document<Result, Variables>, byText = false): Named {
  const { id } = document as unknown as Sent;
  return id === null || byText ? { query: String(document) } : { documentId: id };
}

/** The version before says it so, and names no argument. */
const UNKNOWN = 'There is no trusted document';

export interface ApiError {
  readonly message?: string;
  readonly extensions?: { readonly code?: string; readonly argument?: string };
}

/** Whether an error of the API says that the server does not know the id of a document. */
export const isUnknownDocument = ({ message, extensions }: ApiError): boolean =>
  extensions?.code === 'NOT_FOUND' &&
  (extensions.argument === 'documentId' || message?.startsWith(UNKNOWN) === true);

/** Said when a server that takes no texts does not take the documents of the page either. */
export const NOT_TAKEN =
  'The server takes trusted documents only, and not those of this page: load it again, or use an API key that is ' +
  'not limited to trusted documents itself.';
