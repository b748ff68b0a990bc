import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAlertBook } from '../../../src/alerting/book/alert-book.ts';
import { severityRank } from '../../../src/alerting/book/severity.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { alertsOf, DRAFT } from './support/alerts.ts';
import { type Connection, END, followThroughCuts } from './support/cut-connections.ts';

const SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'];
const TYPES = ['SYSTEM', 'COST', 'TASK'];

interface Subscriber {
  readonly minSeverity: string | null;
  readonly types: readonly string[] | null;
  /** The numbers of alerts after which it is cut off. */
  readonly cuts: readonly number[];
  /** Whether a read is in progress when it is cut off. */
  readonly reading: boolean;
}

interface Written {
  readonly type: string;
  readonly severity: string;
  readonly resolved: boolean;
}

const written: fc.Arbitrary<Written> = fc.record({
  type: fc.constantFrom(...TYPES),
  severity: fc.constantFrom(...SEVERITIES),
  resolved: fc.boolean(),
});
const subscriber: fc.Arbitrary<Subscriber> = fc.record({
  minSeverity: fc.option(fc.constantFrom(...SEVERITIES)),
  // Every subscriber wants the last alert, which has the first type.
  types: fc.option(fc.subarray(TYPES.slice(1)).map((types) => [...types, 'SYSTEM'])),
  cuts: fc.array(fc.nat({ max: 6 }), { maxLength: 6 }),
  reading: fc.boolean(),
});

/** On PostgreSQL, two instances serve one database; SQLite has one instance. */
describeEachDatabase('subscribers that are cut off', (database) => {
  const instances: TestGraphQL[] = [];
  beforeAll(async () => {
    const replace = {
      replace: (services: TestGraphQL['services']) => ({
        // A short interval, so that many polls happen between the steps of the test.
        alerting: {
          ...services.alerting,
          alertBook: createAlertBook({ ...services, pause: () => sleep(10) }),
        },
      }),
    };
    const first = await startGraphQL(database, replace);
    instances.push(first);
    if (database.dialect === 'postgresql') {
      instances.push(await startGraphQL(database, { ...replace, databaseUrl: first.databaseUrl }));
    }
  });
  afterAll(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
  });

  const instance = (number: number) => instances[number % instances.length] as TestGraphQL;

  /**
   * Writers raise their alerts at the same time, each its own in order, and resolve some at once.
   */
  async function write(projectId: string, writers: readonly (readonly Written[])[]): Promise<void> {
    await Promise.all(
      writers.map(async (own, writer) => {
        const { raise, resolve } = alertsOf(instance(writer), projectId);
        for (const [number, { resolved, ...fields }] of own.entries()) {
          const alertId = `${writer}-${number}`;
          await raise(alertId, fields);
          if (resolved) await resolve(alertId);
        }
      }),
    );
    await alertsOf(instance(0), projectId).raise(END, { type: 'SYSTEM', severity: 'CRITICAL' });
  }

  /** Reconnects to the next instance each time, as behind a load balancer. */
  function connector(projectId: string, { minSeverity, types, reading }: Subscriber, first: number) {
    let attempt = first;
    return async (since: string | null): Promise<Connection> => {
      const stream = await instance(attempt++).subscribe(
        `subscription ($since: ID, $minSeverity: AlertSeverity, $types: [AlertType!]) {
          alertRaised(since: $since, minSeverity: $minSeverity, types: $types) { id alertId }
        }`,
        { since, minSeverity, types },
        projectId,
      );
      return {
        async next() {
          const { value } = await stream.next();
          expect(value.errors).toBeUndefined();
          return value.data.alertRaised;
        },
        async cut() {
          const lost = reading ? stream.next() : null;
          await stream.return?.();
          await lost;
        },
      };
    };
  }

  async function wantedOf(projectId: string, { minSeverity, types }: Subscriber): Promise<string[]> {
    const stored = await instance(0).services.store.prisma.alert.findMany({
      where: { projectId, alertId: { not: 'start' } },
      orderBy: { sequence: 'asc' },
    });
    return stored
      .filter(({ severity }) => minSeverity === null || severityRank(severity) >= severityRank(minSeverity))
      .filter(({ type }) => types?.includes(type) ?? true)
      .map(({ alertId }) => alertId);
  }

  it('see each alert that they asked for once, in order, no matter which instance raises it and where they reconnect', async () => {
    let runs = 0;
    const scenario = fc.record({
      writers: fc.array(fc.array(written, { minLength: 2, maxLength: 8 }), { minLength: 2, maxLength: 4 }),
      subscribers: fc.array(subscriber, { minLength: 3, maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ writers, subscribers }) => {
        const projectId = `run-${runs++}`;
        const { alert: start } = await alertsOf(instance(0), projectId).raise('start');
        const following = subscribers.map((subscriber, index) =>
          followThroughCuts(connector(projectId, subscriber, index), start.id, subscriber.cuts),
        );
        const [seen] = await Promise.all([Promise.all(following), write(projectId, writers)]);
        for (const [index, subscriber] of subscribers.entries()) {
          expect(seen[index]).toEqual(await wantedOf(projectId, subscriber));
        }
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('see the alerts of an hour that they missed, then the live ones', async () => {
    const projectId = 'away';
    const { alert: start } = await alertsOf(instance(0), projectId).raise('start');
    const missed = Array.from({ length: 90 }, (_, index) => ({
      type: TYPES[index % 3] as string,
      severity: SEVERITIES[index % 4] as string,
      resolved: index % 5 === 0,
    }));
    const { alertBook } = instance(1).services.alerting;
    await alertBook.change(projectId, async (writer) => {
      for (const [index, { resolved, ...fields }] of missed.entries()) {
        await writer.raise({ ...DRAFT, ...fields, alertId: `missed-${index}` });
        if (resolved) await writer.resolve(`missed-${index}`, 'BY_HAND', 'ada');
      }
    });
    const all: Subscriber = { minSeverity: null, types: null, cuts: [3, 0, 50], reading: true };
    const following = followThroughCuts(connector(projectId, all, 0), start.id, all.cuts);
    await write(projectId, [missed.slice(0, 10), missed.slice(10, 20)]);
    const seen = await following;
    expect(seen).toHaveLength(111);
    expect(seen).toEqual(await wantedOf(projectId, all));
  });
});
