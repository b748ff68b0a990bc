import type { GraphQLSchema } from 'graphql';

/** A GraphQL operation that a tool runs. */
export interface Operation {
  readonly query?: string;
  /** The id of a trusted document, instead of `query`. */
  readonly documentId?: string | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** An error of the GraphQL engine. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The answer of the GraphQL engine, as over HTTP. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly AnswerError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * Queries the GraphQL engine on behalf of one caller: with the rights of its key, its project, its
 * quotas and all limits.
 */
export interface Asker {
  /**
   * Runs a read-only operation. The engine itself rejects mutations and subscriptions.
   *
   * @throws TelltaleError UNAVAILABLE if the server cannot be reached
   */
  ask(operation: Operation): Promise<Answer>;
  /** The schema. Only for callers that may introspect, which `readableSchema` checks first. */
  schema(): Promise<GraphQLSchema>;
}
