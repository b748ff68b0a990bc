import { type ConnectionOptions, readConnection } from './options.ts';

/**
 * A document with the types of its data and variables, as the client preset of GraphQL Code
 * Generator writes it with `documentMode: 'string'` (`npm run codegen -- --documents=… --output=…`
 * of the server).
 */
export interface TypedDocument<Data, Variables> extends DocumentText {
  __apiType?: (variables: Variables) => Data;
}

interface DocumentText {
  toString(): string;
  readonly __meta__?: Readonly<Record<string, unknown>> | undefined;
}

/** Optional if no variable is required. */
type VariablesOf<Variables> =
  Partial<Variables> extends Variables ? [variables?: Variables] : [variables: Variables];

/** Queries a Telltale server. */
export interface Queries {
  /** Runs a query or mutation. @throws QueryError if the answer has errors or is invalid */
  query<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...variables: VariablesOf<Variables>
  ): Promise<Data>;
  /**
   * Runs a subscription; leaving the loop ends it. Requires `createWebSocketClient`.
   *
   * @throws QueryError if the server rejects it
   */
  subscribe<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...variables: VariablesOf<Variables>
  ): AsyncGenerator<Data, void, undefined>;
  /** Closes the WebSocket, if there is one. */
  close(): Promise<void>;
}

export interface QueryOptions extends ConnectionOptions {
  /** How long a query may take. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Sends ids instead of texts, for keys that may send only trusted documents. Default: false. */
  readonly trustedDocuments?: boolean | undefined;
  /** `createClient` of graphql-ws. */
  readonly createWebSocketClient?: CreateWebSocketClient | undefined;
  /** `WebSocket` of the package ws, for environments without a global one: Node before 22. */
  readonly webSocketImpl?: unknown;
}

/** The used part of graphql-ws. */
export type CreateWebSocketClient = (options: {
  readonly url: string;
  readonly connectionParams: Record<string, unknown>;
  readonly webSocketImpl?: unknown;
}) => WebSocketClient;

export interface WebSocketClient {
  iterate(payload: WebSocketPayload): AsyncIterableIterator<unknown>;
  dispose(): void | Promise<void>;
}

export interface WebSocketPayload {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** An error that the server, or something on the way to it, answered in place of data. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** The code of the first error, such as BAD_USER_INPUT; otherwise HTTP_ and the status. */
  readonly code: string;
  /** All errors of the answer, as the server sent them. */
  readonly errors: readonly unknown[];

  constructor(message: string, code: string, errors: readonly unknown[] = []) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

const TIMEOUT_MS = 30_000;

/** @throws TypeError for invalid options, such as an invalid `url` */
export function createQueries(options: QueryOptions): Queries {
  const { endpoint, headers, fetch } = readConnection(options);
  const { timeoutMs = TIMEOUT_MS, trustedDocuments = false, createWebSocketClient } = options;
  const payloadOf = (document: DocumentText, variables: unknown) => ({
    ...(trustedDocuments ? { documentId: idOf(document) } : { query: document.toString() }),
    ...(variables !== undefined && { variables: variables as Record<string, unknown> }),
  });
  let webSockets: WebSocketClient | null = null;

  function openWebSocket(): WebSocketClient {
    if (createWebSocketClient === undefined) {
      throw new TypeError('createWebSocketClient: subscriptions require `createClient` of graphql-ws.');
    }
    const { webSocketImpl } = options;
    const { authorization, 'telltale-project': project } = headers;
    return createWebSocketClient({
      url: endpoint.replace(/^http/, 'ws'),
      connectionParams: {
        ...(authorization && { authorization }),
        ...(project && { 'telltale-project': project }),
      },
      ...(webSocketImpl !== undefined && { webSocketImpl }),
    });
  }

  return {
    async query(document, ...[variables]) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { ...headers },
        body: JSON.stringify(payloadOf(document, variables)),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return dataOf(await response.text(), `HTTP_${response.status}`) as never;
    },
    async *subscribe(document, ...[variables]) {
      webSockets ??= openWebSocket();
      const payload = payloadOf(document, variables);
      // graphql-ws requires a query; with an id it is empty.
      for await (const result of webSockets.iterate({ query: '', ...payload }))
        yield readResult(result, 'NO_DATA') as never;
    },
    async close() {
      await webSockets?.dispose();
      webSockets = null;
    },
  };
}

function idOf({ __meta__: meta }: DocumentText): string {
  const hash = meta?.['hash'];
  if (typeof hash === 'string') return hash;
  throw new TypeError('trustedDocuments: the document has no hash. Generate it with persistedDocuments.');
}

function dataOf(text: string, status: string): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new QueryError(`The answer is not JSON: ${text.slice(0, 200)}`, status), { cause });
  }
  return readResult(answer, status);
}

/** The data of a result without errors. Partial data beside errors is not treated as complete. */
function readResult(result: unknown, status: string): unknown {
  const { data, errors } = (result ?? {}) as { data?: unknown; errors?: unknown };
  const [first, ...others] = Array.isArray(errors) ? (errors as ServerError[]) : [];
  if (first !== undefined) {
    throw new QueryError(String(first.message), String(first.extensions?.code ?? status), [first, ...others]);
  }
  if (data === undefined || data === null) throw new QueryError('The answer has no data.', status);
  return data;
}

interface ServerError {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown };
}
