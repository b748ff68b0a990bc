import { setTimeout as wait } from 'node:timers/promises';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { UsageError } from './options.ts';
import { type AnswerError, type AskedTarget, type BatchOutcome, Refusal } from './target.ts';

/**
 * Maximum retries of a batch after a broken connection, and the first pause before a retry, which
 * doubles each time.
 */
const CONNECTION_RETRIES = 5;
const FIRST_PAUSE_MS = 200;
/**
 * Maximum retries of one batch when the server's queue is full or a quota is used up. After so many
 * refusals, the server is not expected to recover.
 */
const OVERLOADED_RETRIES = 100;
/** Waits for quotas per minute, but not for quotas per day. */
const QUOTA_PATIENCE_MS = 60_000;

/** How a server answers a request with a wrong key or project. */
const ABOUT_ACCESS: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND']);

interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly AnswerError[];
}

export interface HttpTargetOptions {
  readonly fetch?: typeof fetch;
  /** Headers of every request, such as the one with an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/**
 * Whether a Telltale server answers at the URL. False if nothing answers.
 *
 * @throws Error when something else answers
 */
export async function serverAnswers(url: string, options: HttpTargetOptions = {}): Promise<boolean> {
  let answer: GraphqlAnswer | null;
  try {
    answer = await postGraphql(url, { query: '{ __typename }' }, options);
  } catch (error) {
    if (isConnectionError(error)) return false;
    throw error;
  }
  if (answer.data?.__typename === 'Query') return true;
  const [error] = answer.errors ?? [];
  if (error?.extensions?.code !== undefined && ABOUT_ACCESS.has(error.extensions.code)) {
    throw new UsageError(`${url}: ${error.message} Set TELLTALE_API_KEY, and TELLTALE_PROJECT if needed.`);
  }
  throw new UsageError(
    `The server at ${url} is not a GraphQL server that accepts our requests: ` +
      `${JSON.stringify(answer).slice(0, 200)}. Name the server with --url, or the database with ` +
      '--database.',
  );
}

/**
 * Sends events to a running server by its record mutations. When the server's queue is full or a
 * quota is used up, waits as long as the server asks.
 */
export function createHttpTarget(url: string, options: HttpTargetOptions = {}): AskedTarget {
  const post = createPatientPost(url, options);
  return {
    description: url,
    async send(dataset, events) {
      const data = await post(recordMutation(dataset), { input: events }, 'refused a batch');
      return data.outcome as BatchOutcome;
    },
    ask: async <Data>(document: string, variables: Readonly<Record<string, unknown>>) =>
      (await post(document, variables, 'does not answer a question')) as Data,
    close: () => Promise.resolve(),
  };
}

/** Posts an operation until it is answered, and returns the data of the response. */
function createPatientPost(url: string, options: HttpTargetOptions) {
  const { sleep = wait } = options;
  return async (
    document: string,
    variables: Readonly<Record<string, unknown>>,
    failure: string,
  ): Promise<Readonly<Record<string, unknown>>> => {
    let connectionFailures = 0;
    let overloads = 0;
    while (true) {
      try {
        const answer = await postGraphql(url, { query: document, variables }, options);
        const [error] = answer.errors ?? [];
        if (error === undefined) return answer.data ?? {};
        const { code, retryAfterMs } = error.extensions ?? {};
        const isShort = retryAfterMs !== undefined && retryAfterMs <= QUOTA_PATIENCE_MS;
        const isTemporary = code === 'OVERLOADED' || (code === 'RATE_LIMITED' && isShort);
        if (!isTemporary || ++overloads > OVERLOADED_RETRIES) {
          throw new Refusal(`${url} ${failure}`, error);
        }
        await sleep(retryAfterMs ?? FIRST_PAUSE_MS);
      } catch (error) {
        // The ids make retries safe, even if the batch was stored before the connection broke.
        if (!isConnectionError(error)) throw error;
        if (++connectionFailures > CONNECTION_RETRIES) {
          throw new UsageError(
            `${url} no longer answers. Run the same command again when it does: nothing is stored twice.`,
          );
        }
        await sleep(FIRST_PAUSE_MS * 2 ** (connectionFailures - 1));
      }
    }
  };
}

function recordMutation({ entity, fields }: Dataset): string {
  return (
    `mutation Import($input: [${entity}Input!]!) { outcome: ${fields.record}(input: $input) ` +
    '{ accepted duplicates rejected { index field message } } }'
  );
}

async function postGraphql(
  url: string,
  operation: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> },
  { fetch: post = fetch, headers = {} }: HttpTargetOptions,
): Promise<GraphqlAnswer> {
  const response = await post(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
    },
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url} answered ${response.status} with a body that is not JSON: ${text.slice(0, 200)}`);
  }
}

/**
 * `fetch` reports every failure of the connection as a TypeError whose cause has the system's code.
 */
function isConnectionError(error: unknown): boolean {
  return error instanceof TypeError && error.cause !== undefined;
}
