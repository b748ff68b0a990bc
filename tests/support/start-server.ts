import type { GraphQLSchema } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { pino } from 'pino';
import { expect } from 'vitest';
import type { Access } from '../../src/access/authenticate.ts';
import { type Config, loadConfig } from '../../src/config/config.ts';
import { Overloaded } from '../../src/core/errors.ts';
import { findInexactNumber } from '../../src/core/inexact-number.ts';
import type { Context, Services } from '../../src/graphql/context.ts';
import { INGEST_INPUT } from '../../src/graphql/events/ingest-variables.ts';
import { noteDroppedEvents } from '../../src/graphql/live/use-dropped-events.ts';
import { createLive } from '../../src/live/create-live.ts';
import type { Delivery, Live } from '../../src/live/live.ts';
import { createInstruments } from '../../src/metrics/instruments.ts';
import { createPortions, type Portions } from '../../src/runtime/portions.ts';
import type { Pace } from '../../src/server/limits/read-body.ts';
import type { Addresses } from '../../src/server/listen-all.ts';
import type { Readiness } from '../../src/server/plugins/use-health-endpoints.ts';
import { createGraphQLServer, type Server } from '../../src/server/server.ts';
import type { Store } from '../../src/storage/store.ts';
import { noQuotas, openAccess } from './callers.ts';
import { NOTHING_OPEN } from './start-app.ts';

/** A server with only the transports: a small schema, no database. */
export interface TestServer extends AsyncDisposable {
  readonly server: Server;
  readonly url: Addresses;
  readonly live: Live;
  /** The log, as parsed JSON lines. */
  readonly log: Record<string, unknown>[];
  /** Resolves when that many subscriptions run. */
  waitForSubscriptions(count: number): Promise<void>;
  /** Resolves when everything that clients had opened is closed. */
  waitForNothingOpen(): Promise<void>;
}

export interface TestServerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly readiness?: () => Promise<Readiness>;
  readonly pingEveryMs?: number;
  /** Default: nothing is read. */
  readonly reading?: Store['reading'];
  readonly initWithinMs?: number;
  readonly closeWithinMs?: number;
  readonly messageMs?: number;
  /** Default: everybody may do everything. */
  readonly access?: Access;
  readonly pace?: Pace;
  readonly portions?: Portions;
  /** Called when the field `held` is queried; the answer waits for it. */
  readonly held?: () => Promise<string>;
}

/** Starts on a free port. Disposing stops the server and asserts that nothing stays open. */
export async function startServer({
  environment,
  readiness = () => Promise.resolve({ ready: true }),
  held = () => Promise.resolve('held'),
  access = openAccess,
  reading = (_scope, work) => work(),
  portions = createPortions(),
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const live = createLive({ capacity: 1000 });
  const log: Record<string, unknown>[] = [];
  const config: Config = loadConfig({ PORT: '0', ...environment });
  const server = createGraphQLServer({
    schema: testSchema(live, held),
    services: { access, budgets: noQuotas, portions, datasets: [] } as Partial<Services> as Services,
    config,
    logger: pino({ level: config.log.level }, { write: (line: string) => log.push(JSON.parse(line)) }),
    readiness,
    reading,
    ...{ instruments: createInstruments([]), metrics: { text: async () => '' }, projects: () => [] },
    ...options,
  });
  const url = await server.start();
  return {
    server,
    url,
    live,
    log,
    async waitForSubscriptions(count) {
      await expect.poll(() => server.open.subscriptions).toBe(count);
    },
    async waitForNothingOpen() {
      await expect.poll(() => server.open).toEqual(NOTHING_OPEN);
    },
    async [Symbol.asyncDispose]() {
      await server.stop(2000);
      live.close();
      expect(server.open).toEqual(NOTHING_OPEN);
      expect(live.hasSubscribers('ticks')).toBe(false);
    },
  };
}

function testSchema(live: Live, held: () => Promise<string>): GraphQLSchema {
  const schema = createSchema<Context>({
    typeDefs: /* GraphQL */ `
      type Query { hello(name: String = "world"): String!  held: String!  broken: String!  failing: Int  self: Query!
        inexact(value: JSON!): String }
      type Mutation {
        add(left: Int!, right: Int!): Int!  overloaded: Int  fine: Int
        record(input: [EventInput!]!): Int!
      }
      input EventInput { text: String }
      scalar JSON
      type Subscription { ticks: Tick! }
      type Tick { number: Int!  text: String }
    `,
    resolvers: {
      Query: {
        hello: (_, { name }) => `Hello ${name}`,
        held,
        self: () => ({}),
        inexact: (_, { value }) => findInexactNumber(value)?.path,
        failing() {
          throw new Overloaded(1500);
        },
        broken() {
          throw new Error('the secret of the house');
        },
      },
      Mutation: {
        add: (_, { left, right }) => left + right,
        fine: () => 1,
        record: (_, { input }) => input.length,
        overloaded() {
          throw new Overloaded(1500);
        },
      },
      Subscription: {
        ticks: {
          subscribe: () => live.subscribe<Tick>('ticks'),
          resolve({ event, dropped }: Delivery<Tick>, _args: unknown, context: Context) {
            noteDroppedEvents(context, dropped);
            return event;
          },
        },
      },
    },
  });
  Object.assign(schema.getType('EventInput')?.extensions ?? {}, INGEST_INPUT);
  return schema;
}

export interface Tick {
  readonly number: number;
  readonly text?: string;
}

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: matchers look into answers
  readonly body: any;
}

/** POSTs an operation as JSON. */
export async function post(
  url: string,
  operation: unknown,
  headers: Record<string, string> = {},
  signal: AbortSignal | null = null,
): Promise<GraphQLAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof operation === 'string' ? operation : JSON.stringify(operation),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
