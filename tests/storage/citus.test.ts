import { afterEach, describe, expect, test } from 'vitest';
import { assessCluster } from '../../src/commands/doctor/cluster.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import { verifyRollups } from '../../src/rollups/verify.ts';
import { openInspection, openMigrationConnection } from '../../src/storage/create-store.ts';
import { distributeTables } from '../../src/storage/dialect/postgresql/citus/distribute.ts';
import { spreadTables } from '../../src/storage/dialect/postgresql/citus/layout.ts';
import type { MigrationConnection } from '../../src/storage/migration-connection.ts';
import { migrationsFolder, readMigrations } from '../../src/storage/migrator/files.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { isCitus } from '../support/citus.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { callGroup, callRow } from './support/calls.ts';
import { countCalls, useStores } from './support/stores.ts';

const declared = [...datasets, ...states];
const NODES =
  'select cast(count(distinct nodeport) as int4) as nodes from citus_shards where table_name = $1::regclass';
const SPREAD = `select create_distributed_table($1, 'id', colocate_with => 'none')`;
/** The size of a table on the coordinator itself. */
const HELD = 'select cast(pg_relation_size($1::regclass) as int4) as bytes';
/** Refers to the node that was added last. */
const MOVE_AWAY = `update pg_dist_node set nodeport = 1
  where groupid = (select max(groupid) from pg_dist_node) and groupid > 0`;
const later = {
  name: '9999_later',
  sql: `ALTER TABLE "llm_calls" ADD COLUMN "later" TEXT;
    UPDATE "llm_calls" SET "later" = 'yes' WHERE "success";
    CREATE INDEX "llm_calls_later_idx" ON "llm_calls"("project_id", "later");`,
};
const calls = () => callGroup(...Array.from({ length: 50 }, () => callRow()));

describe.runIf(isCitus)('tables on the nodes of Citus', () => {
  describeOnlyOn('postgresql', 'with existing rows', (database) => {
    const stores = useStores(database);
    const connections: MigrationConnection[] = [];
    afterEach(async () => {
      for (const connection of connections.splice(0)) await connection.close();
    });

    async function connect(url: string): Promise<MigrationConnection> {
      const connection = await openMigrationConnection(url);
      connections.push(connection);
      return connection;
    }

    test('are distributed once, with their rows, and accept later migrations', async () => {
      const url = await database.createUrl();
      const connection = await connect(url);
      await migrate(connection);
      const alone = await stores.open(url);
      await alone.append([calls()]);
      await stores.close(alone);

      // An interrupted run leaves this state.
      await connection.query(SPREAD, [llmCalls.table]);
      const instances = [connection, await connect(url)];
      const spread = await Promise.all(instances.map((one) => distributeTables(one, declared, () => {})));
      const others = spreadTables(declared).filter((table) => table !== llmCalls.table);
      expect(spread.flat().sort()).toEqual(others.sort());
      expect(await connection.query(HELD, [llmCalls.table])).toEqual([{ bytes: 0 }]);
      expect(await connection.query(NODES, [llmCalls.table])).toEqual([{ nodes: 2 }]);

      const known = await readMigrations(migrationsFolder('postgresql'));
      await migrate(connection, { migrations: [...known, later], backUp: null });

      const store = await stores.open(url);
      await store.append([calls()]);
      expect(await countCalls(store)).toEqual({ rows: 100, rolledUp: 100 });
      expect(await verifyRollups(store, llmCalls)).toMatchObject({ rows: 100, differing: 0 });
      const updated = await connection.query(`select 1 from llm_calls where later = 'yes'`);
      expect(updated).toHaveLength(50);
    });
  });

  describeOnlyOn('postgresql', 'when they are created', (database) => {
    const stores = useStores(database);

    test('do not prevent a server from starting while a node is unavailable', async () => {
      const connection = await openMigrationConnection(await database.createMigratedUrl());
      try {
        await connection.query(MOVE_AWAY);
        expect(await distributeTables(connection, declared, () => {})).toEqual([]);
      } finally {
        await connection.close();
      }
    });

    test('have no problem for the doctor, and are measured on all nodes', async () => {
      const url = await database.createMigratedUrl();
      const store = await stores.open(url);
      await store.append([calls()]);
      const sizes = await store.upkeep.sizes('FULL');
      const size = sizes.find(({ table }) => table === llmCalls.table);
      expect(size).toMatchObject({ rows: 50 });
      expect(size?.bytes).toBeGreaterThan(0);
      const inspection = await openInspection(url);
      try {
        expect(assessCluster(await inspection.cluster())).toMatchObject([{ verdict: 'ok' }]);
      } finally {
        await inspection.close();
      }
    });
  });
});
