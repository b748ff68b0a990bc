import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { type Instances, startInstances } from '../../support/start-instances.ts';
import { execute, type Mutation, type Runner } from './support/catalog.ts';

const ROUNDS = 8;

describeEachDatabase('changes of the catalog at the same time', (database) => {
  let instances: Instances;
  beforeAll(async () => {
    instances = await startInstances(database);
  });
  afterAll(() => instances[Symbol.asyncDispose]());

  const runOn = (index: number): Runner => {
    const app = instances.at(index);
    return (source, variables) => app.execute(source, variables) as ReturnType<Runner>;
  };

  /**
   * The codes in the answers to inputs that are sent at the same time, to the instances in
   * rotation; OK for success.
   */
  async function race(mutation: Mutation, inputs: readonly Record<string, unknown>[]): Promise<unknown[]> {
    const answers = await Promise.all(inputs.map((input, index) => execute(runOn(index), mutation, input)));
    return answers.map(({ errors }) => errors?.[0]?.extensions['code'] ?? 'OK').toSorted();
  }

  async function shown(metricId: string) {
    const data = await instances.at(0).query<{ metric: Record<string, unknown> }>(
      `{ metric(metricId: "${metricId}") {
        version testCount dependencies history { nodes { version } } validationTests { totalCount }
      } }`,
    );
    return data?.metric;
  }

  test('close no cycle together', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [one, other] = [`one_${round}`, `other_${round}`];
      await race('createMetric', [
        { metricId: one, name: 'One' },
        { metricId: other, name: 'Other' },
      ]);
      const codes = await race('updateMetric', [
        { metricId: one, changedBy: 'me', dependencies: [other] },
        { metricId: other, changedBy: 'you', dependencies: [one] },
      ]);
      expect(codes).toEqual(['BAD_USER_INPUT', 'OK']);
    }
  });

  test('overwrite no change that the caller has not seen', async () => {
    await race('createMetric', [{ metricId: 'contested', name: 'Contested' }]);
    for (let version = 1; version <= ROUNDS; version++) {
      const inputs = Array.from({ length: 6 }, (_, index) => ({
        metricId: 'contested',
        changedBy: `editor ${index}`,
        expectedVersion: version,
        owner: `@owner-${version}-${index}`,
      }));
      expect(await race('updateMetric', inputs)).toEqual([...Array(5).fill('CONFLICT'), 'OK']);
    }
    const metric = await shown('contested');
    expect(metric?.['version']).toBe(ROUNDS + 1);
    const expected = Array.from({ length: ROUNDS }, (_, index) => ({ version: ROUNDS + 1 - index }));
    expect(metric?.['history']).toEqual({ nodes: expected });
  });

  test('all succeed without an expected version, each based on the state before it', async () => {
    await race('createMetric', [{ metricId: 'busy', name: 'Busy' }]);
    const inputs = Array.from({ length: 10 }, (_, index) => ({
      metricId: 'busy',
      changedBy: 'me',
      owner: `@owner-${index}`,
    }));
    expect(await race('updateMetric', inputs)).toEqual(Array(10).fill('OK'));
    const data = await instances.at(0).query<{
      metric: { owner: string; history: { nodes: { oldValue: unknown; newValue: unknown }[] } };
    }>('{ metric(metricId: "busy") { owner history { nodes { oldValue newValue } } } }');
    const changes = data?.metric.history.nodes.toReversed() ?? [];
    expect(changes).toHaveLength(10);
    let owner: unknown = null;
    for (const { oldValue, newValue } of changes) {
      expect(oldValue).toBe(owner);
      owner = newValue;
    }
    expect(data?.metric.owner).toBe(owner);
  });

  test('create a metric only once', async () => {
    const inputs = Array.from({ length: 6 }, (_, index) => ({ metricId: 'once', name: `Number ${index}` }));
    expect(await race('createMetric', inputs)).toEqual([...Array(5).fill('CONFLICT'), 'OK']);
  });

  test('count every test', async () => {
    await race('createMetric', [{ metricId: 'tested', name: 'Tested' }]);
    const inputs = Array.from({ length: 10 }, () => ({
      metricId: 'tested',
      testType: 'MANUAL',
      testQuery: 'look',
    }));
    expect(await race('addValidationTest', inputs)).toEqual(Array(10).fill('OK'));
    expect(await shown('tested')).toMatchObject({ testCount: 10, validationTests: { totalCount: 10 } });
  });

  test('leave no test without a metric', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const metricId = `short_lived_${round}`;
      await race('createMetric', [{ metricId, name: 'Short-lived' }]);
      const test = { metricId, testType: 'MANUAL', testQuery: 'look' };
      await Promise.all([
        race('addValidationTest', [test, test]),
        race('deleteMetric', [{ metricId }]),
        race('updateMetric', [{ metricId, changedBy: 'me', owner: '@me' }]),
      ]);
    }
    const data = await instances.at(0).query<{ validationTests: unknown; metricChanges: unknown }>(`{
      validationTests(filter: { metricId: { startsWith: "short_lived" } }) { totalCount }
      metricChanges(filter: { metricId: { startsWith: "short_lived" } }) { totalCount }
    }`);
    expect(data).toEqual({ validationTests: { totalCount: 0 }, metricChanges: { totalCount: 0 } });
  });
});
