import { openForeignFile } from '../../storage/dialect/sqlite/foreign-file.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { printResult } from '../output.ts';
import { createProgress } from '../progress.ts';
import { bringFile, type LegacyReport, planFile } from './legacy/bring-file.ts';
import { openTarget, type TargetOptions } from './open-target.ts';
import { assertTimeZone, parseAssignments } from './options.ts';

export interface LegacyArguments extends TargetOptions {
  readonly file: string;
  readonly map?: string | undefined;
  readonly set?: string | undefined;
  readonly 'time-zone': string;
  readonly json: boolean;
}

/** `telltale import legacy FILE`: imports what another program stored in an SQLite file. */
export async function importLegacy(args: LegacyArguments): Promise<void> {
  const { file: path, json, 'time-zone': timeZone } = args;
  assertTimeZone(timeZone);
  const fields = parseAssignments('--map', args.map ?? '');
  const constants = parseAssignments('--set', args.set ?? '');
  const file = openForeignFile(path);
  try {
    const plan = planFile(path, file, { fields, constants, timeZone });
    const target = await openTarget(args);
    const progress = createProgress('Importing', process.stderr, () => performance.now());
    try {
      process.stderr.write(`Importing ${path} of ${plan.source.title} into ${target.description}\n`);
      const report = await bringFile(file, plan, { target, timeZone, progress });
      progress.finish();
      printResult({ file: path, target: target.description, ...report }, { json, render });
      if (isIncomplete(report)) process.exitCode = EXIT_CODES.problems;
    } finally {
      progress.finish();
      await target.close();
    }
  } finally {
    file.close();
  }
}

const isIncomplete = ({ tables, leftOut }: LegacyReport): boolean =>
  Object.values(tables).some(({ rejected }) => rejected > 0) ||
  Object.values(leftOut).some(({ rows, canBeBrought }) => canBeBrought && rows > 0);

const count = (number: number) => number.toLocaleString('en');

function render({ tables, leftOut }: LegacyReport): string {
  const lines = Object.entries(tables).flatMap(([table, outcome]) => [
    `${table}: ${count(outcome.read)} rows to ${outcome.into}: ${count(outcome.accepted)} accepted, ` +
      `${count(outcome.duplicates)} duplicates, ${count(outcome.rejected)} did not fit`,
    ...outcome.firstRejected.map(({ row, reason }) => `  ${row}: ${reason}`),
    ...more(outcome.rejected - outcome.firstRejected.length),
    ...(outcome.unused.length > 0 ? [`  Columns that were left out: ${outcome.unused.join(', ')}`] : []),
  ]);
  for (const [table, { rows, reason }] of Object.entries(leftOut)) {
    lines.push(`${table}: ${count(rows)} rows were left out. ${reason}`);
  }
  return `${lines.join('\n')}\n`;
}

const more = (rest: number): string[] => (rest > 0 ? [`  … and ${count(rest)} more`] : []);
