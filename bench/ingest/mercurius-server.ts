/**
 * Peer (c): a fast server that a team would write for this one table. Mercurius on Fastify with
 * graphql-jit checks the typed input; the resolver inserts with prepared statements, one
 * transaction per request. The same columns, indexes and durability. No rollups, no duplicate
 * check.
 */
import { answerServerQuestion, type ServerQuestion, serveParent } from '../lib/child.ts';
import { startMercurius } from '../lib/mercurius.ts';
import { fromSource } from '../lib/paths.ts';
import { openInserts, type StoredValue } from './prepared-inserts.ts';

const SDL = `
  scalar DateTime
  scalar JSONObject
  input LlmCallInput {
    id: String
    timestamp: DateTime!
    service: String
    environment: String
    requestId: String
    provider: String!
    model: String!
    operation: String!
    origin: String!
    endUser: String
    success: Boolean!
    statusCode: Int
    cached: Boolean!
    streaming: Boolean!
    finishReason: String
    errorType: String
    errorMessage: String
    promptTokens: Int!
    completionTokens: Int!
    cachedPromptTokens: Int
    totalTokens: Int!
    cost: Float
    latencyMs: Float!
    timeToFirstTokenMs: Float
    timeToLastTokenMs: Float
    tokensPerSecond: Float
    maxTokens: Int
    temperature: Float
    topP: Float
    messageCount: Int
    attributes: JSONObject
  }
  type RecordPayload { accepted: Int! }
  type Query { ok: Boolean }
  type Mutation { recordLlmCalls(input: [LlmCallInput!]!): RecordPayload! }
`;

type Call = Readonly<Record<string, unknown>> & { readonly id?: string; readonly cost?: number };

const { llmCalls } = await fromSource<typeof import('../../src/declarations/llm/llm-calls.ts')>(
  'declarations/llm/llm-calls.ts',
);
const { createIdSource } = await fromSource<typeof import('../../src/core/ids.ts')>('core/ids.ts');
const { NANO_USD_PER_USD } =
  await fromSource<typeof import('../../src/core/dataset/column.ts')>('core/dataset/column.ts');
const ids = createIdSource({ now: () => Date.now() });
const inserts = await openInserts((process.env.DATABASE_URL as string).slice('file:'.length));
const names = llmCalls.columns.map(({ name }) => name);

function toRow(call: Call): StoredValue[] {
  const values: Record<string, unknown> = {
    ...call,
    projectId: 'default',
    id: call.id ?? ids.next(),
    receivedAt: Date.now(),
    cost: call.cost == null ? null : Math.round(call.cost * NANO_USD_PER_USD),
    costSource: call.cost == null ? 'UNKNOWN' : 'REPORTED',
    attributes: JSON.stringify(call.attributes ?? {}),
  };
  return names.map((name) => toStored(values[name]));
}

function toStored(value: unknown): StoredValue {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'boolean') return Number(value);
  return (value ?? null) as StoredValue;
}

function parseDateTime(value: unknown): Date {
  const date = new Date(value as string);
  if (Number.isNaN(date.getTime())) throw new TypeError('not a valid DateTime');
  return date;
}

const server = await startMercurius(SDL, {
  DateTime: { __parseValue: parseDateTime },
  Mutation: {
    recordLlmCalls(_root: unknown, { input }: { input: readonly Call[] }) {
      inserts.insert(input.map(toRow));
      return { accepted: input.length };
    },
  },
});

serveParent<ServerQuestion>(
  async (question) => answerServerQuestion(question, server.url),
  async () => {
    await server.close();
    inserts.close();
  },
);
