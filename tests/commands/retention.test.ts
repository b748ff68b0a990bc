import { describe, expect, it } from 'vitest';
import { createAlertBook } from '../../src/alerting/book/alert-book.ts';
import { renderRemovals } from '../../src/commands/retention.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { createIdSource } from '../../src/core/ids.ts';
import { createLive } from '../../src/live/create-live.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';

const DAY_MS = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const ALERT = {
  alertId: 'disk',
  type: 'SYSTEM',
  severity: 'ERROR',
  title: 'The disk is full',
  message: null,
  source: null,
  metadata: null,
};

describeEachDatabase('telltale retention', (database) => {
  const stores = useStores(database);

  it('removes what has expired, and with --dry-run only counts it', async () => {
    const url = await stores.createUrl();
    const store = await stores.open(url);
    const aged = (days: number): Row => {
      const timestamp = Date.now() - days * DAY_MS;
      return callRow({ timestamp, receivedAt: timestamp });
    };
    await store.append([callGroup(aged(100), aged(99), aged(98), aged(1))]);
    const clock = { now: () => Date.now() - 60 * DAY_MS };
    const alertBook = createAlertBook({ store, clock, ids: createIdSource(clock), live: createLive() });
    await alertBook.change('default', async (writer) => {
      await writer.raise({ ...ALERT, raisedAt: new Date(clock.now()) });
      await writer.resolve(ALERT.alertId, 'BY_HAND', 'ada');
    });
    const count = async (): Promise<number> =>
      (await store.query.selectFrom('llm_calls').select('id').execute()).length;
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runCommand(['retention', ...args], {
        ...{ DATABASE_URL: url, RETENTION_DAYS: '50' },
      });
      expect(code, stderr).toBe(0);
      return stdout;
    };

    const [oldest, cutoff] = [day(100), day(50)];
    expect(await run('--dry-run')).toMatch(
      new RegExp(
        '^Would be removed from .*:\\n[^]* llmCalls +3 rows +\\d+ cells {2}about \\d+\\.\\d MB, ' +
          `from ${oldest} to before \\d{4}-\\d\\d-\\d\\d\\n[^]* alerts +1 rows +0 cells {2}about [\\d.]+ MB, to before ${cutoff}\\n`,
      ),
    );
    const asked = JSON.parse(await run('--dry-run', '--json'));
    expect(asked.removals.find(({ dataset }: { dataset: string }) => dataset === 'llmCalls')).toMatchObject({
      ...{ rows: 3, from: expect.stringContaining(oldest), bytes: expect.any(Number) },
    });
    expect(await count()).toBe(4);
    expect(await store.prisma.alert.count()).toBe(1);
    expect(await run('--yes')).toMatch(
      /^Removed from .*:\n[\s\S]* llmCalls +3 rows +\d+ cells\n[\s\S]* alerts +1 rows +0 cells\n {2}alertDeliveries +0 rows +0 cells\n {2}sessions +0 rows +0 cells\n$/,
    );
    expect(await store.prisma.retentionRun.findMany()).toMatchObject([
      { startedBy: 'COMMAND', status: 'DONE' },
    ]);
    expect(await count()).toBe(1);
    expect(await store.prisma.alert.count()).toBe(0);
  });
});

describe('renderRemovals', () => {
  it('has a line per dataset', () => {
    const removals = [
      { dataset: 'llmCalls', rows: 1_234_567, cells: 0, archived: 0, from: 0, until: 1 },
      { dataset: 'techniqueUsages', rows: 0, cells: 12, archived: 0, from: 0, until: 1 },
    ];
    expect(renderRemovals(removals, { dryRun: false, database: 'file:a.db' })).toBe(
      'Removed from file:a.db:\n' +
        '  llmCalls             1,234,567 rows              0 cells\n' +
        '  techniqueUsages              0 rows             12 cells\n',
    );
  });
});
