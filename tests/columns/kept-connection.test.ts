import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { createQuestionConnections } from '../../src/columns/kept-connection.ts';
import type { CopyParameter } from '../../src/columns/protocol.ts';
import { createQuestions } from '../../src/columns/questions.ts';

it('a repeated question sees what was stored since, whatever DuckDB knew of the rows before', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const writer = await instance.connect();
  let connected = 0;
  const connections = createQuestionConnections(() => {
    connected++;
    return instance.connect();
  });
  const questions = createQuestions((work) => work({ connections }));
  let number = 0;
  const ask = async (sql: string, ...parameters: CopyParameter[]) =>
    (await questions.read(++number, { kind: 'read', sql, parameters, limits: null })).rows[0]?.[0];
  const known = 'select count(*) from calls where cost is not null';
  const both = async () => [await ask(known), await ask(`${known} and project = $1`, 'shop')];

  await writer.run(
    `create table calls as select 'shop' as project, cast(null as integer) as cost from range(9)`,
  );
  expect(await both()).toEqual([0, 0]);
  await writer.run(`insert into calls values ('shop', 5)`);
  expect(await both()).toEqual([1, 1]);
  expect(connected).toBe(1);

  await questions.close();
  connections.close();
  writer.closeSync();
  instance.closeSync();
});
