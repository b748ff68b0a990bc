import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExecutionResult } from 'graphql';
import { resultOfError } from '../graphql/errors.ts';
import { type AnswerParts, answerOf, makeText, partsOf } from './answer-text.ts';
import { type AnsweredClient, clientOf } from './client.ts';
import type { Exchange } from './exchange.ts';
import type { Portions } from './json-text.ts';
import type { UnreadAnswers } from './limits/unread-answers.ts';
import { readBodyParams } from './params.ts';
import { isJson } from './plugins/use-json-requests-only.ts';
import { NEEDS_STREAM } from './plugins/use-readable-answers.ts';
import type { RunOperation } from './run-operation.ts';
import { GRAPHQL_ENDPOINT } from './yoga.ts';

/**
 * A fast path for the usual request: a POST of JSON that accepts JSON. It runs the operation
 * through all of Yoga's hooks and follows Yoga's rules for status and headers. It does not build a
 * fetch Request, Headers, AbortSignal and streams, which cost more than most operations. All other
 * requests (GET, SSE, GraphiQL, unusual headers) go to Yoga.
 */
export interface DirectOperations {
  /** The media type of the response. Null if the request cannot take the fast path. */
  mediaTypeFor(request: IncomingMessage): string | null;
  /**
   * Runs the operation in `body` and sends the response. @throws Error if the client disconnects.
   */
  run(exchange: Exchange, body: Buffer, mediaType: string): Promise<void>;
}

/**
 * The approximate time to read a byte of JSON. A body of a thousand events takes some milliseconds.
 */
const PARSE_MICROSECONDS = 0.008;

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const JSON_RESPONSE = 'application/json';

/** Simple Accept headers, with the media type that Yoga's negotiation chooses for them. */
const PLAIN_ACCEPT: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, JSON_RESPONSE],
  ['*/*', JSON_RESPONSE],
  [JSON_RESPONSE, JSON_RESPONSE],
  ['application/json; charset=utf-8', JSON_RESPONSE],
  ['application/json, */*', JSON_RESPONSE],
  [GRAPHQL_RESPONSE, GRAPHQL_RESPONSE],
  ['application/graphql-response+json; charset=utf-8', GRAPHQL_RESPONSE],
  ['application/graphql-response+json, application/json', GRAPHQL_RESPONSE],
  ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_RESPONSE],
  ['application/graphql-response+json, application/json, */*', GRAPHQL_RESPONSE],
]);

export function createDirectOperations(
  runOperation: RunOperation,
  { portions, unread }: { readonly portions: Portions; readonly unread: UnreadAnswers },
): DirectOperations {
  return {
    mediaTypeFor({ method, url, headers }) {
      if (method !== 'POST' || url !== GRAPHQL_ENDPOINT || !isJson(headers['content-type'])) return null;
      return PLAIN_ACCEPT.get(headers.accept) ?? null;
    },
    async run(exchange, body, mediaType) {
      const client = clientOf(exchange.response);
      const result = await runOperation({ ...exchange, client }, async () => {
        await portions.pass(body.length * PARSE_MICROSECONDS);
        return readBodyParams(body.toString('utf8'));
      });
      const answer = (shown: ExecutionResult) => answerOf(shown, mediaType, portions);
      await send({ ...exchange, client, answer }, result ?? NEEDS_STREAM);
    },
  };

  async function send(sending: Sending, result: ExecutionResult): Promise<void> {
    const { response, client, caller, answer } = sending;
    const { status, headers, text } = answer(result);
    if (typeof text === 'string') {
      client.textIsMade();
      headers['Content-Length'] = String(Buffer.byteLength(text));
      response.writeHead(status, headers);
      response.end(text);
      return;
    }
    const unreadAnswer = unread.open(caller.projectId, () => response.destroy());
    try {
      const tooLong = await makeText(text, unreadAnswer, response).then(() => null, resultOfError);
      if (tooLong !== null) return await send(sending, tooLong);
      client.textIsMade();
      response.writeHead(status, headers);
      await pipeline(Readable.from(partsOf(unreadAnswer)), response);
    } finally {
      unreadAnswer.close();
    }
  }
}

interface Sending extends Exchange {
  readonly client: AnsweredClient;
  readonly answer: (result: ExecutionResult) => AnswerParts;
}
