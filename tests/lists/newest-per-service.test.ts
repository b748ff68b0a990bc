import { CompiledQuery } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import type { Interval } from '../../src/core/time/range.ts';
import { healthSamples } from '../../src/declarations/health/health-samples.ts';
import { ragMetrics } from '../../src/declarations/health/rag-metrics.ts';
import {
  findNewestPerService,
  MAX_SERVICES,
  newestPerServiceQuery,
} from '../../src/lists/newest-per-service.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { rowOf } from '../storage/support/calls.ts';
import { CLOCKS } from '../storage/support/clocks.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { uuidOf } from '../support/events.ts';
import { queryPlan } from '../support/query-plan.ts';

const MINUTE_MS = 60_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');

type SampleParts = readonly [
  number: number,
  service: string | null,
  environment: string | null,
  timestamp: number,
];

/** An event with only the required columns. */
function eventOf(dataset: Dataset, ...[number, service, environment, timestamp]: SampleParts): Row {
  const own = { id: uuidOf(number), service, environment, timestamp, receivedAt: timestamp };
  const required = {
    overallStatus: 'HEALTHY',
    errorCount: 0,
    totalPatterns: 0,
    totalQueries: 0,
    queryVolumeLastHour: 0,
  };
  return rowOf(dataset, { ...required, ...own });
}

const sample = (...parts: SampleParts): Row => eventOf(healthSamples, ...parts);

