import pg from 'pg';
import { expect, test } from 'vitest';
import { openOwnSession } from '../../src/storage/dialect/postgresql/session.ts';
import { makeStoppable, queryInScope } from '../../src/storage/dialect/postgresql/stoppable.ts';
import { createReadMeter, UNLIMITED } from '../../src/storage/reading.ts';
import { describeOnlyOn } from '../support/databases.ts';

describeOnlyOn('postgresql', 'a connection that is cut because nothing cancels its statement', (database) => {
  test('gives the reason, and is not used again', async () => {
    let scope = UNLIMITED;
    const options = {
      connectionString: await database.createUrl(),
      max: 1,
      onConnect: async (client: pg.ClientBase) => {
        client.on('error', () => {});
        const session = await openOwnSession(client, { processId: 1 });
        const cancel = async () => {
          throw new Error('The database takes no more connections.');
        };
        makeStoppable(client, { session, scope: () => scope, cancel });
      },
    };
    const pool = new pg.Pool(options);
    pool.on('error', () => {});
    queryInScope(pool);
    try {
      for (let round = 0; round < 5; round++) {
        scope = { ...UNLIMITED, meter: createReadMeter({ rows: 1, bytes: 1e6, cells: 1 }) };
        await expect(pool.query('select generate_series(1, 3)')).rejects.toMatchObject({
          code: 'QUERY_TOO_COMPLEX',
        });
        scope = UNLIMITED;
        const { rows } = await pool.query('select 1 as one');
        expect(rows).toEqual([{ one: 1 }]);
      }
    } finally {
      await pool.end();
    }
  });
});
