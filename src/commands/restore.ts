import { copyFileOf, removeCopy } from '../columns/copy-path.ts';
import { type Config, loadConfig, withoutPassword } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { columnOf } from '../core/dataset/table.ts';
import { messageOf } from '../core/thrown.ts';
import { datasets } from '../declarations/registry.ts';
import type { Backups } from '../storage/backups/backups.ts';
import {
  type CheckedBackup,
  checkBackup,
  expectKnownVersion,
  expectSame,
  findBackup,
} from '../storage/backups/check-backup.ts';
import { DamagedBackup } from '../storage/backups/errors.ts';
import type { CountedTable } from '../storage/backups/format.ts';
import { configurationOf } from '../storage/backups/manifest.ts';
import { openBackups } from '../storage/backups/open-backups.ts';
import { confirmAs } from './confirm.ts';
import { UsageError } from './import/options.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';

/** `telltale restore`: replaces the database by a backup. */
export const restoreCommand = defineCommand({
  meta: {
    name: 'restore',
    description:
      'Replace the database with a backup. The replaced database is kept beside it. Stop every server ' +
      'first. See docs/operations.md.',
  },
  args: {
    file: {
      type: 'positional',
      description: 'The path of a backup, or a name that `telltale backups` lists',
      required: false,
    },
    at: {
      type: 'string',
      description: 'Instead of FILE: the newest backup from before this time, such as 2026-11-22T12:00Z',
    },
    'dry-run': {
      type: 'boolean',
      description: 'Only check the backup and say what would be lost',
      default: false,
    },
    yes: { type: 'boolean', description: 'Restore without asking', default: false },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale restore --at=2026-11-22T12:00Z', 'Restore the newest backup from before a time'],
    ['telltale restore telltale.db.20261122_110000_000.backup', 'Restore a backup by its name'],
  ],
  async run({ args }) {
    const wanted = readWanted(args.file, args.at);
    const confirm = confirmAs(process, {
      isConfirmed: args.yes || args['dry-run'],
      otherwise: 'restore replaces the database: add --yes, or --dry-run to only see what would be lost.',
    });
    const config = loadConfig(process.env);
    const warn = (text: string): void => void process.stderr.write(`${text}\n`);
    const backups = await openBackups(config, systemClock, warn);
    const { format } = backups;
    const backup = await findBackup(backups, wanted);
    await format.expectTools();
    await format.restore.expectUnused();
    const checked = await checkBackup(format, backup);
    await expectKnownVersion(checked, format);
    const lost = await findLost(backups, checked.createdAt);
    warn(describe(checked, lost));
    const how = { json: args.json, render };
    if (args['dry-run'] || !(await confirm(async () => 'Restore it?')))
      return printResult(resultOf(config, checked, { lost, isRestored: false, kept: null }), how);
    const kept = await replace(config, backups, checked);
    printResult(resultOf(config, checked, { lost, isRestored: true, kept }), how);
  },
});

/** @throws UsageError unless exactly one of them is given */
function readWanted(file: string | undefined, at: string | undefined) {
  if ((file === undefined) === (at === undefined))
    throw new UsageError('restore needs either a FILE or --at=TIME. `telltale backups` lists the files.');
  if (file !== undefined) return { file };
  const before = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d))?$/.test(at ?? '')
    ? Date.parse(at ?? '')
    : Number.NaN;
  if (Number.isNaN(before))
    throw new UsageError(`--at=${at} is not a time with a zone, such as 2026-11-22T12:00Z.`);
  return { before };
}

/**
 * The number of rows that arrived after the backup, by dataset; or why they cannot be counted.
 * Null: there is no database.
 */
type Lost = Readonly<Record<string, number>> | string | null;

async function findLost({ format }: Backups, instant: number): Promise<Lost> {
  try {
    return await format.restore.rowsSince(datasets.map(countedTable), instant);
  } catch (error) {
    // The database that will be replaced may be damaged.
    return messageOf(error);
  }
}

function countedTable(dataset: Dataset): CountedTable {
  const { name, table, storedAtColumn } = dataset;
  return { name, table, storedAt: columnOf(dataset, storedAtColumn).sqlName };
}

function describe({ path, createdAt, manifest }: CheckedBackup, lost: Lost): string {
  // A file without a manifest may be older than its time suggests.
  const when = manifest === null ? 'was written at' : 'of';
  const backup = `${path} is intact, and ${when} ${new Date(createdAt).toISOString()}.`;
  if (lost === null) return `${backup} There is no database to replace.`;
  if (typeof lost === 'string')
    return `${backup} The current database cannot be read, so its contents are unknown: ${lost}`;
  const counts = Object.entries(lost).filter(([, rows]) => rows > 0);
  const lines = counts.map(([name, rows]) => `\n  ${name}: ${rows.toLocaleString('en-US')}`).join('');
  const since = lines === '' ? 'no events' : `these events:${lines}`;
  return (
    `${backup} Recorded since then, and not in the backup: ${since}\nChanges to keys, rules and ` +
    'other states since then are not in it either.'
  );
}

async function replace(config: Config, { format }: Backups, checked: CheckedBackup): Promise<string | null> {
  const kept = await format.restore.replaceBy(checked.path, {
    now: systemClock.now(),
    check(contents, sha256) {
      if (sha256 !== null && sha256 !== checked.sha256)
        throw new DamagedBackup(checked.path, 'it changed while it was read.');
      expectSame(checked.path, contents, checked.contents);
    },
  });
  // The copy is of the former database. The server rebuilds it.
  removeCopy(config.columns.file ?? copyFileOf(config.databaseUrl));
  return kept;
}

function resultOf(
  config: Config,
  { path, createdAt, contents, manifest }: CheckedBackup,
  {
    lost,
    isRestored,
    kept,
  }: { readonly lost: Lost; readonly isRestored: boolean; readonly kept: string | null },
) {
  const copied = manifest?.configuration ?? [];
  return {
    database: withoutPassword(config.databaseUrl),
    backup: path,
    restored: isRestored ? path : null,
    createdAt: new Date(createdAt).toISOString(),
    rows: contents.rows,
    lost,
    kept,
    configuration: copied.length === 0 ? null : configurationOf(path),
  };
}

function render({ database, restored, kept, rows, configuration }: ReturnType<typeof resultOf>): string {
  if (restored === null) return 'Nothing was changed.\n';
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return [
    `${database} is now ${restored}: ${total.toLocaleString('en-US')} rows.`,
    ...(kept === null ? [] : [`The former database is kept: ${kept}`]),
    ...(configuration === null ? [] : [`The configuration from that time is in ${configuration}`]),
    'The next start migrates it to this version if necessary.\n',
  ].join('\n');
}