const byName = (one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

describeEachDatabase('the newest event of each service', (database) => {
  const opened = useStore(database);
  const find = async (projectId: string, range: Interval | null = null) => {
    const found = await findNewestPerService(opened.store, { dataset: healthSamples, projectId, range });
    return found.map(({ lastSeenAt: _, ...event }) => event).sort(byName);
  };

  it('is found for every combination of names, including absent and empty ones', async () => {
    const projectId = opened.newProject();
    const names = [null, '', 'api', 'web', 'ü', "it's"];
    const pairs = names.flatMap((service) => names.map((environment) => ({ service, environment })));
    const rows = pairs.flatMap(({ service, environment }, pair) =>
      [3, 1, 2].map((age) => sample(pair * 10 + age, service, environment, NOW - age)),
    );
    await opened.append(projectId, healthSamples, rows);
    await opened.append('their project', healthSamples, [sample(999, 'theirs', null, NOW)]);
    const expected = pairs.map((pair, index) => ({ ...pair, id: uuidOf(index * 10 + 1) }));
    expect(await find(projectId)).toEqual(expected.sort(byName));
  });

  it.each([
    ['only events without a service', [[null, null]]],
    [
      'only events without an environment',
      [
        ['api', null],
        ['web', null],
      ],
    ],
    [
      'only events with both',
      [
        ['api', 'production'],
        ['api', 'staging'],
        ['web', 'production'],
      ],
    ],
    ['no event at all', []],
  ] as const)('is found if there are %s', async (_, pairs) => {
    const projectId = opened.newProject();
    const rows = pairs.map(([service, environment], index) => sample(index, service, environment, NOW));
    await opened.append(projectId, healthSamples, rows);
    const expected = pairs.map(([service, environment], index) => ({
      service,
      environment,
      id: uuidOf(index),
    }));
    expect(await find(projectId)).toEqual(expected.sort(byName));
  });

  it('is found in a range; of two at the same instant it is the one with the greater id', async () => {
    const projectId = opened.newProject();
    await opened.append(projectId, healthSamples, [
      sample(1, 'api', null, NOW - 20),
      sample(3, 'api', null, NOW - 10),
      sample(2, 'api', null, NOW - 10),
      sample(4, 'api', null, NOW),
      sample(5, 'web', null, NOW),
      sample(6, null, null, NOW - 21),
      sample(7, 'old', null, NOW - 22),
    ]);
    expect(await find(projectId, { from: NOW - 21, to: NOW })).toEqual([
      { service: 'api', environment: null, id: uuidOf(3) },
      { service: null, environment: null, id: uuidOf(6) },
    ]);
  });

  it.each(CLOCKS)('follows the rule for wrong clocks: %s', async (_, reports, state, at) => {
    const projectId = opened.newProject();
    const groups = [
      ['api', 'production'],
      ['api', null],
      [null, 'production'],
      [null, null],
    ] as const;
    const idOf = (group: number, index: number) => group * 10_000 + index;
    const rows = groups.flatMap(([service, environment], group) =>
      reports.map(([said, received], index) =>
        sample(idOf(group, index), service, environment, NOW + said * MINUTE_MS).with(
          healthSamples.at.receivedAt,
          NOW + received * MINUTE_MS,
        ),
      ),
    );
    await opened.append(projectId, healthSamples, rows);
    const index = reports.findIndex(([, , said]) => said === state);
    const expected = groups.map(([service, environment], group) => {
      return { service, environment, id: uuidOf(idOf(group, index)), lastSeenAt: NOW + at * MINUTE_MS };
    });
    const found = await findNewestPerService(opened.store, {
      dataset: healthSamples,
      projectId,
      range: null,
    });
    expect([...found].sort(byName)).toEqual(expected.sort(byName));
  });

  it('is found for a bounded number of services', async () => {
    const projectId = opened.newProject();
    const rows = Array.from({ length: MAX_SERVICES + 5 }, (_, index) =>
      sample(index, `service-${String(index).padStart(5, '0')}`, null, NOW),
    );
    await opened.append(projectId, healthSamples, rows);
    const found = await find(projectId);
    expect(found).toHaveLength(MAX_SERVICES);
    expect(found.at(-1)?.service).toBe('service-00999');
  });
});

describeEachDatabase('the newest event of each service among many', (database) => {
  const opened = useStore(database);
  const tables = [healthSamples, ragMetrics];
  // The planner of PostgreSQL uses statistics.
  beforeAll(async () => {
    for (const dataset of tables) {
      const rows = Array.from({ length: 10_000 }, (_, index) => {
        const service = index % 5 === 0 ? null : `service-${index % 7}`;
        const timestamp = NOW - index * 1000;
        const row = eventOf(dataset, index, service, index % 3 === 0 ? null : 'production', timestamp);
        // The clocks of two of them are behind.
        const receivedAt =
          service === null || service === 'service-3' ? timestamp + 120 * MINUTE_MS : timestamp;
        return row.with(dataset.at.receivedAt, receivedAt);
      });
      await opened.append('default', dataset, rows);
    }
    await opened.store.query.executeQuery(CompiledQuery.raw('analyze'));
  });

  it.each(
    tables.flatMap((dataset) => [
      { dataset, name: dataset.name, range: null },
      { dataset, name: dataset.name, range: { from: 0, to: NOW - 60_000 } },
    ]),
  )('is found by seeks in two indexes: $name, range $range', async ({ dataset, range }) => {
    const statement = newestPerServiceQuery(opened.store, { dataset, projectId: 'default', range });
    const { store } = opened;
    const reads = (await queryPlan(store, statement.compile(store.query), { run: true }))
      // A bitmap scan of the table fetches the rows that the scan of the index found.
      .filter((step) => !step.includes('Bitmap Heap Scan'))
      .filter((step) => /\b(SEARCH|SCAN) event\b|\bon \w+ event|Bitmap Index Scan/.test(step));
    // Six reads for the walks. For each of the four paths to a service: the last event by its
    // clock, those that it hides (between two times), the last receipt, the one before another, and
    // one that goes back. Then the two instants of the newest event.
    expect(reads).toHaveLength(28);
    const index = `${dataset.table}_project_id_service_environment_(timestamp|received_at_t[a-z_]*)_idx`;
    const seek =
      database.dialect === 'sqlite'
        ? `SEARCH event USING (COVERING )?INDEX (${index} \\(project_id=\\? AND service|\\w+ \\(project_id=\\? AND (id=|timestamp>\\? AND timestamp<))`
        : `(Index (Only )?Scan (Backward )?using|Bitmap Index Scan on) (${index}|${dataset.table}_pkey) .*(actual rows=[0-2](\\.\\d+)? |never executed)`;
    for (const read of reads) expect(read).toMatch(new RegExp(seek));
  });
});
