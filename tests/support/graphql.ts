import { join } from 'node:path';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { KyselyPlugin } from 'kysely';
import { inject } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { type Config, loadConfig } from '../../src/config/config.ts';
import { createHeldBytes } from '../../src/core/held-bytes.ts';
import { openHeldPrices } from '../../src/costs/held-prices.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import type { Context, Services } from '../../src/graphql/context.ts';
import { createMaskError } from '../../src/graphql/errors.ts';
import { createLive } from '../../src/live/create-live.ts';
import { createInstruments } from '../../src/metrics/instruments.ts';
import { createSchema } from '../../src/schema.ts';
import { createUnreadAnswers } from '../../src/server/limits/unread-answers.ts';
import { withStableCodes } from '../../src/server/plugins/use-stable-error-codes.ts';
import { createYogaServer } from '../../src/server/yoga.ts';
import { openBackups } from '../../src/storage/backups/open-backups.ts';
import { createStore } from '../../src/storage/create-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { callerOf } from './callers.ts';
import { composeServices } from './compose-services.ts';
import { TEST_SQLITE_READERS, type TestDatabase } from './databases.ts';
import { keptClients } from './kept-clients.ts';
import { keptThreads } from './kept-threads.ts';
import { createLateKeyRing } from './late-key-ring.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

/** The current time of these tests, unless they move the clock. */
export const NOW = '2026-11-22T12:00:00.000Z';
/** A time before `NOW`. */
export const ago = (milliseconds: number) => new Date(Date.parse(NOW) - milliseconds).toISOString();

// biome-ignore lint/suspicious/noExplicitAny: matchers look into answers
export type Answer = ExecutionResult<any, any>;

/** The GraphQL layer on its own database, without any transport. */
export interface TestGraphQL extends AsyncDisposable {
  readonly services: Services;
  readonly databaseUrl: string;
  readonly clock: TestClock;
  /** Everything logged as unexpected. */
  readonly log: Record<string, unknown>[];
  /**
   * Runs a query or a mutation through all plugins of the server, for a caller, or for one that may
   * do everything in a project. Default: the project `default`.
   */
  run(source: string, variables?: Record<string, unknown>, caller?: Caller | string): Promise<Answer>;
  /** Like `run`, for an answer without errors: its data. */
  // biome-ignore lint/suspicious/noExplicitAny: matchers look into answers
  data(source: string, variables?: Record<string, unknown>, caller?: Caller | string): Promise<any>;
  subscribe(
    source: string,
    variables?: Record<string, unknown>,
    caller?: Caller | string,
  ): Promise<AsyncIterableIterator<Answer>>;
  /** How many statements the store executed during `work`. */
  countStatements(work: () => Promise<unknown>): Promise<number>;
}

export interface TestGraphQLOptions {
  /** An existing database with the schema of this version, instead of a new one. */
  readonly databaseUrl?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Replaces services, to make them fail or to observe them. */
  readonly replace?: (services: Services) => Partial<Services>;
  /** Plugins of a transport. Default: none. */
  readonly plugins?: (services: Services) => readonly Plugin<Context>[];
  /** Extends the schema, to call from a resolver what none of our fields calls. */
  readonly extend?: (schema: GraphQLSchema) => GraphQLSchema;
}

