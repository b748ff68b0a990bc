import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RetentionDays } from '../../../src/core/dataset/retention.ts';
import { metricUsages } from '../../../src/declarations/catalog/metric-usages.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { metricUsage } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { catalogOf } from './support/catalog.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.parse(NOW) - days * DAY_MS).toISOString();

describeEachDatabase('uses of metrics after retention', (database) => {
  let graphql: TestGraphQL;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
    await catalogOf(graphql).create('revenue_total');
    await catalogOf(graphql).create('costs');
    await graphql.data(
      'mutation ($input: [MetricUsageInput!]!) { recordMetricUsages(input: $input) { accepted } }',
      {
        input: [
          ...[0, 1, 19, 20, 21, 40, 4000].map((days) => metricUsage({ timestamp: daysAgo(days) })),
          metricUsage({ timestamp: daysAgo(4000), metricId: 'costs' }),
        ],
      },
    );
  });
  afterEach(() => graphql[Symbol.asyncDispose]());

  /** Moves the clock by this many days, and runs retention. */
  async function expire(days: number, policy?: RetentionDays): Promise<void> {
    const { policies, run } = graphql.services.retention;
    if (policy !== undefined) await policies.set('default', metricUsages, policy);
    graphql.clock.advance(days * DAY_MS);
    await run();
  }

  async function counts(): Promise<Record<string, number>> {
    const { metrics } = await graphql.data('{ metrics { nodes { metricId usageCount } } }');
    return Object.fromEntries(
      metrics.nodes.map(({ metricId, usageCount }: { metricId: string; usageCount: number }) => [
        metricId,
        usageCount,
      ]),
    );
  }

  test('are all counted while days are kept', async () => {
    await expire(1000);
    const { metricUsages } = await graphql.data('{ metricUsages { totalCount } }');
    expect(metricUsages.totalCount).toBe(0);
    expect(await counts()).toEqual({ revenue_total: 7, costs: 1 });
  });

  test('are counted for the remaining days if days are removed too', async () => {
    await expire(10, { rows: 5, MINUTE: 1, HOUR: 5, DAY: 30 });
    // Ten days later, the uses of 20 days ago are 30 days old.
    expect(await counts()).toEqual({ revenue_total: 4, costs: 0 });
  });

  test('are counted from the rows if rows are kept longer than days', async () => {
    await expire(10, { rows: null, MINUTE: 1, HOUR: 5, DAY: 30 });
    expect(await counts()).toEqual({ revenue_total: 7, costs: 1 });
  });

  test('are zero if everything was removed', async () => {
    await expire(1000, { rows: 5, MINUTE: 1, HOUR: 5, DAY: 30 });
    expect(await counts()).toEqual({ revenue_total: 0, costs: 0 });
  });

  test('are counted if retention runs after their horizons were read', async () => {
    expect(await counts()).toEqual({ revenue_total: 7, costs: 1 });
    await expire(10, { rows: 5, MINUTE: 1, HOUR: 5, DAY: 30 });
    expect(await counts()).toEqual({ revenue_total: 4, costs: 0 });
  });

  test('are returned per remaining day, and missing days are reported', async () => {
    await expire(10, { rows: 5, MINUTE: 1, HOUR: 5, DAY: 30 });
    const ask = async (days: number, timeZone: string) => {
      const { metricUsageStats } = await graphql.data(
        `query ($days: Int, $timeZone: TimeZone) {
          metricUsageStats(metricId: "revenue_total", days: $days, timeZone: $timeZone) {
            total days { uses } users { uses } source { missing { from to } moved { asked answered } }
          }
        }`,
        { days, timeZone },
      );
      const uses = ({ uses }: { uses: number }) => uses;
      expect(sum(metricUsageStats.days.map(uses))).toBe(metricUsageStats.total);
      expect(sum(metricUsageStats.users.map(uses))).toBe(metricUsageStats.total);
      const { total, days: points, source } = metricUsageStats;
      return [total, points.length, source.missing.length, source.moved.length];
    };
    expect(await ask(31, 'UTC')).toEqual([4, 31, 0, 0]);
    expect(await ask(32, 'UTC')).toEqual([4, 31, 1, 0]);
    // Hours remain for the last five days.
    expect(await ask(20, 'Europe/Berlin')).toEqual([2, 20, 0, 15]);
    expect(await ask(20, 'Asia/Kolkata')).toEqual([2, 20, 0, 15]);
    expect(await ask(4, 'Asia/Kolkata')).toEqual([0, 4, 0, 0]);
  });
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
