import { expect, it } from 'vitest';
import { KEPT_RUNS } from '../../src/retention/runs.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { NOW, startGraphQL } from '../support/graphql.ts';

const RUNS = `query ($first: Int) { retentionRuns(first: $first) {
  next last { status } runs { startedAt durationMs startedBy status error removed { dataset rows cells } } } }`;
const MINUTE_MS = 60_000;
const NOTHING = { removals: [], isStopped: false };
const removal = (rows: number) => ({ dataset: 'llmCalls', rows, cells: 0, archived: 0, from: 0, until: 1 });

describeEachDatabase('the runs of retention', (database) => {
  it('are recorded while they run, with what they removed and how they ended', async () => {
    await using graphql = await startGraphQL(database);
    const { clock } = graphql;
    const { runs } = graphql.services.retention;
    const asked = async (first = 20) => (await graphql.data(RUNS, { first })).retentionRuns;
    expect(await asked()).toEqual({ next: null, last: null, runs: [] });

    await runs.note('SERVER', async (progress) => {
      clock.advance(MINUTE_MS);
      await progress([removal(5), { ...removal(0), dataset: 'alerts' }]);
      const [running] = (await asked()).runs;
      expect(running).toMatchObject({
        status: 'RUNNING',
        durationMs: null,
        removed: [{ dataset: 'llmCalls', rows: 5, cells: 0 }],
      });
      expect((await asked()).next).toBeNull();
      return { removals: [removal(7)], isStopped: false };
    });
    expect(await asked()).toMatchObject({
      next: new Date(Date.parse(NOW) + 61 * MINUTE_MS).toISOString(),
      last: { status: 'DONE' },
      runs: [
        {
          ...{ startedAt: NOW, durationMs: MINUTE_MS, startedBy: 'SERVER', status: 'DONE', error: null },
          removed: [{ rows: 7 }],
        },
      ],
    });

    await expect(runs.note('COMMAND', () => Promise.reject(new Error('the disk is full')))).rejects.toThrow(
      'full',
    );
    await runs.note('COMMAND', async () => ({ removals: [], isStopped: true }));
    // The run of a killed process, whose end nobody records.
    const killed = runs.note('SERVER', () => new Promise(() => {}));
    void killed;
    await expect.poll(async () => (await asked()).last?.status).toBe('RUNNING');
    clock.advance(12 * MINUTE_MS);
    expect((await asked()).runs.map(({ status }: { status: string }) => status)).toEqual([
      'INTERRUPTED',
      'STOPPED',
      'FAILED',
      'DONE',
    ]);
    expect((await asked(3)).runs[2]).toMatchObject({ error: 'the disk is full' });
  });

  it('are kept, except old ones', async () => {
    await using graphql = await startGraphQL(database);
    const { retention, store } = graphql.services;
    const old = Array.from({ length: KEPT_RUNS + 20 }, (_, index) => {
      const startedAt = new Date(Date.parse(NOW) - (index + 1) * MINUTE_MS);
      return {
        id: `run-${index}`,
        startedAt,
        notedAt: startedAt,
        startedBy: 'SERVER',
        status: 'DONE',
        removed: [],
      };
    });
    await store.prisma.retentionRun.createMany({ data: old });
    await retention.runs.note('SERVER', async () => NOTHING);
    expect(await store.prisma.retentionRun.count()).toBe(KEPT_RUNS);
    const { errors } = await graphql.run(RUNS, { first: 501 });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
