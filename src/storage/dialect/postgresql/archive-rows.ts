import { Writable } from 'node:stream';
import type { Contents } from '../../backups/backup.ts';

const LINE_FEED = 10;
const COPY = /^COPY (?:"?public"?\.)?(\S+) \((.*)\) FROM stdin;$/;
const END_OF_ROWS = '\\.';
const HISTORY = '_prisma_migrations';

/** Counts the rows in a script that `pg_restore --data-only` writes. */
export interface ArchiveRows {
  readonly input: Writable;
  contents(): Contents;
}

/**
 * Reads the script in the chunks in which it arrives, so that a large one neither fills the memory
 * nor holds up the event loop. Only the first bytes of a row are examined.
 */
export function createArchiveRows(): ArchiveRows {
  const rows: Record<string, number> = {};
  const migrations: string[] = [];
  let table: { readonly name: string; readonly columns: readonly string[] } | null = null;
  let count = 0;
  let rest = Buffer.alloc(0);

  function begin(line: string): void {
    const match = COPY.exec(line);
    if (match === null) return;
    const columns = (match[2] ?? '').split(', ').map((name) => name.replaceAll('"', ''));
    table = { name: (match[1] ?? '').replaceAll('"', ''), columns };
    count = 0;
  }

  function readRow(line: Buffer, { name, columns }: { name: string; columns: readonly string[] }): void {
    if (line.length === 2 && line.toString('latin1') === END_OF_ROWS) {
      rows[name] = count;
      table = null;
      return;
    }
    count++;
    if (name === HISTORY) readMigration(line.toString('utf8').split('\t'), columns);
  }

  function readMigration(values: readonly string[], columns: readonly string[]): void {
    const fieldOf = (column: string) => values[columns.indexOf(column)];
    const isNull = (column: string) => fieldOf(column) === '\\N';
    const name = fieldOf('migration_name');
    if (name !== undefined && !isNull('finished_at') && isNull('rolled_back_at')) migrations.push(name);
  }

  const input = new Writable({
    write(chunk: Buffer, _encoding, done) {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = data.indexOf(LINE_FEED); end !== -1; end = data.indexOf(LINE_FEED)) {
        const line = data.subarray(0, end);
        if (table === null) begin(line.toString('utf8'));
        else readRow(line, table);
        data = data.subarray(end + 1);
      }
      rest = Buffer.from(data);
      done();
    },
  });
  return { input, contents: () => ({ migrations: migrations.toSorted(), rows }) };
}
