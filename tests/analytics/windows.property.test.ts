import fc from 'fast-check';
import { assert, expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type {
  DimensionValues,
  Scope,
  SlidingWindows,
  Stats,
  WindowOptions,
} from '../../src/analytics/spec.ts';
import { isAttribute } from '../../src/core/dataset/attribute.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import type { Filter } from '../../src/core/filter.ts';
import type { Interval } from '../../src/core/time/range.ts';
import { generations } from '../../src/declarations/generations/generations.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useColumns } from './support/columns-of-tests.ts';
import { rowsOf, storedRows, type Window, windows } from './support/events.ts';
import { expectStats } from './support/expectations.ts';
import { groupsOf, rowsBetween, rowsInScope, statsOf } from './support/naive.ts';
import { useStore } from './support/open-store.ts';
import { type Question, questionsOf } from './support/questions.ts';

/** Whole minutes more often, because only such windows can be read from rollups alone. */
const UNITS = [1, 1000, 60_000, 60_000, 3_600_000, 3_600_000, 86_400_000];
/** Quantiles come from histograms, from any source. */
const ESTIMATED = { kind: 'MIXED' } as const;

interface Asked {
  readonly dataset: Dataset;
  readonly scope: Scope;
  readonly question: Question;
  readonly options: WindowOptions;
  readonly stored: readonly Row[];
}

/**
 * Some windows over the range, of whole units of time where they fit; the width is a multiple of
 * the step, or not.
 */
function slidingOf({ from, to }: Interval): fc.Arbitrary<Pick<WindowOptions, 'width' | 'step'>> {
  return fc
    .record({
      count: fc.integer({ min: 1, max: 40 }),
      unit: fc.constantFrom(...UNITS),
      widths: fc.oneof(
        { arbitrary: fc.integer({ min: 1, max: 12 }), weight: 2 },
        fc.double({ min: 1, max: 12, noNaN: true }),
      ),
    })
    .map(({ count, unit, widths }) => {
      const exact = Math.max(Math.floor((to - from) / count), 1);
      const step = exact < unit ? exact : Math.ceil(exact / unit) * unit;
      const fitting = step > to - from ? exact : step;
      return { step: fitting, width: Math.floor(fitting * widths) };
    });
}

type Found = SlidingWindows<Stats> & { readonly kind: string };

const isGroup = (dimensions: DimensionValues): Filter => ({
  kind: 'and',
  all: Object.entries(dimensions).map(([field, value]) => ({
    kind: 'test',
    field,
    operator: 'eq',
    value,
    negated: false,
  })),
});

async function check(analytics: Analytics, asked: Asked): Promise<Found> {
  const { dataset, scope, question, options, stored } = asked;
  const { value, source } = await analytics.windows(scope, question.measures, options, (stats) => stats);
  const { range } = scope;
  const count = Math.floor((range.to - range.from) / options.step);
  expect(value.ends).toEqual(
    Array.from({ length: count }, (_, index) => range.from + (index + 1) * options.step),
  );

  const reach = { from: range.from + options.step - options.width, to: value.ends.at(-1) as number };
  const rows = rowsInScope({ ...scope, range: reach }, stored);
  const expected = groupsOf(dataset, options.dimensions, rows);
  const keys = value.groups.map(({ dimensions }) => JSON.stringify(Object.values(dimensions)));
  const sizes = keys.map((key) => expected.get(key)?.length ?? 0);
  if (options.dimensions.length === 0) expect(keys).toEqual(['[]']);
  else {
    expect(keys.length).toBe(Math.min(expected.size, options.top));
    expect(sizes).toEqual(
      [...expected.values()]
        .map(({ length }) => length)
        .sort((one, other) => other - one)
        .slice(0, options.top),
    );
    expect(value.others).toBe(expected.size > options.top);
  }
  for (const [position, { values }] of value.groups.entries()) {
    const own = expected.get(keys[position] as string) ?? [];
    expect(values.length).toBe(count);
    for (const [index, stats] of values.entries()) {
      const end = value.ends[index] as number;
      const inWindow = rowsBetween(dataset, own, end - options.width, end);
      // Most windows are empty, and an `expect` for each would take long.
      if (inWindow.length === 0) assert(stats === undefined, `something in the window to ${end}`);
      else expectStats(stats as Stats, statsOf(dataset, inWindow), dataset, question.measures, ESTIMATED);
    }
  }
  return { ...value, kind: source.kind };
}

/** The first, the middle and the last window of the first group, each in a query of its own. */
async function checkAlone(
  analytics: Analytics,
  { scope, options, question }: Asked,
  found: SlidingWindows<Stats>,
) {
  const [group] = found.groups;
  if (group === undefined) return;
  const only = isGroup(group.dimensions);
  const filter: Filter = scope.filter === null ? only : { kind: 'and', all: [scope.filter, only] };
  for (const index of new Set([0, found.ends.length >> 1, found.ends.length - 1])) {
    const to = found.ends[index] as number;
    const range = { from: to - options.width, to };
    const alone = (await analytics.totals({ ...scope, range, filter }, question.measures)).value;
    const stats = group.values[index];
    expect(stats?.rowCount ?? 0).toBe(alone.rowCount);
    expect(stats?.successCount ?? 0).toBe(alone.successCount ?? 0);
    for (const [name, { count, min, max, sum }] of stats?.measures ?? []) {
      expect(alone.measures.get(name)).toMatchObject({
        count,
        min,
        max,
        sum: sum === null ? null : expect.closeTo(sum, 4),
      });
    }
  }
}

const DATASETS = { llmCalls, generations, errorLogs };

interface Run {
  readonly name: keyof typeof DATASETS;
  readonly rows: Row[];
  readonly asked: readonly (readonly [Question, WindowOptions])[];
}

/** Windows count no distinct values, and read no attributes. */
const forWindows = (question: Question): Question => ({
  ...question,
  measures: question.measures.filter(
    ({ measure, totals }) => !isAttribute(measure) && !totals?.includes('distinct'),
  ),
});

function optionsOf(question: Question): fc.Arbitrary<WindowOptions> {
  const { dimensions, series, range } = question;
  return slidingOf(range).map((sliding) => ({ ...sliding, dimensions, top: series.top }));
}

const runs: fc.Arbitrary<Run> = fc
  .tuple(fc.constantFrom<keyof typeof DATASETS>('llmCalls', 'llmCalls', 'generations', 'errorLogs'), windows)
  .chain(([name, window]: [keyof typeof DATASETS, Window]) =>
    fc.record({
      name: fc.constant(name),
      rows: fc.array(rowsOf(DATASETS[name], window), { minLength: 1, maxLength: 40, size: 'max' }),
      asked: fc.array(
        questionsOf(DATASETS[name], window).chain((question) =>
          fc.tuple(fc.constant(forWindows(question)), optionsOf(question)),
        ),
        { minLength: 2, maxLength: 4 },
      ),
    }),
  );

describeEachDatabase('sliding windows', (database) => {
  const opened = useStore(database);
  const copy = useColumns();

  it('each equal the same window alone, and naive computation', async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(runs, async ({ name, rows, asked }) => {
        const dataset = DATASETS[name];
        const projectId = opened.newProject();
        await opened.append(projectId, dataset, rows);
        const stored = storedRows(dataset, rows).map((row) => row.with(dataset.at.projectId, projectId));
        const planned = createAnalytics({ store: opened.store });
        await copy.append(dataset, stored);
        const columns = { copy, log: { warn: (_: object, message: string) => expect.unreachable(message) } };
        // In rotation, to save time.
        const ofOneSource = [
          createAnalytics({ store: opened.store, sources: 'RAW' }),
          createAnalytics({ store: opened.store, columns, sources: 'COLUMNS' }),
        ] as const;
        for (const [index, [question, options]] of asked.entries()) {
          const scope = { dataset, projectId, range: question.range, filter: question.filter };
          const all = { dataset, scope, question, options, stored };
          const found = await check(planned, all);
          kinds.add(found.kind);
          await checkAlone(planned, all, found);
          const foundByOne = await check(ofOneSource[index % 2 === 0 ? 0 : 1], all);
          const dimensionsOf = ({ groups }: SlidingWindows<Stats>) =>
            groups.map(({ dimensions }) => dimensions);
          expect(dimensionsOf(found)).toEqual(dimensionsOf(foundByOne));
        }
      }),
      { numRuns: 35 },
    );
    // The comparison proves something only if the planner took all three ways.
    expect([...kinds].sort()).toEqual(['MIXED', 'RAW', 'ROLLUP']);
  }, 180_000);
});
