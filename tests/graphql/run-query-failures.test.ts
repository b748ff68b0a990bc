import { expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import type { Stats } from '../../src/analytics/spec.ts';
import { InvalidArgument } from '../../src/core/errors.ts';
import { MAX_ANSWER_BYTES } from '../../src/graphql/run-query.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { errorLog } from '../support/events.ts';
import { NOW } from '../support/graphql.ts';
import { RECORD, RUN_QUERIES, startWithRunQueries } from './support/run-queries.ts';

describeEachDatabase('runQuery, when something fails', (database) => {
  /**
   * The first field has an error that a caller may see, and the second one answers what the test
   * wants.
   */
  const QUERY = '{ node(id: "x") { id } llmCallAnalytics(range: { last: "PT1H" }) { totals { count } } }';

  async function runWithTotals(totals: () => Promise<unknown>) {
    await using graphql = await startWithRunQueries(database, {
      replace: ({ analytics }) => ({ analytics: { ...analytics, totals } as Analytics }),
    });
    const { data, errors = [] } = await graphql.run(RUN_QUERIES, { queries: [QUERY] });
    return { data, errors, log: graphql.log };
  }

  it('lets the operation around it hide and log unexpected errors', async () => {
    const secret = new Error('password=hunter2');
    const { errors, log } = await runWithTotals(() => Promise.reject(secret));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: ['runQueries'], extensions: { code: 'INTERNAL' } });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
    const { correlationId } = errors[0]?.extensions ?? {};
    expect(log).toEqual([{ correlationId, err: secret, path: ['runQueries'] }]);
  });

  it('distinguishes an unreachable database from an invalid query', async () => {
    const { errors } = await runWithTotals(() => Promise.reject(new StorageUnavailable('gone')));
    expect(errors).toMatchObject([{ path: ['runQueries'], extensions: { code: 'OVERLOADED' } }]);
  });

  it('treats a value that its type refuses as a server error', async () => {
    const value: Stats = { rowCount: 0.5, successCount: null, measures: new Map() };
    const { errors, log } = await runWithTotals(async () => ({ value, source: {} }));
    expect(errors).toMatchObject([{ path: ['runQueries'], extensions: { code: 'INTERNAL' } }]);
    expect(log).toMatchObject([{ err: { message: expect.stringContaining('0.5') }, path: ['runQueries'] }]);
  });

  it('answers with the errors that a caller may see if none is unexpected', async () => {
    const { data, errors } = await runWithTotals(() =>
      Promise.reject(new InvalidArgument('Wrong.', 'range')),
    );
    expect(errors).toEqual([]);
    expect(data.runQueries).toEqual([
      {
        errors: [
          { message: expect.stringMatching(/^"x" is not a valid id/), path: ['node'] },
          { message: 'Wrong.', path: ['llmCallAnalytics', 'totals'] },
        ],
      },
    ]);
  });
});

describeEachDatabase('the answer of runQuery', (database) => {
  it('has at most one mebibyte, and at most 20 errors', async () => {
    await using graphql = await startWithRunQueries(database);
    const timestamp = new Date(Date.parse(NOW) - 60_000).toISOString();
    // With two bytes per character, 31 of them fit, but 32 with the surrounding JSON do not.
    const stackTrace = 'ü'.repeat(MAX_ANSWER_BYTES / 32 / 2);
    await graphql.data(RECORD, {
      input: {
        errorLogs: Array.from({ length: 32 }, () => errorLog({ stackTrace, timestamp })),
      },
    });
    const traces = (first: number) => `{ errorLogs(first: ${first}) { nodes { stackTrace } } }`;
    const faults = `{ ${Array.from({ length: 21 }, (_, n) => `n${n}: node(id: "x") { id }`).join(' ')} }`;
    const { data } = await graphql.run(RUN_QUERIES, { queries: [traces(31), traces(32), faults] });
    const [fits, tooLong, faulty] = data.runQueries;
    expect(fits.data.errorLogs.nodes).toEqual(Array(31).fill({ stackTrace }));
    expect(tooLong).toEqual({
      errors: [
        { message: expect.stringMatching(/^The answer has 104\d{4} bytes; at most 1048576\./), path: [] },
      ],
    });
    expect(faulty.errors.map(({ path }: { path: string[] }) => path)).toEqual(
      Array.from({ length: 20 }, (_, n) => [`n${n}`]),
    );
  });
});
