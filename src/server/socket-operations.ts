import type { IncomingMessage } from 'node:http';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { type Caller, NOBODY } from '../access/caller.ts';
import type { Client } from '../graphql/context.ts';
import { type MaskError, resultOfError } from '../graphql/errors.ts';
import type { IsIngest } from '../graphql/events/ingest-operation.ts';
import { sharedResultsOf } from '../graphql/live/sharing/shared-results.ts';
import { makeText } from './answer-text.ts';
import { type SocketClient, socketClient } from './client.ts';
import { inPortions, isLong, type Portions } from './json-text.ts';
import { SMALL_MESSAGE_BYTES } from './limits/socket-limits.ts';
import type { UnreadAnswer, UnreadAnswers } from './limits/unread-answers.ts';
import { withStableCodes } from './plugins/use-stable-error-codes.ts';
import { createResultTexts } from './result-texts.ts';
import { sendSharedResults } from './socket-results.ts';
import type { SocketSend } from './socket-send.ts';
import type { TrustedDocuments } from './trusted-documents.ts';
import { errorsWithoutHttp, withoutHttp } from './without-http.ts';
import type { Yoga } from './yoga.ts';

/** The parts of the request that opened a WebSocket which are kept. */
export type OpeningRequest = Pick<IncomingMessage, 'headers' | 'socket'>;

/** What the WebSocket transport knows about a connection. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: OpeningRequest;
  /** Who opened the connection. Set before its first operation. */
  caller?: Caller;
  /** The clients that await answers of queries and mutations, by operation id. */
  awaited: Map<string, SocketClient> | null;
  /** Whether the message being handled is so large that it must be ingest. */
  isLarge: boolean;
  /** The text of the message that graphql-ws sends next, in place of what it made. */
  longText: UnreadAnswer | null;
}

/**
 * Decides whether a client may connect, by the payload of its `connection_init`. False closes the
 * socket with 4403.
 */
export type OnConnect = (
  params: Readonly<Record<string, unknown>> | undefined,
  extra: SocketExtra,
) => boolean | Promise<boolean>;

export interface SocketOperationsOptions {
  readonly yoga: Yoga;
  readonly documents: TrustedDocuments;
  readonly maskError: MaskError;
  readonly isIngest: IsIngest;
  readonly onConnect: OnConnect;
  readonly portions: Portions;
  readonly unread: UnreadAnswers;
  readonly send: SocketSend;
  /**
   * A client that has not sent `connection_init` within this time is closed with 4408. Default:
   * 3,000.
   */
  readonly initWithinMs?: number;
}

const INIT_WITHIN_MS = 3_000;

/**
 * The maximum number of running operations per connection. Each may hold a queue, so this bounds
 * the memory of a connection. It is more than a page needs.
 */
const MAX_OPERATIONS = 100;

type Enveloped = ReturnType<Yoga['getEnveloped']>;
type Engine = Pick<Enveloped, 'execute' | 'subscribe'>;

/** The engine of an operation, which `prepare` stores as its root value. */
const engineOf = ({ rootValue }: ExecutionArgs): Engine => rootValue as Engine;

/**
 * Runs the operations of a WebSocket with Yoga's engine and all its plugins, as the Yoga
 * documentation shows. An invalid document causes an error for its operation, whereas graphql-ws
 * alone would close the connection.
 */
