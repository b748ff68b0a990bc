import { statSync } from 'node:fs';
import { copyFileOf } from '../../columns/copy-path.ts';
import type { Config } from '../../config/config.ts';
import { showBytes, showSpan } from './amounts.ts';
import { type Finding, ok, warning } from './finding.ts';

/**
 * The columnar copy of the events, as far as its files show it: a running server has them locked.
 */
export interface ColumnsFacts {
  readonly file: string;
  /** There is a copy when a dataset has at least this many events. Null: there is never one. */
  readonly fromEvents: number | null;
  /** Null: there is none. `writtenAt` in epoch milliseconds. */
  readonly found: { readonly bytes: number; readonly writtenAt: number } | null;
  readonly newestReceivedAt: number | null;
  readonly isServed: boolean;
}

/** The copy follows the rows within seconds, though a long question may delay it. */
const BEHIND_MS = 10 * 60_000;

export const columnsFileOf = ({ columns, databaseUrl }: Pick<Config, 'columns' | 'databaseUrl'>): string =>
  columns.file ?? copyFileOf(databaseUrl);

export function probeColumns(file: string): ColumnsFacts['found'] {
  const parts = [file, `${file}.wal`].flatMap((path) => statSync(path, { throwIfNoEntry: false }) ?? []);
  if (parts.length === 0) return null;
  return {
    bytes: parts.reduce((sum, { size }) => sum + size, 0),
    writtenAt: Math.max(...parts.map(({ mtimeMs }) => mtimeMs)),
  };
}

export function assessColumns({
  file,
  fromEvents,
  found,
  newestReceivedAt,
  isServed,
}: ColumnsFacts): readonly Finding[] {
  if (fromEvents === null) return [ok('columns', 'There is no columnar copy: COLUMN_STORE=off.')];
  if (found === null) {
    const when =
      fromEvents === 0 ? 'at the next start' : `from ${fromEvents.toLocaleString('en-US')} events on`;
    return [ok('columns', `There is no columnar copy yet; the server creates it ${when}.`)];
  }
  const about = `${file} takes ${showBytes(found.bytes)}`;
  const behind = (newestReceivedAt ?? found.writtenAt) - found.writtenAt;
  if (behind <= BEHIND_MS) return [ok('columns', `${about} and has the newest events.`)];
  if (!isServed) return [ok('columns', `${about}; the next start copies the last ${showSpan(behind)}.`)];
  return [
    warning(
      'columns',
      `${about} and is ${showSpan(behind)} behind: rows answer instead, which takes longer.`,
      'The server log says why. You can delete the file at any time: a restart rebuilds it.',
    ),
  ];
}
