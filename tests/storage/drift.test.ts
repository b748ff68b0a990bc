import { expect, it } from 'vitest';
import { openSchema } from '../../scripts/migrations/schema-engine.ts';
import { searchSql } from '../../scripts/migrations/search-sql.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { describeEachDatabase } from '../support/databases.ts';

describeEachDatabase('models and migrations', (database) => {
  async function differenceAfter(change?: string): Promise<string> {
    const url = await database.createUrl();
    const connection = await openMigrationConnection(url);
    try {
      await migrate(connection);
      if (change !== undefined) await connection.script(change);
    } finally {
      await connection.close();
    }
    const schema = await openSchema(database.dialect, url);
    try {
      return await schema.differenceToModels();
    } finally {
      await schema.close();
    }
  }

  it('agree', async () => {
    expect(await differenceAfter()).toBe('');
  });

  it('are found to differ by a column', async () => {
    const difference = await differenceAfter('ALTER TABLE llm_calls DROP COLUMN top_p');
    expect(difference).toMatch(/ALTER TABLE "llm_calls" ADD COLUMN\s+"top_p"/);
  });

  it('agree about tables that have full-text search', async () => {
    const searched = { table: 'llm_calls', columns: [{ name: 'model', weight: 'A' }] } as const;
    expect(await differenceAfter(searchSql(database.dialect, [searched]))).toBe('');
  });

  it('are found to differ by a table whose name only resembles those of search', async () => {
    const difference = await differenceAfter('CREATE TABLE research (id integer PRIMARY KEY)');
    expect(difference).toContain('DROP TABLE "research"');
  });

  it('are found to differ by an index', async () => {
    const difference = await differenceAfter('DROP INDEX llm_calls_project_id_timestamp_idx');
    expect(difference).toContain('CREATE INDEX "llm_calls_project_id_timestamp_idx"');
  });

  it('are found to differ by a partial index, and by its condition', async () => {
    const name = 'llm_calls_project_id_task_id_timestamp_idx';
    const difference = await differenceAfter(`DROP INDEX ${name}`);
    expect(difference).toMatch(new RegExp(`CREATE INDEX "${name}" .* WHERE \\(?task_id IS NOT NULL`));
    const ofAll = `DROP INDEX ${name}; CREATE INDEX ${name} ON llm_calls (project_id, task_id, timestamp)`;
    expect(await differenceAfter(ofAll)).toContain(`DROP INDEX "${name}"`);
  });
});
