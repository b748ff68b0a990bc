import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { type Interval, previousRange, resolveRange } from '../../src/core/time/range.ts';
import { bucketBoundaries } from '../../src/core/time/zone.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { createSchema } from '../../src/schema.ts';
import type { Dialect } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { type Answer, startGraphQL, type TestGraphQL } from '../support/graphql.ts';
import { type AgedServer, createAgedServer } from './support/aged-server.ts';
import {
  checkAnalytics,
  instantOf,
  type SaidAnalytics,
  type SaidRange,
  sum,
} from './support/check-analytics.ts';
import { COUNTS, NOT_COUNTED } from './support/named-counts.ts';
import { type RangedQuery, rangedQueries } from './support/ranged-queries.ts';

// Sends every query that takes a range to a server as it ages. Nothing is rejected, and each number
// matches the events in the range that the answer names.
//
// Not every day of its life: what is kept changes only at the horizons, which are at 7 days
// (minutes, and rows of health), 30 (rows of agents), 90 (all other rows, hours of agents), 365
// (days of agents) and 400 (hours). The ages lie after each of them, and the ranges, which end now,
// begin on every side of each. How long data is kept does not depend on the database: each database
// sees rows, hours and days, and both together see each age.
const AGES: Readonly<Record<Dialect, readonly number[]>> = {
  sqlite: [8, 31, 92, 402],
  postgresql: [731],
};
const RANGES = ['PT1H', 'P14D', 'P60D', 'P91D', 'P180D', 'P1Y', 'P2Y'];
/**
 * Zones with whole hours, with a half hour, and with clock changes. Each age and range uses one of
 * them, so that every zone meets all ages and ranges.
 */
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York'];
const DAYS: Readonly<Record<string, number>> = {
  PT1H: 1,
  P14D: 14,
  P60D: 60,
  P91D: 91,
  P180D: 180,
  P1Y: 366,
  P2Y: 732,
};

const daysOf = (last: string): number => DAYS[last] as number;

/**
 * The ranges that begin within the life of the server, the first one that begins before it, and the
 * longest one, which begins before all horizons. The ranges in between would count the same events
 * again.
 */
function rangesAt(age: number): (readonly [index: number, last: string])[] {
  const older = RANGES.findIndex((last) => daysOf(last) > age);
  return [...RANGES.entries()].filter(
    ([index]) => older < 0 || index <= older || index === RANGES.length - 1,
  );
}

// A preview omits incomplete windows, and a ratio covers the events that both sides have. Separate
// tests check what they count. Here they are queried with arguments that contain no range.
const ELSEWHERE = ['previewAlertRule', 'ratio'];
const QUERIES = rangedQueries(createSchema()).filter(({ name }) => !ELSEWHERE.includes(name));

describeEachDatabase('a server that grows old', (database) => {
  let graphql: TestGraphQL;
  let server: AgedServer;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    graphql.clock.set(0);
    server = createAgedServer(graphql);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  describe.each(AGES[database.dialect])('%d days', (age) => {
    beforeAll(() => server.growTo(age));

    it.each(datasets.map((dataset) => [dataset.name, dataset] as const))(
      'answers analytics of %s',
      async (_, dataset) => {
        for (const [index, last] of rangesAt(age)) {
          const zone = ZONES[(age + index) % ZONES.length] as string;
          const { data, errors } = await graphql.run(analyticsDocument(dataset, age + index), { last, zone });
          expect(errors, `${last} in ${zone}`).toBeUndefined();
          checkAll(data, last);
        }
      },
    );

    it.each(datasets.map(({ name }) => name))('answers flat rows of %s', async (dataset) => {
      for (const [index, last] of rangesAt(age)) {
        const asked = { from: truncate(last), to: server.now() };
        const zone = ZONES[(age + index) % ZONES.length] as string;
        const document = FLAT[(age + index) % FLAT.length] as string;
        const { data, errors, extensions } = await graphql.run(document, { dataset, zone, ...asked });
        expect(errors, `${last} in ${zone}`).toBeUndefined();
        const counted = sum(data.flat.map(({ value, count }: Flat) => value ?? count ?? 0));
        const said = keptNotes(extensions, dataset).map((answered) => server.countIn(answered));
        expect(said.length > 0 ? said : [server.countIn(asked)], `${last} in ${zone}`).toContain(counted);
      }
    });

    it('answers queries that combine several questions', async () => {
      for (const [index, last] of rangesAt(age)) {
        const zone = ZONES[(age + index) % ZONES.length] as string;
        const [from, to] = [truncate(last), server.now()];
        const end = new Date(Math.min(to, from + 30 * 86_400_000));
        const asked = { last, zone, from, to, start: new Date(from).toISOString(), end: end.toISOString() };
        for (const document of [TOGETHER, PREVIEW])
          expect((await graphql.run(document, asked)).errors, `${last} in ${zone}`).toBeUndefined();
      }
    });

    it.each(QUERIES.map((query) => [query.name, query] as const))('answers %s', async (_, query) => {
      for (const [index, last] of rangesAt(age)) {
        const zone = ZONES[(age + index) % ZONES.length] as string;
        await checkNamed(query, last, zone);
      }
    });
  });

  function checkAll(data: Readonly<Record<string, SaidAnalytics>>, last: string): void {
    const asked = resolveRange({ last }, server.now());
    for (const [name, answer] of Object.entries(data)) {
      if (name !== 'before') checkAnalytics(server, asked, answer);
      else
        checkAnalytics(
          server,
          previousRange(asked),
          (answer as never as { previous: SaidAnalytics }).previous,
        );
    }
  }

  async function checkNamed(query: RangedQuery, last: string, zone: string): Promise<void> {
    const variables = { zone, ...(query.takes === 'days' ? { days: daysOf(last) } : { last }) };
    const { data, errors, extensions } = await graphql.run(namedDocument(query), variables);
    expect(errors, `${last} in ${zone}`).toBeUndefined();
    if (NOT_COUNTED.includes(query.name)) return;
    const { dataset, count } = COUNTS[query.name] ?? { dataset: '', count: () => Number.NaN };
    const said = keptNotes(extensions, dataset).map((answered) => server.countIn(answered));
    const counted = count(data[query.name]);
    expect(
      said.length > 0 ? said : [server.countIn(askedBy(query, last, zone))],
      `${last} in ${zone}`,
    ).toContain(counted);
  }

  function askedBy({ name, takes }: RangedQuery, last: string, zone: string) {
    const now = server.now();
    if (takes === 'range' && name !== 'agentMetricsDaily') return { from: truncate(last), to: now };
    const from = takes === 'days' ? now - (daysOf(last) - 1) * 86_400_000 : truncate(last);
    const days = bucketBoundaries({ from, to: now + (takes === 'days' ? 1 : 0) }, 'DAY', zone);
    const first = takes === 'days' ? days.length - 1 - daysOf(last) : 0;
    return { from: days[Math.max(0, first)] as number, to: days.at(-1) as number };
  }

  const truncate = (last: string): number => resolveRange({ last }, server.now()).from;
});

