import { type ForeignFile, type ForeignTable, quoted } from '../../../storage/dialect/sqlite/foreign-file.ts';
import type { Progress } from '../../progress.ts';
import { UsageError } from '../options.ts';
import type { AskedTarget } from '../target.ts';
import { bringTable, type TableOutcome } from './bring-table.ts';
import { createTableReader, type LegacyOptions, type TableReader } from './read-table.ts';
import { isEvents, type LegacySource, type LegacyTable } from './source.ts';
import { recognizeSource } from './sources.ts';

/** What became of a file. */
export interface LegacyReport {
  /** The program that wrote it. */
  readonly source: string;
  readonly tables: Readonly<Record<string, TableOutcome>>;
  /** Tables that were left out, and why. */
  readonly leftOut: Readonly<Record<string, LeftOut>>;
}

interface LeftOut {
  readonly rows: number;
  readonly reason: string;
  /** Whether there is a way to import it. */
  readonly canBeBrought: boolean;
}

interface Planned {
  readonly reader: TableReader;
  readonly sql: string;
}

/** Which parts of a file can be imported. */
export interface LegacyPlan {
  readonly source: LegacySource;
  readonly planned: readonly Planned[];
  readonly leftOut: Readonly<Record<string, LeftOut>>;
}

/**
 * Decides which table goes where, before anything is stored.
 *
 * @throws UsageError for a file of an unknown program, for columns that lack a source, and for
 *   flags that no table uses
 */
export function planFile(path: string, file: ForeignFile, options: LegacyOptions): LegacyPlan {
  const source = recognizeSource(path, file.tables);
  const leftOut: Record<string, LeftOut> = {};
  const planned: Planned[] = [];
  for (const table of file.tables) {
    if (source.tables.some((mapping) => mapping.table === table.name)) continue;
    const reason = source.leftOut[table.name] ?? 'A table that the program does not have.';
    leftOut[table.name] = { rows: table.rows, reason, canBeBrought: false };
  }
  for (const mapping of source.tables) {
    const table = file.tables.find(({ name }) => name === mapping.table);
    if (table === undefined || table.rows === 0) continue;
    if (table.key.length === 0 && mapping.into.naturalKey === undefined) {
      const reason = 'It has no primary key, so a second import could not tell its rows from new ones.';
      leftOut[table.name] = { rows: table.rows, reason, canBeBrought: true };
    } else planned.push(planTable(file, source, { mapping, table, options }));
  }
  assertComplete(planned.map(({ reader }) => reader));
  assertUsed(
    planned.map(({ reader }) => reader),
    options,
  );
  return { source, planned, leftOut };
}

function planTable(
  file: ForeignFile,
  source: LegacySource,
  { mapping, table, options }: { mapping: LegacyTable; table: ForeignTable; options: LegacyOptions },
): Planned {
  const sql = (isEvents(mapping) ? mapping.sql?.(file) : undefined) ?? `select * from ${quoted(table.name)}`;
  const [first] = file.rows(`${sql} limit 1`);
  const reader = createTableReader(source, mapping, { table, columns: Object.keys(first ?? {}), options });
  return { reader, sql };
}

function assertComplete(readers: readonly TableReader[]): void {
  const lacking = readers.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return;
  const lines = lacking.map(
    ({ table, mapping, missing }) => `  ${table.name} lacks ${missing.join(', ')}, for ${mapping.into.name}`,
  );
  const names = [...new Set(lacking.flatMap(({ missing }) => missing))];
  const example = names.map((name) => `${name}=…`).join(',');
  throw new UsageError(
    `Some tables lack a required column. Nothing was stored.\n${lines.join('\n')}\n` +
      `Name it in the table with --map=${example}, or give every row the same value with --set=${example}.`,
  );
}

/** A flag that no table uses is a mistake. */
function assertUsed(readers: readonly TableReader[], { fields, constants }: LegacyOptions): void {
  const takes = (name: string) =>
    readers.some(({ mapping }) =>
      mapping.into.columns.some((column) => column.name === name && column.source !== 'server'),
    );
  for (const [flag, names] of [['--map', fields] as const, ['--set', constants] as const]) {
    const odd = [...names.keys()].find((name) => !takes(name));
    if (odd !== undefined) throw new UsageError(`${flag}: no table of this file has a column ${odd}.`);
  }
}

/** Imports what was planned, table by table. */
export async function bringFile(
  file: ForeignFile,
  { source, planned, leftOut }: LegacyPlan,
  { target, timeZone, progress }: { target: AskedTarget; timeZone: string; progress: Progress },
): Promise<LegacyReport> {
  const total = planned.reduce((sum, { reader }) => sum + reader.table.rows, 0);
  const tables: Record<string, TableOutcome> = {};
  const left: Record<string, LeftOut> = { ...leftOut };
  let done = 0;
  for (const { reader, sql } of planned) {
    const { mapping, table } = reader;
    const reason = isEvents(mapping) ? null : ((await mapping.prevents?.(target)) ?? null);
    if (reason === null) {
      const before = done;
      const onRows = (count: number) =>
        progress.update(
          (before + count) / total,
          `${(before + count).toLocaleString('en')} rows, ${table.name}`,
        );
      tables[table.name] = await bringTable({ reader, rows: file.rows(sql), target, timeZone, onRows });
    } else left[table.name] = { rows: table.rows, reason, canBeBrought: true };
    done += table.rows;
  }
  return { source: source.title, tables, leftOut: left };
}
