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

/**
 * Migrates like another instance, because waiting for a lock of SQLite blocks the thread that
 * waits.
 */