const SOURCE = `range { from to } source { range { from to } parts { from to } missing { from to } moved { asked answered } }`;

/**
 * Each part of analytics in a query of its own, so that each one reports its own range; groups use
 * one dimension after the other.
 */
function analyticsDocument({ fields, dimensions, rollups }: Dataset, turn: number): string {
  const kept = new Set(rollups.flatMap((set) => set.dimensions));
  const ofRows = dimensions.find(({ name }) => !kept.has(name));
  const groupings = [...kept, ...(ofRows === undefined ? [] : [ofRows.name])];
  const grouping = groupings[turn % groupings.length] as string;
  const ask = (alias: string, selection: string) =>
    `${alias}: ${fields.analytics}(range: { last: $last }) { ${selection} }`;
  return `query ($last: Duration!, $zone: TimeZone!) {
    ${ask('totals', `totals { count } ${SOURCE}`)}
    ${ask('series', `series(timeZone: $zone) { points { start end stats { count } } } ${SOURCE}`)}
    ${ask('months', `series(timeZone: $zone, grain: MONTH) { points { start end stats { count } } } ${SOURCE}`)}
    ${ask('before', `previous { totals { count } ${SOURCE} }`)}
    ${ask('values', `distinct(dimension: ${enumName(grouping)}) { count } ${SOURCE}`)}
    ${ask('groups', `groups { dimensions { ${grouping} } stats { count } } ${SOURCE}`)}
  }`;
}

const enumName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** The range that the answer reports, unless it is the requested one. */
function keptNotes(extensions: Answer['extensions'], dataset: string): Interval[] {
  return ((extensions?.['kept'] ?? []) as { dataset: string; answered: SaidRange }[])
    .filter((note) => note.dataset === dataset)
    .map(({ answered }) => instantOf(answered));
}

/** A row of `timeseries` or of `table`. */
interface Flat {
  readonly value?: number | null;
  readonly count?: number;
}

const FLAT = [
  `query ($dataset: DatasetName!, $from: Float!, $to: Float!, $zone: TimeZone!) {
    flat: timeseries(dataset: $dataset, from: $from, to: $to, measures: ["count"], timeZone: $zone) { value }
  }`,
  `query ($dataset: DatasetName!, $from: Float!, $to: Float!) {
    flat: table(dataset: $dataset, from: $from, to: $to, measures: ["count"], groupBy: ["service"])
  }`,
];

const TOGETHER = `query ($last: Duration!, $from: Float!, $to: Float!, $zone: TimeZone!) {
  ratio(numerator: { llmCalls: { measure: COST } }, denominator: { taskEvents: {} }, range: { last: $last }) {
    value series(timeZone: $zone, grain: MONTH) { points { value } }
  }
  monthForecast(of: { llmCalls: {} }, timeZone: $zone) { soFar forecast }
  annotations(from: $from, to: $to) { time }
}`;

// The rule is evaluated every hour, which is too often for two years, so the range is a month at
// its beginning.
const PREVIEW = `query ($start: DateTime!, $end: DateTime!) {
  previewAlertRule(
    range: { from: $start, to: $end }
    input: { dataset: "llmCalls", aggregate: ERROR_RATE, groupBy: ["endUser"], comparator: GT, warning: 0.1, window: "P7D" }
  ) { evaluations firingShare source { missing { from } } }
}`;

/** The arguments that the queries need in addition to a range, and the limits of that range. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  agentMetricsHistory: 'agentId: "builder"',
  latencySeries: 'grain: AUTO',
  metricUsageStats: 'metricId: "revenue_total"',
  metricsByPeriod: 'period: MONTH',
};

/** With variables, so that the query is parsed and validated once. */
function namedDocument({ name, takes, hasZone, selection }: RangedQuery): string {
  const declared = [
    takes === 'days' ? '$days: Int!' : '$last: Duration!',
    ...(hasZone ? ['$zone: TimeZone!'] : []),
  ];
  const args = [
    takes === 'days' ? 'days: $days' : 'range: { last: $last }',
    ...(hasZone ? ['timeZone: $zone'] : []),
    ...(ARGUMENTS[name] === undefined ? [] : [ARGUMENTS[name]]),
  ];
  return `query (${declared.join(', ')}) { ${name}(${args.join(', ')}) ${selection} }`;
}
