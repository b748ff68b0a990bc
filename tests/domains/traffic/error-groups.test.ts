import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endsQuery } from '../../../src/analytics/read-ends.ts';
import { errorLogs } from '../../../src/declarations/traffic/error-logs.ts';
import { fingerprint } from '../../../src/declarations/traffic/fingerprint.ts';
import { notOnCitus } from '../../support/citus.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { errorLog, uuidOf } from '../../support/events.ts';
import { ago, NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { queryPlan } from '../../support/query-plan.ts';
import { type NaiveError, naiveErrorGroups } from './support/naive-error-groups.ts';

const RECORD = 'mutation ($input: [ErrorLogInput!]!) { recordErrorLogs(input: $input) { accepted } }';
const ASK = `query (
  $range: TimeRangeInput!, $filter: ErrorLogFilter, $firstSeen: TimeRangeInput, $orderBy: ErrorGroupOrder, $first: Int
) {
  errorGroups(range: $range, filter: $filter, firstSeen: $firstSeen, orderBy: $orderBy, first: $first) {
    groupCount
    groups { fingerprint count firstSeen firstSeenGrain lastSeen lastSeenGrain sample { uuid errorMessage } }
    source { kind }
    range { from to }
  }
}`;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describeEachDatabase('errorGroups', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (variables: Record<string, unknown>, projectId: string) =>
    (await graphql.data(ASK, variables, projectId)).errorGroups;

  it('show how often, when and where each problem occurred, and how severe it is', async () => {
    const timeout = { errorType: 'TimeoutError' };
    const input = [
      errorLog({ ...timeout, errorMessage: 'took 10 ms', service: 'shop', timestamp: ago(3 * DAY_MS) }),
      errorLog({ ...timeout, errorMessage: 'took 20 ms', service: 'pay', timestamp: ago(2 * HOUR_MS) }),
      errorLog({
        ...timeout,
        errorMessage: 'took 30 ms',
        service: 'pay',
        severity: 'CRITICAL',
        timestamp: ago(HOUR_MS),
      }),
      errorLog({ ...timeout, errorMessage: 'took 40 ms', severity: 'WARNING', timestamp: ago(1) }),
      errorLog({ errorType: 'TypeError', errorMessage: 'x is no function', timestamp: ago(DAY_MS) }),
    ];
    await graphql.data(RECORD, { input }, 'shop');
    const { errorGroups } = await graphql.data(
      `{ errorGroups(range: { last: "P7D" }) {
        groupCount
        groups {
          fingerprint errorType severity count serviceCount services one: services(first: 1)
          firstSeen firstSeenGrain lastSeen lastSeenGrain sample { errorMessage severity }
        }
        source { kind grain }
      } }`,
      {},
      'shop',
    );
    expect(errorGroups).toEqual({
      groupCount: 2,
      groups: [
        {
          fingerprint: fingerprint('TimeoutError', 'took 5 ms'),
          errorType: 'TimeoutError',
          severity: 'CRITICAL',
          count: 4,
          serviceCount: 2,
          services: ['pay', 'shop'],
          one: ['pay'],
          firstSeen: ago(3 * DAY_MS),
          firstSeenGrain: null,
          lastSeen: ago(1),
          lastSeenGrain: null,
          sample: { errorMessage: 'took 40 ms', severity: 'WARNING' },
        },
        {
          fingerprint: fingerprint('TypeError', 'x is no function'),
          errorType: 'TypeError',
          severity: 'ERROR',
          count: 1,
          serviceCount: 0,
          services: [],
          one: [],
          firstSeen: ago(DAY_MS),
          firstSeenGrain: null,
          lastSeen: ago(DAY_MS),
          lastSeenGrain: null,
          sample: { errorMessage: 'x is no function', severity: 'ERROR' },
        },
      ],
      source: { kind: 'ROLLUP', grain: 'DAY' },
    });
  });

  describe('of many errors', () => {
    // 40 problems over nine days, at times several a minute, and some at the same millisecond.
    const errors: NaiveError[] = Array.from({ length: 1_500 }, (_, number) => {
      const problem = (number * number) % 43;
      return {
        id: uuidOf(number),
        fingerprint: fingerprint('Failure', `problem ${'abcdefgh'[problem % 8]}${'uvwxyz'[problem % 6]}`),
        message: `problem ${'abcdefgh'[problem % 8]}${'uvwxyz'[problem % 6]}`,
        service: number % 3 === 0 ? 'shop' : 'pay',
        timestamp: Date.parse(NOW) - ((number * 7_919_317) % (9 * DAY_MS)),
      };
    });
    beforeAll(async () => {
      const input = errors.map(({ id, message, service, timestamp }) => ({
        ...errorLog({ errorType: 'Failure', errorMessage: message, service }),
        id,
        timestamp: new Date(timestamp).toISOString(),
      }));
      await graphql.data(RECORD, { input }, 'many');
    });

    const RANGES = [9 * DAY_MS, 4.3 * DAY_MS, 20 * HOUR_MS, 30 * 60_000];
    const FILTERS = [
      [null, () => true],
      [{ service: { eq: 'shop' } }, ({ service }: NaiveError) => service === 'shop'],
      // Rollups do not contain the message.
      [{ errorMessage: { contains: 'a' } }, ({ message }: NaiveError) => message.includes('a')],
    ] as const;
    const FIELDS = ['COUNT', 'LAST_SEEN', 'FIRST_SEEN'] as const;

    it.each(FIELDS.flatMap((field) => (['DESC', 'ASC'] as const).map((way) => [field, way] as const)))(
      'equal the result of counting one by one, by %s %s',
      async (field, direction) => {
        for (const length of RANGES) {
          for (const [filter, takes] of FILTERS) {
            const range = { from: ago(length), to: ago(10 * 60_000) };
            const first = 7;
            const found = await ask({ range, filter, orderBy: { field, direction }, first }, 'many');
            const inRange = errors.filter(
              (error) =>
                takes(error) &&
                error.timestamp >= Date.parse(range.from) &&
                error.timestamp < Date.parse(range.to),
            );
            const expected = naiveErrorGroups(inRange, field, direction);
            expect(found.groupCount).toBe(expected.length);
            expect(found.groups).toEqual(expected.slice(0, first));
          }
        }
      },
    );

    it('are those that began in a part of the range, to the millisecond', async () => {
      const range = { from: ago(9 * DAY_MS), to: NOW };
      const inRange = errors.filter(({ timestamp }) => timestamp < Date.parse(NOW));
      const all = naiveErrorGroups(inRange, 'FIRST_SEEN', 'ASC');
      const begin = (index: number) => all[index]?.firstSeen as string;
      // A part that cuts days at both ends, one that cuts a day at one end, and one that begins
      // with a first error.
      const parts = [
        { from: begin(3), to: begin(9) },
        { from: begin(5), to: NOW },
        { from: range.from, to: begin(6) },
        { from: ago(8.5 * DAY_MS), to: ago(7.3 * DAY_MS) },
        { from: ago(1000), to: NOW },
      ];
      const counts = new Set<number>();
      for (const firstSeen of parts) {
        const variables = { range, firstSeen, orderBy: { field: 'FIRST_SEEN', direction: 'ASC' } };
        const found = await ask({ ...variables, first: 500 }, 'many');
        const expected = all.filter(
          ({ firstSeen: first }) => firstSeen.from <= first && first < firstSeen.to,
        );
        expect(found.groups).toEqual(expected);
        expect(found.groupCount).toBe(expected.length);
        counts.add(expected.length);
      }
      expect(counts.size).toBeGreaterThan(2);
    });

    it.skipIf(notOnCitus('PLANS'))(
      'find their first and last errors by the index on the fingerprint, one by one',
      async () => {
        const { store } = graphql.services;
        const wanted = [{ key: 'abc', first: { from: 0, to: 9 }, last: { from: 0, to: Date.parse(NOW) } }];
        const question = {
          dataset: errorLogs,
          projectId: 'many',
          filter: null,
          column: 'fingerprint',
          wanted,
        };
        const statement = endsQuery(store, question).compile();
        const plan = async () => (await queryPlan(store, statement)).join('\n');
        const index = /error_logs_project_id_fingerprint_timestamp_idx/g;
        // SQLite collects statistics only on request; PostgreSQL collects them automatically, in
        // time.
        if (database.dialect === 'sqlite') expect((await plan()).match(index)).toHaveLength(3);
        await store.query.executeQuery(CompiledQuery.raw('analyze'));
        expect((await plan()).match(index)).toHaveLength(3);
      },
    );

    it('cost the same number of statements for any number of groups', async () => {
      const range = { from: ago(9 * DAY_MS), to: NOW };
      const orderBy = { field: 'LAST_SEEN' };
      const few = await graphql.countStatements(() => ask({ range, orderBy, first: 1 }, 'many'));
      const many = await graphql.countStatements(() => ask({ range, orderBy, first: 500 }, 'many'));
      expect(many).toBe(few);
      const counts = '{ errorGroups(range: { last: "P9D" }) { groups { fingerprint count } } }';
      expect(await graphql.countStatements(() => graphql.data(counts, {}, 'many'))).toBe(few - 3);
    });
  });

  it('refuse an invalid page size, and name the argument', async () => {
    for (const first of [0, 501]) {
      const { errors } = await graphql.run(ASK, { range: { last: 'P1D' }, first });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } }]);
    }
  });

  it('refuse an invalid beginning, and name the argument', async () => {
    const firstSeen = { last: 'P1D', to: NOW };
    const { errors } = await graphql.run(ASK, { range: { last: 'P1D' }, firstSeen });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'firstSeen' } }]);
  });

  describe('whose rows have expired', () => {
    const daysAgo = (days: number) => ago(days * DAY_MS);
    beforeAll(async () => {
      // One group whose rows have all expired, and one whose last row remains.
      const sent = [
        ['old', 6],
        ['old', 5],
        ['lasting', 6],
        ['lasting', 1],
      ] as const;
      for (const [errorMessage, days] of sent) {
        graphql.clock.set(Date.parse(daysAgo(days)));
        await graphql.data(RECORD, { input: [errorLog({ errorMessage, timestamp: daysAgo(days) })] }, 'aged');
      }
      graphql.clock.set(Date.parse(NOW));
      await graphql.data(
        'mutation ($input: SetRetentionPolicyInput!) { setRetentionPolicy(input: $input) { retentionPolicy { dataset } } }',
        { input: { dataset: 'errorLogs', rowDays: 3, minuteDays: 3 } },
        'aged',
      );
      await graphql.services.retention.run();
    });

    it('are counted, known to the day, and have no sample', async () => {
      const midnight = (days: number) => `${daysAgo(days).slice(0, 10)}T00:00:00.000Z`;
      const found = await ask({ range: { last: 'P7D' }, orderBy: { field: 'LAST_SEEN' } }, 'aged');
      expect(found.groupCount).toBe(2);
      expect(found.groups).toEqual([
        {
          fingerprint: fingerprint('TimeoutError', 'lasting'),
          count: 2,
          firstSeen: midnight(6),
          firstSeenGrain: 'DAY',
          lastSeen: daysAgo(1),
          lastSeenGrain: null,
          sample: { uuid: expect.any(String), errorMessage: 'lasting' },
        },
        {
          fingerprint: fingerprint('TimeoutError', 'old'),
          count: 2,
          firstSeen: midnight(6),
          firstSeenGrain: 'DAY',
          lastSeen: midnight(5),
          lastSeenGrain: 'DAY',
          sample: null,
        },
      ]);
    });

    it('are the same in a range that ends in the far future', async () => {
      const orderBy = { field: 'LAST_SEEN' };
      const { groups } = await ask({ range: { last: 'P7D' }, orderBy }, 'aged');
      const range = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
      expect(await ask({ range, orderBy }, 'aged')).toMatchObject({ groups });
    });
  });
});
