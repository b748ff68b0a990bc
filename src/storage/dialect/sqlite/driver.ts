import { createRequire } from 'node:module';
import type Driver from 'better-sqlite3';

/**
 * The first version of Node-API that better-sqlite3 13 works with: Node 22.14, 24 and later have
 * it. Release 13 ships its native module prebuilt. Earlier releases end the process when a
 * statement is garbage-collected under Node 24.19 and later; release 13 ends it under Node 20.
 */
const NODE_API = 10;

// The threads are built as CommonJS, which has no import.meta.
const require = createRequire(import.meta.url ?? __filename);

/** The SQLite driver that fits this Node. Both releases have the same interface. */
export const Sqlite: typeof Driver = require(
  Number(process.versions.napi) >= NODE_API ? 'better-sqlite3-13' : 'better-sqlite3',
);

export type Connection = Driver.Database;
export type Statement<Parameters extends unknown[], Row> = Driver.Statement<Parameters, Row>;
