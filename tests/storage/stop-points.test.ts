import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import { expect, test } from 'vitest';
import { Sqlite } from '../../src/storage/dialect/sqlite/driver.ts';
import { sqliteFunctions } from '../../src/storage/dialect/sqlite/functions.ts';
import { createStopPoints } from '../../src/storage/dialect/sqlite/stop-points.ts';
import { CONTINUE } from '../../src/storage/dialect/sqlite/stops.ts';

const ROWS = 50_000;

test.each([
  ['rollup_cells', 'without rowid'],
  ['llm_calls', ''],
])('a join can be stopped while it reads the rows of %s', (table, how) => {
  const connection = new Sqlite(':memory:');
  let asked = 0;
  connection.function(CONTINUE, () => {
    asked++;
    return 1;
  });
  connection.exec(`create table ${table} (id integer, writer integer, primary key (id, writer)) ${how};
    with recursive numbers (id) as (select 1 union all select id + 1 from numbers where id < ${ROWS})
    insert into ${table} select id, 0 from numbers`);
  const query = new Kysely<Record<string, Record<string, unknown>>>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    plugins: [createStopPoints(new Set([table]))],
  });
  const stretches = sqliteFunctions.parameterTable({ from: 'integer' }, [{ from: 0 }, { from: 1 }]);
  const compiled = sqliteFunctions
    .joinEach(query.selectFrom(stretches.as('stretch')), table, 'row', [])
    .select(sql<number>`count(*)`.as('rows'))
    .compile();
  expect(connection.prepare(compiled.sql).get(...compiled.parameters)).toEqual({ rows: 2 * ROWS });
  // About 24 times; for cells, at random.
  expect(asked).toBeGreaterThan(2);
  connection.close();
});
