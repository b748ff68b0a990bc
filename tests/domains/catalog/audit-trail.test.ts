import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = 'name description calculation owner dataSource tags dependencies trustScore';

const text = fc.constantFrom(null, 'one', 'two', 'ünïcode "quoted" \\ 😀');
const update = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    description: text,
    calculation: text,
    owner: text,
    dataSource: text,
    tags: fc.option(fc.subarray(['x', 'y', 'z'])),
    dependencies: fc.subarray(['table.column', 'elsewhere']),
    trustScore: fc.constantFrom(null, 0, 0.1, 33.3, 1e-7, 100),
  },
  { requiredKeys: [] },
);
/** A revert chooses its version as a share of the existing versions. */
const step = fc.oneof(
  { weight: 3, arbitrary: update },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 0.999, noNaN: true }) },
);

describeEachDatabase('the history of a metric', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  let metrics = 0;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  /**
   * Performs the steps and returns the state that the metric showed at each version, by version.
   */
  async function play(metricId: string, steps: readonly (Fields | number)[]): Promise<Map<number, Fields>> {
    await catalog.create(metricId);
    const states = new Map<number, Fields>([[1, await catalog.metric(metricId, FIELDS)]]);
    for (const one of steps) {
      const version = states.size;
      const to = typeof one === 'number' && version > 1 ? 1 + Math.floor(one * (version - 1)) : null;
      const fields = typeof one === 'number' ? {} : one;
      const { metric, changes } =
        to === null
          ? await catalog.change('updateMetric', {
              metricId,
              changedBy: 'x',
              expectedVersion: version,
              ...fields,
            })
          : await catalog.change('revertMetric', { metricId, changedBy: 'x', expectedVersion: version, to });
      const state = await catalog.metric(metricId, FIELDS);
      if (to !== null) expect(state).toEqual(states.get(to));
      expect(metric.version).toBe(version + (changes.length > 0 ? 1 : 0));
      if (changes.length === 0) expect(state).toEqual(states.get(version));
      else states.set(version + 1, state);
    }
    return states;
  }

  test('returns every earlier state, and has no gaps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const metricId = `metric_${++metrics}`;
        const states = await play(metricId, steps);
        const history = await catalog.history(metricId);
        const versions = [...new Set(history.map(({ version }) => version))];
        expect(versions).toEqual([...states.keys()].slice(1));
        let state = states.get(states.size) as Fields;
        for (const version of versions.toReversed()) {
          expect(state).toEqual(states.get(version as number));
          const changes = history.filter((change) => change['version'] === version);
          const fields = changes.map(({ field }) => field);
          expect(new Set(fields).size).toBe(fields.length);
          for (const { field, oldValue, newValue } of changes) {
            expect(state[field as string]).toEqual(newValue);
            expect(oldValue).not.toEqual(newValue);
            state = { ...state, [field as string]: oldValue };
          }
        }
        expect(state).toEqual(states.get(1));
      }),
      { numRuns: 20 },
    );
  });
});