export function createSocketOperations({
  yoga,
  documents,
  maskError,
  isIngest,
  onConnect,
  portions,
  unread,
  send,
  initWithinMs = INIT_WITHIN_MS,
}: SocketOperationsOptions): ServerOptions<Record<string, unknown>, SocketExtra> {
  const texts = createResultTexts(portions, maskError, unread.answerBytes);
  const longText = createLongText(portions, unread);
  return {
    connectionInitWaitTimeout: initWithinMs,
    onConnect: ({ connectionParams, extra }) => onConnect(connectionParams, extra),
    execute: (args) => engineOf(args).execute(args),
    subscribe: (args) => engineOf(args).subscribe(args),
    onOperation({ extra: { socket } }, id, payload, args) {
      const results = sharedResultsOf(args.contextValue);
      if (results === undefined) return undefined;
      // graphql-ws keeps both until the subscription ends, although nobody reads them any more.
      Object.assign(args, { contextValue: null, rootValue: null, variableValues: null });
      Object.assign(payload, { query: '', variables: null });
      return sendSharedResults({ results, socket, id, texts, send });
    },
    async onNext({ extra }, id, _payload, _args, result) {
      const payload = withoutHttp(result);
      const text = isLong(payload.data) ? await longText(extra, { id, type: 'next', payload }) : payload;
      extra.awaited?.get(id)?.textIsMade();
      return text;
    },
    // graphql-ws itself refuses documents whose operation it cannot choose, without a code.
    onError: (_connection, _id, _payload, errors) => errorsWithoutHttp(withStableCodes(errors, maskError)),
    onComplete({ extra }, id) {
      extra.awaited?.get(id)?.textIsMade();
      extra.awaited?.delete(id);
    },
    async onSubscribe(connection, id, sent) {
      // Before the first await: the next message sets its own flag.
      const { isLarge } = connection.extra;
      connection.extra.isLarge = false;
      try {
        const payload = documents.resolve(sent, connection.extra.caller ?? NOBODY);
        if (isLarge && !isIngest(payload)) return [tooLarge()];
        if (Object.keys(connection.subscriptions).length > MAX_OPERATIONS) return [tooManyOperations()];
        const client = socketClient();
        const prepared = await prepare(yoga, connection, { ...payload, client }, maskError);
        // graphql-ws itself ends subscriptions.
        if (!isErrors(prepared) && !isSubscription(prepared)) {
          connection.extra.awaited ??= new Map();
          connection.extra.awaited.set(id, client);
        }
        return prepared;
      } catch (error) {
        return withStableCodes([error instanceof GraphQLError ? error : maskError(error)], maskError);
      }
    },
  };
}

interface NextMessage {
  readonly id: string;
  readonly type: 'next';
  readonly payload: ExecutionResult;
}

/**
 * graphql-ws writes a message with a single `JSON.stringify` and passes it to `send` at once. So a
 * long text is made beforehand, in chunks, and a placeholder for the result inserts it.
 */
function createLongText(portions: Portions, unread: UnreadAnswers) {
  return async (extra: SocketExtra, message: NextMessage): Promise<ExecutionResult> => {
    const { socket } = extra;
    const answer = unread.open((extra.caller ?? NOBODY).projectId, () => socket.terminate());
    try {
      await makeText(inPortions(message, portions), answer);
    } catch (error) {
      answer.close();
      return resultOfError(error);
    }
    // A socket that is closed by now sends nothing.
    if (socket.readyState === socket.OPEN) socket.once('close', answer.close);
    else answer.close();
    const toJSON = () => {
      extra.longText = answer;
      return {};
    };
    return { toJSON } as ExecutionResult;
  };
}

async function prepare(
  yoga: Yoga,
  { extra }: Context<Record<string, unknown>, SocketExtra>,
  { client, ...payload }: SubscribePayload & { readonly client: Client },
  maskError: MaskError,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped({
    req: extra.request,
    caller: extra.caller ?? NOBODY,
    socket: extra.socket,
    params: payload,
    client,
  });
  const document = parse(payload.query);
  const errors = validate(schema, document);
  if (errors.length > 0) return withStableCodes(errors, maskError);
  return {
    schema,
    document,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? {},
    contextValue: await contextFactory(),
    rootValue: { execute, subscribe } satisfies Engine,
  };
}

const isSubscription = ({ document, operationName }: ExecutionArgs): boolean =>
  getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;

const isErrors = (prepared: ExecutionArgs | readonly GraphQLError[]): prepared is readonly GraphQLError[] =>
  Array.isArray(prepared);
function tooLarge(): GraphQLError {
  return new GraphQLError(
    `The message is larger than ${SMALL_MESSAGE_BYTES} bytes. Only messages with \`record…\` ` +
      'mutations may be larger.',
    { extensions: { code: 'BAD_USER_INPUT' } },
  );
}

function tooManyOperations(): GraphQLError {
  return new GraphQLError(
    `A connection may run ${MAX_OPERATIONS} operations at a time. End some, or open another.`,
    {
      extensions: { code: 'RATE_LIMITED' },
    },
  );
}
