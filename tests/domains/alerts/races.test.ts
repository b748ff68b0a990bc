import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { alert } from '../../support/events.ts';
import { type Instances, startInstances } from '../../support/start-instances.ts';
import { execute, type Runner } from './support/alerts.ts';

const ROUNDS = 8;

describeEachDatabase('changes of alerts at the same time', (database) => {
  let instances: Instances;
  beforeAll(async () => {
    instances = await startInstances(database);
  });
  afterAll(() => instances[Symbol.asyncDispose]());

  const runOn = (index: number): Runner => {
    const app = instances.at(index);
    return (source, variables) => app.execute(source, variables) as ReturnType<Runner>;
  };
  const raise = (alertId: string, title: string, index: number) =>
    execute(runOn(index), 'raiseAlert', alert(alertId, { title }));
  const codeOf = ({ errors }: Awaited<ReturnType<Runner>>) => errors?.[0]?.extensions?.['code'] ?? 'OK';

  test('only one of two callers acknowledges an alert', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const alertId = `contested-${round}`;
      await raise(alertId, 'Contested', round);
      const names = ['ada', 'grace'];
      const answers = await Promise.all(
        names.map((acknowledgedBy, index) =>
          execute(runOn(index), 'acknowledgeAlert', { alertId, acknowledgedBy }),
        ),
      );
      expect(answers.map(codeOf).toSorted()).toEqual(['CONFLICT', 'OK']);
      const winner = names[answers.findIndex((answer) => codeOf(answer) === 'OK')];
      const lost = answers.find((answer) => codeOf(answer) === 'CONFLICT');
      expect(lost?.errors?.[0]?.message).toContain(`it was acknowledged by ${winner} at `);
    }
  });

  test('only one of many callers resolves an alert, and nobody can acknowledge it afterwards', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const alertId = `ending-${round}`;
      await raise(alertId, 'Ending', round);
      const answers = await Promise.all([
        ...[0, 1, 2].map((index) => execute(runOn(index), 'resolveAlert', { alertId, resolvedBy: 'ada' })),
        execute(runOn(3), 'acknowledgeAlert', { alertId, acknowledgedBy: 'grace' }),
      ]);
      expect(answers.slice(0, 3).map(codeOf).toSorted()).toEqual(['CONFLICT', 'CONFLICT', 'OK']);
      const { data } = await runOn(0)(`{ alert(alertId: "${alertId}") { status } }`, {});
      expect(data).toEqual({ alert: { status: 'RESOLVED' } });
    }
  });

  test('an alert that several callers raise is stored once, with the values of one of them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => raise('once', `Number ${index}`, index)),
    );
    expect(answers.map(codeOf)).toEqual(Array(12).fill('OK'));
    const payloads = answers.map(({ data }) => data.raiseAlert);
    expect(payloads.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(payloads.map(({ alert: { title } }) => title)).size).toBe(1);
  });

  test('no two changes have the same position, and no position is skipped', async () => {
    const before = (await raise('before', 'Before', 0)).data.raiseAlert.alert.sequence;
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => raise(`many-${index}`, 'Many', index)),
    );
    const positions = answers.map(({ data }) => data.raiseAlert.alert.sequence - before);
    expect(positions.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  });
});
