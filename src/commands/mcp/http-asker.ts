import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { TelltaleError } from '../../core/errors.ts';
import { messageOf } from '../../core/thrown.ts';
import { dataOf } from '../../mcp/answers.ts';
import type { Answer, AnswerError, Asker, Operation } from '../../mcp/asker.ts';

/** Longer than any query may run (QUERY_DEADLINE_MS). */
const PATIENCE_MS = 60_000;

/** Sends a request, over the network or in this process. */
export type Send = (request: Request) => Promise<Response>;

/**
 * Asks a GraphQL endpoint. Keeps no connection: the server may stop, restart and be upgraded
 * meanwhile.
 *
 * @param headers of every request, such as the one with an API key
 */
export function createHttpAsker(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  send: Send = fetch,
): Asker {
  const asker: Asker = {
    async ask(operation) {
      const { errors, ...answer } = await read(url, () => send(requestOf(url, operation, headers)));
      return errors === undefined ? answer : { ...answer, errors: errors.map(aboutKey) };
    },
    async schema() {
      const query = getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true });
      return buildClientSchema(await dataOf<IntrospectionQuery>(asker, { query }));
    },
  };
  return asker;
}

/**
 * Documents are sent by POST: tools have made sure that they only read. An id is sent by GET, for
 * which a server runs no mutation: only the server knows the document behind it.
 */
function requestOf(url: string, operation: Operation, headers: Readonly<Record<string, string>>): Request {
  const { documentId, operationName, variables } = operation;
  const accept = 'application/graphql-response+json, application/json';
  const signal = AbortSignal.timeout(PATIENCE_MS);
  if (documentId === undefined) {
    const sent = { ...headers, accept, 'content-type': 'application/json' };
    return new Request(url, { method: 'POST', headers: sent, body: JSON.stringify(operation), signal });
  }
  const address = new URL(url);
  address.searchParams.set('documentId', documentId);
  if (operationName !== undefined) address.searchParams.set('operationName', operationName);
  if (variables !== undefined) address.searchParams.set('variables', JSON.stringify(variables));
  return new Request(address, { headers: { ...headers, accept }, signal });
}

/** @throws TelltaleError UNAVAILABLE if nothing answers, or if the answer is not GraphQL */
async function read(url: string, send: () => Promise<Response>): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await send();
    text = await response.text();
  } catch (error) {
    throw unreachable(url, error);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new TelltaleError(
      'UNAVAILABLE',
      `${url} answered ${response.status} with a body that is not JSON: ${text.slice(0, 200)}. Is ` +
        'it the GraphQL endpoint of Telltale?',
    );
  }
}

function unreachable(url: string, error: unknown): TelltaleError {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new TelltaleError('UNAVAILABLE', `${url} did not answer within ${PATIENCE_MS / 1000} s.`);
  }
  const reason = messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
  return new TelltaleError(
    'UNAVAILABLE',
    `No server answers at ${url}${reason === '' ? '' : ` (${reason})`}. Start it with \`telltale ` +
      'serve`, name another one with TELLTALE_URL, or query a database with `telltale mcp ' +
      '--database=…`. Then try again: nothing needs to be restarted.',
  );
}

const ABOUT_ACCESS = 'This MCP server takes the key from its variable TELLTALE_API_KEY.';

/** Adds where the key comes from, which only this process knows. */
function aboutKey(error: AnswerError): AnswerError {
  if (error.extensions?.['code'] !== 'UNAUTHENTICATED') return error;
  return { ...error, message: `${error.message} ${ABOUT_ACCESS}` };
}
