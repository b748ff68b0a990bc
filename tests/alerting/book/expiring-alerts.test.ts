import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExpiringAlerts } from '../../../src/alerting/book/expiring-alerts.ts';
import { createRetention } from '../../../src/retention/retention.ts';
import { alertsOf } from '../../domains/alerts/support/alerts.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-11-22T12:00:00Z');
/** The first midnight whose day stays by default. */
const CUTOFF = Date.parse('2026-08-24T00:00:00Z');

describeEachDatabase('retention of alerts', (database) => {
  let graphql: TestGraphQL;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
  });
  afterEach(() => graphql[Symbol.asyncDispose]());

  interface Life {
    /** Epoch milliseconds. */
    readonly raised: number;
    /** Omitted if it is open. */
    readonly resolved?: number;
    readonly severity?: string;
  }

  async function live(alertId: string, { raised, resolved, severity = 'ERROR' }: Life, projectId?: string) {
    const alerts = alertsOf(graphql, projectId);
    graphql.clock.set(raised);
    await alerts.raise(alertId, { severity });
    if (resolved !== undefined) {
      graphql.clock.set(resolved);
      await alerts.resolve(alertId);
    }
    graphql.clock.set(NOON);
  }

  const storedAlerts = async (projectId = 'default') =>
    (
      await graphql.services.store.prisma.alert.findMany({
        where: { projectId },
        orderBy: { sequence: 'asc' },
      })
    ).map(({ alertId }) => alertId);
  const removed = async (options = {}) =>
    (await graphql.services.retention.run(options)).filter(({ rows, cells }) => rows + cells > 0);

  test('removes alerts that were resolved long ago, but none that are CRITICAL or open', async () => {
    const [before, after] = [CUTOFF - 1, CUTOFF];
    await live('long over', { raised: before, resolved: before });
    await live('raised later', { raised: after, resolved: after });
    await live('resolved later', { raised: before - 100 * DAY_MS, resolved: after });
    await live('critical', { raised: before, resolved: before, severity: 'CRITICAL' });
    await live('open', { raised: before });
    await live('theirs', { raised: before, resolved: before }, 'another-project');
    expect(await removed({ dryRun: true })).toMatchObject([{ dataset: 'alerts', rows: 2, cells: 0 }]);
    expect(await storedAlerts()).toHaveLength(5);
    expect(await removed()).toMatchObject([{ dataset: 'alerts', rows: 2, cells: 0 }]);
    expect(await storedAlerts()).toEqual(['raised later', 'resolved later', 'critical', 'open']);
    expect(await storedAlerts('another-project')).toEqual([]);
    expect(await removed()).toEqual([]);
    // It is removed when its own days are over.
    graphql.clock.advance(DAY_MS);
    await removed();
    expect(await storedAlerts()).toEqual(['critical', 'open']);
  });

  test('follows RETENTION_DAYS', async () => {
    await live('a', { raised: NOON - 3 * DAY_MS, resolved: NOON - 3 * DAY_MS });
    await live('b', { raised: NOON - 2 * DAY_MS, resolved: NOON - 2 * DAY_MS });
    const { store, clock } = graphql.services;
    const states = [createExpiringAlerts({ store })];
    await createRetention({ store, clock, datasets: [], states, retentionDays: 2 }).run();
    expect(await storedAlerts()).toEqual(['b']);
  });

  test('continues where it was stopped, in batches between which alerts can be raised', async () => {
    const long = NOON - 100 * DAY_MS;
    for (let number = 0; number < 7; number++) await live(`old ${number}`, { raised: long, resolved: long });
    const { store } = graphql.services;
    const stop = new AbortController();
    let batches = 0;
    const expired = createExpiringAlerts({
      batchSize: 3,
      store: {
        prisma: store.prisma,
        async transact(key, work) {
          const value = await store.transact(key, work);
          if (++batches === 2) stop.abort();
          await live(`new ${batches}`, { raised: NOON });
          return value;
        },
      },
    });
    expect(await expired.remove(CUTOFF, { signal: stop.signal })).toBe(6);
    expect(await storedAlerts()).toEqual([expect.stringMatching(/^old/), 'new 1', 'new 2']);
    expect(await expired.remove(CUTOFF, {})).toBe(1);
    expect(await storedAlerts()).toEqual(['new 1', 'new 2', 'new 3']);
    expect(await expired.remove(CUTOFF, {})).toBe(0);
  });
});
