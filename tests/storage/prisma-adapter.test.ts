import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { TelltaleError } from '../../src/core/errors.ts';
import { visibleError } from '../../src/graphql/errors.ts';
import type { PrismaClient } from '../../src/storage/prisma.ts';
import { createReadMeter } from '../../src/storage/reading.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { callGroup, callRow, idOf, NOON } from './support/calls.ts';
import { useStores } from './support/stores.ts';

type CallData = Parameters<PrismaClient['llmCall']['create']>[0]['data'];

function callData(values: Partial<CallData> = {}): CallData {
  return {
    projectId: 'default',
    id: randomUUID(),
    timestamp: new Date(NOON),
    receivedAt: new Date(NOON),
    provider: 'openai',
    model: 'gpt-4o',
    operation: 'chat',
    origin: 'test',
    success: true,
    cached: false,
    streaming: true,
    promptTokens: 1,
    completionTokens: 2,
    totalTokens: 3,
    costSource: 'UNKNOWN',
    latencyMs: 12.5,
    ...values,
  } as CallData;
}

const CELL_KEY = {
  projectId: 'default',
  dataset: 'llmCalls',
  dimensionSet: '',
  grain: 'DAY',
  bucket: 9_007_199_254_740_993n,
  dimensionKey: '[]',
  writer: 0,
};