export async function startGraphQL(
  database: TestDatabase,
  options: TestGraphQLOptions = {},
): Promise<TestGraphQL> {
  const url = options.databaseUrl ?? (await database.createMigratedUrl());
  const opened = await createStore({
    url,
    datasets,
    states,
    clients: keptClients,
    threads: keptThreads,
    ...(database.dialect === 'sqlite' && { readers: TEST_SQLITE_READERS }),
  });
  const counter = { statements: 0 };
  const store = countingStore(opened, counter);
  const clock = createTestClock(NOW);
  // Keeps backups of tests out of the user's home.
  const home = {
    HOME: join(inject('databaseFolder'), 'home'),
    ...(database.dialect === 'postgresql' && { BACKUP_DIR: join(inject('databaseFolder'), 'backups') }),
  };
  const config = loadConfig({ ...home, DATABASE_URL: url, ...options.environment });
  const live = createLive();
  const log: Record<string, unknown>[] = [];
  const ring = createLateKeyRing({
    prisma: store.prisma,
    clock,
    log: { error: (details) => log.push(details as Record<string, unknown>) },
  });
  const backups = await openBackups(config, clock, (problem) => log.push({ problem }));
  const held = await openHeldPrices({
    prisma: store.prisma,
    clock,
    log: { error: (details) => log.push(details as Record<string, unknown>) },
  });
  const services = composeServices({ store, clock, config, live, ring, held, backups }, options.replace);
  const schema = options.extend?.(createSchema()) ?? createSchema();
  const engine = createEngine(schema, services, { config, log, plugins: options.plugins?.(services) ?? [] });
  return {
    services,
    databaseUrl: url,
    clock,
    log,
    run: engine.run,
    async data(source, variables, caller) {
      const { data, errors } = await engine.run(source, variables, caller);
      if (errors !== undefined) throw new Error(JSON.stringify(errors, null, 2));
      return data;
    },
    async subscribe(source, variables, caller) {
      const result = await engine.subscribe(source, variables, caller);
      if (!(Symbol.asyncIterator in result)) throw new Error(JSON.stringify(result, null, 2));
      return result as AsyncIterableIterator<Answer>;
    },
    async countStatements(work) {
      const before = counter.statements;
      await work();
      return counter.statements - before;
    },
    async [Symbol.asyncDispose]() {
      live.close();
      await services.ingest.close();
      await backups.stop();
      await opened.close();
    },
  };
}

/** Operations run as in the WebSocket transport: through Yoga's plugins, without HTTP. */
interface EngineOptions extends Pick<TestGraphQL, 'log'> {
  readonly config: Config;
  readonly plugins: readonly Plugin<Context>[];
}

function createEngine(schema: GraphQLSchema, services: Services, { config, log, plugins }: EngineOptions) {
  const maskError = createMaskError({ error: (details) => log.push(details as Record<string, unknown>) });
  const yoga = createYogaServer({
    schema,
    services,
    config,
    maskError,
    addressOf: () => '',
    readiness: () => Promise.resolve({ ready: true }),
    instruments: createInstruments([]),
    unread: createUnreadAnswers({
      held: createHeldBytes(config.limits.runningBytes),
      answerBytes: config.limits.answerBytes,
      onBrokenOff() {},
    }),
    plugins,
  });

  async function prepare(source: string, variables: Record<string, unknown>, caller: Caller | string) {
    const { schema, parse, validate, contextFactory, execute, subscribe } = yoga.getEnveloped({
      params: { query: source, variables },
      caller: typeof caller === 'string' ? callerOf(caller) : caller,
    } as never);
    const document = parse(source);
    const errors = withStableCodes(validate(schema, document) as readonly GraphQLError[], maskError);
    const args = { schema, document, variableValues: variables, contextValue: await contextFactory() };
    return { args, errors, execute, subscribe };
  }

  return {
    async run(
      source: string,
      variables: Record<string, unknown> = {},
      caller: Caller | string = 'default',
    ): Promise<Answer> {
      const { args, errors, execute } = await prepare(source, variables, caller);
      const result = errors.length > 0 ? { errors } : await execute(args);
      return JSON.parse(JSON.stringify(result));
    },
    async subscribe(
      source: string,
      variables: Record<string, unknown> = {},
      caller: Caller | string = 'default',
    ) {
      const { args, errors, subscribe } = await prepare(source, variables, caller);
      return errors.length > 0 ? { errors } : await subscribe(args);
    },
  };
}

function countingStore(store: Store, counter: { statements: number }): Store {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    // Once per executed statement; the other hook is called for each part of a statement.
    transformResult({ result }) {
      counter.statements++;
      return Promise.resolve(result);
    },
  };
  const prisma = store.prisma.$extends({
    query: {
      $allOperations({ args, query }) {
        counter.statements++;
        return query(args);
      },
    },
  });
  return {
    dialect: store.dialect,
    functions: store.functions,
    query: store.query.withPlugin(plugin),
    prisma: prisma as unknown as Store['prisma'],
    append: (groups) => store.append(groups),
    // Statements of record mutations are not counted: their number is not guaranteed.
    transact: store.transact,
    exclusively: store.exclusively,
    upkeep: store.upkeep,
    migrations: store.migrations,
    reading: store.reading,
    scope: store.scope,
    readEvents: store.readEvents,
    replica: store.replica,
    isReading: store.isReading,
    count: store.count,
    instances: store.instances,
    connections: store.connections,
    ping: () => store.ping(),
    close: () => store.close(),
  };
}
