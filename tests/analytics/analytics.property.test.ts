import fc from 'fast-check';
import { assert, expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { Group, Scope, Series } from '../../src/analytics/spec.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { techniqueUsages } from '../../src/declarations/llm/technique-usages.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { requestLogs } from '../../src/declarations/traffic/request-logs.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useColumns } from './support/columns-of-tests.ts';
import { checkDistribution } from './support/distributions.ts';
import { rowsOf, storedRows, type Window, windows } from './support/events.ts';
import { expectStats } from './support/expectations.ts';
import { groupsOf, rowsBetween, rowsInScope, statsOf } from './support/naive.ts';
import { useStore } from './support/open-store.ts';
import { type Question, questionsOf } from './support/questions.ts';

const keyOf = (dimensions: readonly string[], values: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(dimensions.map((name) => values[name]));

/** Comparing keys is enough to show that the same groups were chosen among equals. */
interface Asked {
  readonly dataset: Dataset;
  readonly scope: Scope;
  readonly question: Question;
  /** The rows that the query is about. */
  readonly rows: readonly Row[];
}

/** Returns the kind of the source. */
async function checkTotals(analytics: Analytics, asked: Asked): Promise<string> {
  const { dataset, scope, question, rows } = asked;
  const { value, source } = await analytics.totals(scope, question.measures);
  expectStats(value, statsOf(dataset, rows), dataset, question.measures, source);
  return source.kind;
}

async function checkGroups(analytics: Analytics, asked: Asked): Promise<readonly Group[]> {
  const { dataset, scope, question, rows } = asked;
  const { dimensions, measures, orderBy, first, atLeast } = question;
  const options = { orderBy, first, atLeast };
  const { value, source } = await analytics.groups(scope, measures, { ...options, dimensions });
  const expected = groupsOf(dataset, dimensions, rows);
  const large = [...expected.values()].filter((group) => group.length >= atLeast);
  expect(value.length).toBe(Math.min(large.length, first));
  for (const group of value) {
    const groupRows = expected.get(keyOf(dimensions, group.dimensions)) ?? [];
    expect(groupRows.length).toBeGreaterThanOrEqual(atLeast);
    expectStats(group.stats, statsOf(dataset, groupRows), dataset, measures, source);
  }
  return value;
}

async function checkSeries(analytics: Analytics, asked: Asked): Promise<readonly Series[]> {
  const { dataset, scope, question, rows } = asked;
  const { dimensions, measures, series: options } = question;
  const { value, source } = await analytics.series(scope, measures, options);
  const groups = groupsOf(dataset, dimensions, rows);
  const shown = value.filter((series) => !series.other).map((series) => keyOf(dimensions, series.dimensions));
  if (dimensions.length === 0) expect(shown).toEqual(['[]']);
  else expect(shown.length).toBe(Math.min(groups.size, options.top));
  expect(value.some((series) => series.other)).toBe(dimensions.length > 0 && groups.size > options.top);
  // No group outside the top has more rows than one inside.
  const sizes = shown.map((key) => groups.get(key)?.length ?? 0);
  const outside = [...groups].filter(([key]) => !shown.includes(key));
  expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
  for (const [, others] of outside) expect(others.length).toBeLessThanOrEqual(Math.min(...sizes));

  for (const series of value) {
    const own = series.other
      ? outside.flatMap(([, others]) => others)
      : (groups.get(keyOf(dimensions, series.dimensions)) ?? []);
    let counted = 0;
    for (const { start, end, stats } of series.points) {
      const pointRows = rowsBetween(dataset, own, start, end);
      // Most points of most series are empty, and comparing each of them in full, or even with an
      // `expect` for each, would take most of the test's time.
      if (pointRows.length === 0) assert(stats.rowCount === 0, `a row at ${start}, where there is none`);
      else expectStats(stats, statsOf(dataset, pointRows), dataset, measures, source);
      counted += stats.rowCount;
    }
    expect(counted).toBe(own.length);
    checkPoints(series, question);
  }
  return value;
}

/** Points ascend. With ZERO they follow each other without a gap and cover the range. */
function checkPoints({ points }: Series, { range, series: { fill } }: Question): void {
  const wrong = points.filter(({ start, end, stats }, index) => {
    const before = points[index - 1]?.end ?? start;
    return start >= end || (fill === 'ZERO' ? start !== before : start < before || stats.rowCount === 0);
  });
  expect(wrong).toEqual([]);
  if (fill === 'NONE') return;
  expect(points[0]?.start).toBeLessThanOrEqual(range.from);
  expect(points[0]?.end).toBeGreaterThan(range.from);
  expect(points.at(-1)?.start).toBeLessThan(range.to);
  expect(points.at(-1)?.end).toBeGreaterThanOrEqual(range.to);
}

/**
 * By name, which keeps counterexamples readable. The dataset with the most columns is chosen more
 * often.
 */
const DATASETS = { llmCalls, requestLogs, techniqueUsages, errorLogs };
const datasetNames = fc.constantFrom<keyof typeof DATASETS>(
  'llmCalls',
  'llmCalls',
  'requestLogs',
  'techniqueUsages',
  'errorLogs',
);

interface Run {
  readonly name: keyof typeof DATASETS;
  readonly window: Window;
  readonly rows: Row[];
  /** The number of rows that are sent a second time. */
  readonly retried: number;
  readonly questions: Question[];
}

const runs: fc.Arbitrary<Run> = fc.tuple(datasetNames, windows).chain(([name, window]) =>
  fc.record({
    name: fc.constant(name),
    window: fc.constant(window),
    rows: fc.array(rowsOf(DATASETS[name], window), { minLength: 1, maxLength: 30, size: 'max' }),
    retried: fc.nat(10),
    questions: fc.array(questionsOf(DATASETS[name], window), { minLength: 2, maxLength: 4 }),
  }),
);

describeEachDatabase('analytics', (database) => {
  const opened = useStore(database);
  const copy = useColumns();

  it('gives the same answers from rollups, from rows, from columns and by naive computation', async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(runs, async ({ name, rows, retried, questions }) => {
        const dataset = DATASETS[name];
        const projectId = opened.newProject();
        const half = rows.length >> 1;
        await opened.append(projectId, dataset, rows.slice(0, half), rows.slice(Math.max(half - retried, 0)));
        const stored = storedRows(dataset, rows).map((row) => row.with(dataset.at.projectId, projectId));
        await copy.append(dataset, stored);
        const { store } = opened;
        const columns = { copy, log: { warn: (_: object, message: string) => expect.unreachable(message) } };
        // Two ways in rotation, to save time, because naive answers represent the others.
        const ways = [
          {
            planned: createAnalytics({ store }),
            alone: createAnalytics({ store, columns, sources: 'COLUMNS' }),
          },
          { planned: createAnalytics({ store, columns }), alone: createAnalytics({ store, sources: 'RAW' }) },
        ] as const;
        for (const [index, question] of questions.entries()) {
          const { planned, alone } = ways[index % 2 === 0 ? 0 : 1];
          const scope = { dataset, projectId, range: question.range, filter: question.filter };
          const asked = { dataset, scope, question, rows: rowsInScope(scope, stored) };
          kinds.add(await checkTotals(planned, asked));
          const order = (groups: readonly Group[]) => groups.map(({ dimensions }) => dimensions);
          await checkTotals(alone, asked);
          await checkDistribution(alone, asked, question.distribution);
          expect(order(await checkGroups(planned, asked))).toEqual(order(await checkGroups(alone, asked)));
          const shape = (series: readonly Series[]) =>
            series.map(({ dimensions, other }) => ({ dimensions, other }));
          expect(shape(await checkSeries(planned, asked))).toEqual(shape(await checkSeries(alone, asked)));
        }
      }),
      { numRuns: 40 },
    );
    // The comparison proves something only if the planner took all its ways. It reads the columns
    // in few runs, perhaps in none, but one of the two ways always does.
    expect([...kinds]).toEqual(expect.arrayContaining(['MIXED', 'RAW', 'ROLLUP']));
  }, 180_000);
});
