import { expect, it } from 'vitest';
import { derivedId } from '../../../src/core/ids.ts';
import { openMigrationConnection } from '../../../src/storage/create-store.ts';
import { migrationsFolder, readMigrations } from '../../../src/storage/migrator/files.ts';
import { type MigrateResult, migrate } from '../../../src/storage/migrator/migrate.ts';
import { EVERYBODY } from '../../domains/alerts/support/webhook.ts';
import { useStores } from '../../storage/support/stores.ts';
import { describeEachDatabase, type TestDatabase } from '../../support/databases.ts';
import { NOW } from '../../support/graphql.ts';
import { notice } from './support/notice.ts';
import { startReceiver } from './support/receiver.ts';
import { startWorker } from './support/worker.ts';

const MINUTE_MS = 60_000;
const BEFORE_GROUPS = '0013_channels';

/** Migrates up to a version, by default the version of this code. */
async function migrateTo(url: string, { dialect }: TestDatabase, last?: string): Promise<MigrateResult> {
  const all = await readMigrations(migrationsFolder(dialect));
  const connection = await openMigrationConnection(url);
  try {
    return await migrate(connection, {
      backUp: null,
      migrations: last === undefined ? all : all.filter(({ name }) => name <= last),
    });
  } finally {
    await connection.close();
  }
}

/** An attempt due this many minutes from NOW, in the form that 0013 stored. */
function waiting(event: string, alertId: string, { attempt = 1, minutes = -1 } = {}) {
  const type = `alert.${event.toLowerCase()}`;
  return {
    projectId: 'default',
    id: crypto.randomUUID(),
    ...{ alertId, event, attempt, webhookId: 'everybody', messageId: `msg_${alertId}_${event}` },
    status: 'SCHEDULED',
    payload: notice(type, { alertId }) as object,
    scheduledAt: new Date(Date.parse(NOW) + minutes * MINUTE_MS),
    createdAt: new Date(NOW),
    updatedAt: new Date(NOW),
  };
}

describeEachDatabase('deliveries that wait while 0014 is applied', (database) => {
  const stores = useStores(database);

  it('are made once, and in order for each alert', async () => {
    const url = await database.createUrl();
    await migrateTo(url, database, BEFORE_GROUPS);
    // Events need the present tables.
    const store = await stores.open(url, { datasets: [] });
    await using receiver = await startReceiver();
    // Prisma knows the present columns.
    await store.query
      .insertInto('webhooks')
      .values({
        project_id: 'default',
        id: derivedId('default', 'webhooks', 'everybody'),
        webhook_id: 'everybody',
        url: receiver.url,
        enabled: store.dialect === 'sqlite' ? 1 : true,
        min_severity: 'INFO',
        types: '[]',
        secret: EVERYBODY.secret,
        created_at: store.functions.instant(Date.parse(NOW)),
        updated_at: store.functions.instant(Date.parse(NOW)),
      })
      .execute();
    // Until then, a retry did not delay the deliveries after it.
    await store.prisma.alertDelivery.createMany({
      data: [
        waiting('RESOLVED', 'a-1', { minutes: -5 }),
        waiting('RAISED', 'a-1', { attempt: 3, minutes: 2 }),
        waiting('RAISED', 'a-2'),
      ],
    });
    expect((await migrateTo(url, database)).applied[0]).toBe('0014_channel_groups');

    await using worker = await startWorker(database, {}, {}, url);
    const other = worker.startAnother();
    const round = () => Promise.all([worker.instance.round(), other.round()]);
    await round();
    // Recorded before the clock moves, because its claim lasts a minute.
    await worker.waitForRows([{ alertId: 'a-2' }], { status: { eq: 'DELIVERED' } });
    worker.graphql.clock.advance(2 * MINUTE_MS);
    await round();
    await receiver.waitFor(3);
    await worker.waitForRows(Array.from({ length: 3 }, () => ({ status: 'DELIVERED' })));
    await round();
    await other.stop();
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      'msg_a-2_RAISED',
      'msg_a-1_RAISED',
      'msg_a-1_RESOLVED',
    ]);
  });
});
