import { expect, test } from 'vitest';
import { limitReads } from '../../../src/graphql/limits/read-limits.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startApp } from '../../support/start-app.ts';

const RECORD = `mutation ($logs: [RequestLogInput!]!, $calls: [LlmCallInput!]!) {
  recordRequestLogs(input: $logs) { accepted }
  recordLlmCalls(input: $calls) { accepted }
}`;
const CALLS = 20;

/** Each level shows every call of the only request below each call: 20, 400, 8,000. */
const nested = (levels: number): string =>
  levels === 0 ? '{ model }' : `{ requestLog { llmCalls(first: ${CALLS}) ${nested(levels - 1)} } }`;

describeEachDatabase('the limits for what a query reads', (database) => {
  test('count rows again each time that they are shown', async () => {
    await using running = await startApp({
      database,
      environment: { MAX_READ_ROWS: '1000', MAX_QUERY_COST: '1000000' },
    });
    const requestId = 'request-1';
    const log = { requestId, endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 10 };
    const call = { requestId, provider: 'openai', model: 'gpt-4o', latencyMs: 10 };
    await running.query(RECORD, { logs: [log], calls: Array.from({ length: CALLS }, () => call) });
    const shown = await running.execute(
      `{ requestLogs { nodes { llmCalls(first: ${CALLS}) ${nested(1)} } } }`,
    );
    expect(shown.errors).toBeUndefined();
    expect(shown.data.requestLogs.nodes[0].llmCalls).toHaveLength(CALLS);
    const refused = await running.execute(
      `{ requestLogs { nodes { llmCalls(first: ${CALLS}) ${nested(2)} } } }`,
    );
    expect(refused.errors?.[0]).toMatchObject({
      message: expect.stringContaining('more than 1000 rows (MAX_READ_ROWS)'),
      extensions: { code: 'QUERY_TOO_COMPLEX', unit: 'rows', limit: 1000 },
    });
  });
});

test('the deadline of a closed query leaves no timer behind', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const limits = { deadlineMs: 60_000, readRows: 1, readBytes: 1, readCells: 1 };
  const limited = limitReads({ projectId: 'shop' } as Parameters<typeof limitReads>[0], limits);
  expect(timers()).toBe(before + 1);
  limited.close();
  expect(timers()).toBe(before);
});
