import { statSync } from 'node:fs';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openCopy } from '../../src/columns/copy.ts';
import { openRows } from '../../src/columns/open-rows.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { raiseHorizons } from '../../src/storage/horizons.ts';
import type { Store } from '../../src/storage/store.ts';
import { fileOfCopy } from '../columns/support/copies.ts';
import { TEST_SETTINGS } from '../columns/support/settings.ts';
import { callGroup, callRow, NOON } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';

const CALLS = 3_000;
const DAY_MS = 86_400_000;
const OLD = NOON - 2 * DAY_MS;

describeEachDatabase('telltale compact', (database) => {
  const stores = useStores(database);
  const isFile = database.dialect === 'sqlite';
  const numbers = async (store: Store): Promise<unknown[]> => {
    const { rows } =
      await sql`select ${sql.raw(isFile ? 'rowid' : 'arrival')} as number, id from llm_calls order by 1`.execute(
        store.query,
      );
    return rows;
  };

  it('frees the space of removed rows, and the columnar copy still matches', async () => {
    const url = await stores.createUrl();
    const store = await stores.open(url);
    const removed = Array.from({ length: CALLS }, () => callRow({ timestamp: OLD, receivedAt: OLD }));
    await store.append([callGroup(...removed)]);
    await store.append([callGroup(...Array.from({ length: 50 }, () => callRow()))]);
    const file = fileOfCopy(url);
    const problems: string[] = [];
    const open = async () =>
      openCopy({
        file,
        datasets,
        settings: TEST_SETTINGS,
        source: await openRows(url),
        onProblem: (text) => problems.push(text),
      });
    const copy = await open();
    expect(await copy.catchUp('llmCalls')).toBeNull();
    await copy.close();
    const horizon = { source: 'RAW', instant: NOON - DAY_MS } as const;
    await raiseHorizons(store.query, { projectId: 'default', dataset: llmCalls }, [horizon]);
    const { instant } = store.functions;
    await store.query.deleteFrom('llm_calls').where('timestamp', '<', instant(horizon.instant)).execute();
    const kept = await numbers(store);

    const compact = (...words: string[]) =>
      runCommand(['compact', ...words], { DATABASE_URL: url, COLUMN_STORE_FILE: file });
    if (isFile) {
      const refused = await compact();
      expect(refused).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('uses') });
    }
    await stores.close(store);
    const size = isFile ? statSync(url.slice('file:'.length)).size : 0;
    const { code, stdout, stderr } = await compact('--json');
    expect(code, stderr).toBe(0);
    const { before, after, notes, columns } = JSON.parse(stdout);
    expect(columns).toMatchObject({ before: expect.any(Number), after: expect.any(Number) });
    if (isFile) {
      expect([before, after]).toEqual([size, statSync(url.slice('file:'.length)).size]);
      expect(before - after).toBeGreaterThan(400_000);
    } else {
      expect(notes).toEqual([expect.stringContaining('VACUUM FULL')]);
    }

    const reopened = await stores.open(url);
    if (!isFile) {
      const vacuumed = await sql`select relname from pg_stat_user_tables where relname = 'llm_calls'
        and vacuum_count > 0 and analyze_count > 0`.execute(reopened.query);
      expect(vacuumed.rows).toHaveLength(1);
    }
    expect(await numbers(reopened)).toEqual(kept);
    const again = await open();
    expect(await again.catchUp('llmCalls')).toBeNull();
    await again.close();
    expect(problems).toEqual([]);
  });
});
