/**
 * Peer (b): the usual way to build such a server with the same libraries. A Yoga + Pothos mutation
 * passes its typed input to prisma.createMany. It has the same table, indexes and durability, and
 * its own database file. No rollups, no duplicate check.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import SchemaBuilder from '@pothos/core';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { createYoga } from 'graphql-yoga';
import { serveParent } from '../lib/child.ts';
import { fromSource } from '../lib/paths.ts';

const { PrismaClient } = await fromSource<typeof import('../../src/generated/sqlite/client.ts')>(
  'generated/sqlite/client.ts',
);
const { createIdSource } = await fromSource<typeof import('../../src/core/ids.ts')>('core/ids.ts');
const { NANO_USD_PER_USD } =
  await fromSource<typeof import('../../src/core/dataset/column.ts')>('core/dataset/column.ts');

const ids = createIdSource({ now: () => Date.now() });
const adapter = new PrismaBetterSqlite3(
  { url: process.env.DATABASE_URL as string },
  { timestampFormat: 'unixepoch-ms' },
);
const prisma = new PrismaClient({ adapter });
// The file is in WAL mode already. Without this, the only connection of the adapter would commit
// with synchronous=NORMAL.
await prisma.$queryRawUnsafe('PRAGMA synchronous = FULL');

// Importing plugins makes their options required in the types of every builder. This builder uses
// no plugins.
const NO_OPTIONS = {} as never;
const builder = new SchemaBuilder<{
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> };
  };
}>(NO_OPTIONS);
builder.scalarType('DateTime', {
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const date = new Date(value as string);
    if (Number.isNaN(date.getTime())) throw new TypeError('not a valid DateTime');
    return date;
  },
});
builder.scalarType('JSONObject', { serialize: (value) => value });

const LlmCallInput = builder.inputType('LlmCallInput', {
  fields: (t) => ({
    id: t.string(),
    timestamp: t.field({ type: 'DateTime', required: true }),
    service: t.string(),
    environment: t.string(),
    requestId: t.string(),
    provider: t.string({ required: true }),
    model: t.string({ required: true }),
    operation: t.string({ required: true }),
    origin: t.string({ required: true }),
    endUser: t.string(),
    success: t.boolean({ required: true }),
    statusCode: t.int(),
    cached: t.boolean({ required: true }),
    streaming: t.boolean({ required: true }),
    finishReason: t.string(),
    errorType: t.string(),
    errorMessage: t.string(),
    promptTokens: t.int({ required: true }),
    completionTokens: t.int({ required: true }),
    cachedPromptTokens: t.int(),
    totalTokens: t.int({ required: true }),
    cost: t.float(),
    latencyMs: t.float({ required: true }),
    timeToFirstTokenMs: t.float(),
    timeToLastTokenMs: t.float(),
    tokensPerSecond: t.float(),
    maxTokens: t.int(),
    temperature: t.float(),
    topP: t.float(),
    messageCount: t.int(),
    attributes: t.field({ type: 'JSONObject' }),
  }),
});
const RecordPayload = builder.objectRef<{ count: number }>('RecordPayload').implement({
  fields: (t) => ({ accepted: t.exposeInt('count') }),
});
builder.queryType({ fields: (t) => ({ calls: t.int({ resolve: () => prisma.llmCall.count() }) }) });
builder.mutationType({
  fields: (t) => ({
    recordLlmCalls: t.field({
      type: RecordPayload,
      args: { input: t.arg({ type: [LlmCallInput], required: true }) },
      resolve: (_, { input }) => {
        const receivedAt = new Date();
        return prisma.llmCall.createMany({
          data: input.map(({ cost, attributes, ...call }) => ({
            ...call,
            projectId: 'default',
            id: call.id ?? ids.next(),
            receivedAt,
            costNanoUsd: cost == null ? null : BigInt(Math.round(cost * NANO_USD_PER_USD)),
            costSource: cost == null ? 'UNKNOWN' : 'REPORTED',
            ...(attributes != null && { attributes: attributes as object }),
          })),
        });
      },
    }),
  }),
});

const yoga = createYoga({ schema: builder.toSchema(), logging: false, graphiql: false });
// No time limits: 64 batches of 1000 block the event loop for so long that Node would close
// connections.
const server = createServer({ keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 }, yoga);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

serveParent<'url'>(
  async () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
  async () => {
    server.closeAllConnections();
    server.close();
    await prisma.$disconnect();
  },
);
