import type { TypedDocumentString } from '../generated/graphql.ts';

/** A document, with the types of its variables and of its answer. As text, it is GraphQL. */
export type Document<Result, Variables> = TypedDocumentString<Result, Variables>;

/** A document at run time. */
interface Sent {
  /** The id by which the server of the same build knows it; null if it is sent as text. */
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

/** The members of a request that identify its document. */
export type Named = { readonly documentId: string } | { readonly query: string };

/**
 * A document as a request identifies it: by its id, or by its text if the server does not know the
 * id. That happens if server and page are of different versions.
 */
export function named<Result, Variables>(document: Document<Result, Variables>, byText = false): Named {
  const { id } = document as unknown as Sent;
  return id === null || byText ? { query: String(document) } : { documentId: id };
}

/** The previous version says it this way, and names no argument. */
const UNKNOWN = 'There is no trusted document';

export interface ApiError {
  readonly message?: string;
  readonly extensions?: { readonly code?: string; readonly argument?: string };
}

/** Whether an error of the API means that the server does not know the id of a document. */
export const isUnknownDocument = ({ message, extensions }: ApiError): boolean =>
  extensions?.code === 'NOT_FOUND' &&
  (extensions.argument === 'documentId' || message?.startsWith(UNKNOWN) === true);

/** Shown if a server that accepts no texts does not accept the documents of the page either. */
export const NOT_TAKEN =
  'The server accepts only trusted documents, and not those of this page. Reload the page, or use an API key that is ' +
  'not limited to trusted documents itself.';
