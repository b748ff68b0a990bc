import { expect, test } from 'vitest';
import {
  createLeasedWork,
  type LeasedWorkOptions,
  type ShouldContinue,
} from '../../../src/alerting/lease/leased-work.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL } from '../../support/graphql.ts';
import { createTestSchedule } from '../../support/test-schedule.ts';

const SECOND = 1000;

describeEachDatabase('leased work', (database) => {
  async function start(turn: LeasedWorkOptions['turn']) {
    const graphql = await startGraphQL(database);
    const { store, clock, ids } = graphql.services;
    const schedule = createTestSchedule();
    const failures: unknown[] = [];
    const errors: string[] = [];
    let isAway = false;
    const work = createLeasedWork({
      store: {
        dialect: store.dialect,
        transact: (key, change) =>
          isAway ? Promise.reject(new Error('connection refused')) : store.transact(key, change),
      },
      clock,
      ids,
      schedule,
      log: {
        error(details, message) {
          failures.push(details);
          errors.push(message);
        },
      },
      name: 'work',
      everyMs: SECOND,
      turn,
      rest: () => undefined,
    });
    work.start();
    return {
      schedule,
      clock: graphql.clock,
      failures,
      errors,
      takeDatabaseAway: () => {
        isAway = true;
      },
      giveDatabaseBack: () => {
        isAway = false;
      },
      stop: () => work.stop(),
      async [Symbol.asyncDispose]() {
        await work.stop();
        await graphql[Symbol.asyncDispose]();
      },
    };
  }

  test('does not continue once it is stopped', async () => {
    const answers: boolean[] = [];
    let stopped: Promise<void> | undefined;
    await using running = await start(async (shouldContinue: ShouldContinue) => {
      answers.push(await shouldContinue());
      stopped = running.stop();
      answers.push(await shouldContinue(), await shouldContinue());
    });
    await running.schedule.round();
    await stopped;
    expect(answers).toEqual([true, false, false]);
    expect(running.errors).toEqual([]);
  });

  test('does not continue when it cannot find out whether it holds the lease, and logs that once', async () => {
    const answers: boolean[] = [];
    await using running = await start(async (shouldContinue) => {
      answers.push(await shouldContinue());
      running.takeDatabaseAway();
      running.clock.advance(10 * SECOND);
      answers.push(await shouldContinue());
      running.giveDatabaseBack();
      // Once it has to stop, that holds for the rest of the turn.
      answers.push(await shouldContinue());
    });
    await running.schedule.round();
    expect(answers).toEqual([true, false, false]);
    expect(running.failures).toEqual([{ work: 'work', err: new Error('connection refused') }]);
    await running.schedule.round();
    expect(answers.slice(3)).toEqual([true, false, false]);
    expect(running.failures).toHaveLength(1);
  });
});