describeEachDatabase('Prisma', (database) => {
  const stores = useStores(database);

  test('returns every type as it was stored', async () => {
    const { prisma } = await stores.open();
    const data = callData({
      timestamp: new Date('2026-11-20T12:00:00.123Z'),
      costNanoUsd: 9_007_199_254_740_993n,
      latencyMs: 0.1 + 0.2,
      endUser: 'Zoë 😀',
      attributes: { nested: { list: [1, 'two', null] } },
      errorType: null,
    });
    await prisma.llmCall.create({ data });
    const key = { projectId_id: { projectId: 'default', id: data.id } };
    expect(await prisma.llmCall.findUniqueOrThrow({ where: key })).toMatchObject(data);
  });

  test('returns bytes and integers beyond the range of a double', async () => {
    const { prisma } = await stores.open();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const data = { ...CELL_KEY, rowCount: 1n, successCount: 0n, sums: bytes, histograms: new Uint8Array() };
    await prisma.rollupCell.create({ data });
    expect(await prisma.rollupCell.findMany()).toEqual([data]);
  });

  test('reads what append stored', async () => {
    const store = await stores.open();
    const row = callRow({ timestamp: NOON + 7, cost: 450_000, attributes: '{"team":"core"}' });
    await store.append([callGroup(row)]);
    const [call] = await store.prisma.llmCall.findMany({ where: { timestamp: { gte: new Date(NOON + 7) } } });
    expect(call).toMatchObject({
      id: idOf(row),
      timestamp: new Date(NOON + 7),
      costNanoUsd: 450_000n,
      attributes: { team: 'core' },
      success: true,
      cached: false,
      latencyMs: 812.5,
    });
  });

  test('filters text with case, like SQL', async () => {
    const { prisma } = await stores.open();
    await prisma.llmCall.createMany({ data: ['GPT-4o', 'gpt-4o', 'o3'].map((model) => callData({ model })) });
    expect(await prisma.llmCall.count({ where: { model: { startsWith: 'gpt' } } })).toBe(1);
    expect(await prisma.llmCall.count({ where: { model: { contains: '4o' } } })).toBe(2);
  });

  test('counts and aggregates', async () => {
    const { prisma } = await stores.open();
    const data = [1, 2, 3].map((promptTokens) =>
      callData({ promptTokens, costNanoUsd: BigInt(promptTokens) }),
    );
    expect(await prisma.llmCall.createMany({ data })).toEqual({ count: 3 });
    const sums = await prisma.llmCall.aggregate({
      _sum: { promptTokens: true, costNanoUsd: true },
      _avg: { latencyMs: true },
      _max: { timestamp: true },
    });
    expect(sums).toEqual({
      _sum: { promptTokens: 6, costNanoUsd: 6n },
      _avg: { latencyMs: 12.5 },
      _max: { timestamp: new Date(NOON) },
    });
    expect(
      await prisma.llmCall.updateMany({ data: { promptTokens: 5 }, where: { promptTokens: { gt: 1 } } }),
    ).toEqual({
      count: 2,
    });
  });

  test('names a violated key', async () => {
    const { prisma } = await stores.open();
    const data = callData();
    await prisma.llmCall.create({ data });
    await expect(prisma.llmCall.create({ data })).rejects.toMatchObject({ code: 'P2002' });
  });

  test('names a missing record and a missing table', async () => {
    const store = await stores.open();
    const where = { projectId_id: { projectId: 'default', id: randomUUID() } };
    await expect(store.prisma.llmCall.delete({ where })).rejects.toMatchObject({ code: 'P2025' });
    await store.query.schema.dropTable('error_logs').execute();
    await expect(store.prisma.errorLog.findMany()).rejects.toMatchObject({ code: 'P2021' });
  });

  test('commits a transaction as a whole', async () => {
    const { prisma } = await stores.open();
    await prisma.$transaction(async (transaction) => {
      await transaction.llmCall.create({ data: callData() });
      expect(await transaction.llmCall.count()).toBe(1);
      expect(await prisma.llmCall.count()).toBe(0);
      await transaction.llmCall.create({ data: callData() });
    });
    expect(await prisma.llmCall.count()).toBe(2);
  });

  test('rolls a transaction back if its work throws', async () => {
    const store = await stores.open();
    const work = store.prisma.$transaction(async (transaction) => {
      await transaction.llmCall.create({ data: callData() });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await store.prisma.llmCall.count()).toBe(0);
    expect(await store.append([callGroup(callRow())])).toEqual([{ fresh: [[true]] }]);
  });

  test('rolls back a list of operations if one fails', async () => {
    const { prisma } = await stores.open();
    const data = callData();
    const operations = [prisma.llmCall.create({ data }), prisma.llmCall.create({ data })];
    await expect(prisma.$transaction(operations)).rejects.toMatchObject({ code: 'P2002' });
    expect(await prisma.llmCall.count()).toBe(0);
  });

  test.each([
    ['beyond a limit', { bytes: 1, stopped: false }, 'MAX_READ_BYTES'],
    ['when it is stopped', { bytes: 1_000_000, stopped: true }, 'The query took too long'],
  ])('passes our own error on %s', async (_case, { bytes, stopped }, message) => {
    const store = await stores.open();
    await store.append([callGroup(callRow())]);
    const meter = createReadMeter({ rows: 10, bytes, cells: 10 });
    const reason = new TelltaleError('QUERY_TOO_COMPLEX', 'The query took too long.', { deadlineMs: 1 });
    const signal = stopped ? AbortSignal.abort(reason) : null;
    // Prisma begins when somebody awaits it, which must be within the scope.
    const read = store.reading({ meter, signal }, async () => await store.prisma.llmCall.findMany());
    const error: unknown = await read.then(
      () => null,
      (thrown) => thrown,
    );
    expect(visibleError(error)).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'QUERY_TOO_COMPLEX' },
    });
    expect(visibleError(error)?.message).not.toContain('prisma');
  });

  test('lets transactions and appends take turns', async () => {
    const store = await stores.open();
    const work = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0
        ? store.append([callGroup(callRow())])
        : store.prisma.$transaction(
            async (transaction) => {
              const before = await transaction.llmCall.count({ where: { model: 'counter' } });
              await transaction.llmCall.create({
                data: callData({ model: 'counter', promptTokens: before }),
              });
            },
            { maxWait: 20_000, timeout: 20_000 },
          ),
    );
    await Promise.all(work);
    expect(await store.prisma.llmCall.count()).toBe(10);
  });
});
