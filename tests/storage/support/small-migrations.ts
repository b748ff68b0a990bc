import type { Migration } from '../../../src/storage/migrator/migration.ts';

export const first: Migration = {
  name: '0001_first',
  sql: '-- The first\nCREATE TABLE a (x INTEGER);\nCREATE TABLE b (x INTEGER);\n',
};
export const second: Migration = { name: '0002_second', sql: 'CREATE TABLE c (x INTEGER);' };
export const broken: Migration = {
  name: '0003_broken',
  sql: 'CREATE TABLE d (x INTEGER);\nINSERT INTO nowhere VALUES (1);',
};

/** As another instance would: waiting for a lock of SQLite holds up the thread that waits. */
