import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { type Caller, NOBODY } from '../access/caller.ts';
import type { MaskError } from '../graphql/errors.ts';
import { withStableCodes } from './plugins/use-stable-error-codes.ts';
import type { Yoga } from './yoga.ts';

/** What the WebSocket transport knows about a connection. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Who opened the connection. Set before its first operation. */
  caller?: Caller;
  /** Aborts the operations whose answers the client no longer awaits, by their ids. */
  readonly awaited: Map<string, AbortController>;
}

/**
 * Maximum running operations per connection. Each may hold a queue, so this bounds the memory of a
 * connection. It is more than a page needs.
 */
const MAX_OPERATIONS = 100;

type Enveloped = ReturnType<Yoga['getEnveloped']>;
type Engine = Pick<Enveloped, 'execute' | 'subscribe'>;

/**
 * Runs the operations of a WebSocket by Yoga's engine with all its plugins, as the Yoga
 * documentation shows. An invalid document gives an error for its operation, where graphql-ws alone
 * would close the connection.
 */
export function createSocketOperations(
  yoga: Yoga,
  maskError: MaskError,
  onConnect: (extra: SocketExtra, payload: unknown) => Promise<boolean>,
): ServerOptions<Record<string, unknown>, SocketExtra> {
  return {
    onConnect: ({ extra, connectionParams }) => onConnect(extra, connectionParams),
    execute: (args) => (args.rootValue as Engine).execute(args),
    subscribe: (args) => (args.rootValue as Engine).subscribe(args),
    onComplete({ extra }, id) {
      extra.awaited.delete(id);
    },
    async onSubscribe(connection, id, payload) {
      if (Object.keys(connection.subscriptions).length > MAX_OPERATIONS) return [tooManyOperations()];
      try {
        const controller = new AbortController();
        const prepared = await prepare(
          yoga,
          connection,
          { ...payload, signal: controller.signal },
          maskError,
        );
        if (!isErrors(prepared)) connection.extra.awaited.set(id, controller);
        return prepared;
      } catch (error) {
        return withStableCodes([error instanceof GraphQLError ? error : maskError(error)], maskError);
      }
    },
  };
}

async function prepare(
  yoga: Yoga,
  { extra }: Context<Record<string, unknown>, SocketExtra>,
  { signal, ...payload }: SubscribePayload & { readonly signal: AbortSignal },
  maskError: MaskError,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped({
    req: extra.request,
    caller: extra.caller ?? NOBODY,
    socket: extra.socket,
    params: payload,
    signal,
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

const isErrors = (prepared: ExecutionArgs | readonly GraphQLError[]): prepared is readonly GraphQLError[] =>
  Array.isArray(prepared);

function tooManyOperations(): GraphQLError {
  return new GraphQLError(
    `A connection may run ${MAX_OPERATIONS} operations at a time. End some, or open another.`,
    {
      extensions: { code: 'RATE_LIMITED' },
    },
  );
}
