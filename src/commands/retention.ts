import { loadConfig, withoutPassword } from '../config/config.ts';
import { type OpenServices, openServices } from '../services.ts';
import { confirmAs } from './confirm.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { quietEnvironment } from './quiet-environment.ts';
import { stoppableBySignal } from './stoppable.ts';

type Retention = OpenServices['services']['retention'];
type Removal = Awaited<ReturnType<Retention['run']>>[number];
type Preview = Awaited<ReturnType<Retention['preview']>>[number];

/** `telltale retention`: removes expired events now, with or without a running server. */
export const retention = defineCommand({
  meta: {
    name: 'retention',
    description: 'Remove rows and rollup cells that have expired. See docs/retention.md.',
  },
  args: {
    'dry-run': { type: 'boolean', description: 'Only count what would be removed', default: false },
    yes: { type: 'boolean', description: 'Remove without asking', default: false },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale retention --dry-run', 'Count what has expired, and remove nothing'],
    ['telltale retention --yes', 'Remove it, for example from a timer'],
  ],
  async run({ args }) {
    const dryRun = args['dry-run'];
    const confirm = confirmAs(process, {
      isConfirmed: dryRun || args.yes,
      otherwise:
        'retention removes data for good: add --yes, or --dry-run to only count what would be removed.',
    });
    const config = loadConfig(quietEnvironment());
    const opened = await openServices(config);
    const database = withoutPassword(config.databaseUrl);
    const { retention } = opened.services;
    const print = (removals: readonly (Removal | Preview)[]) => {
      const how = { dryRun, database };
      printResult(
        { ...how, removals: removals.map(withTimes) },
        { json: args.json, render: () => renderRemovals(removals, how) },
      );
    };
    try {
      // Rows stay until the cells that outlive them are made.
      await opened.rollups.run();
      const ask = async () =>
        `${renderRemovals(await retention.preview(), { dryRun: true, database })}Remove it for good?`;
      if (!(await confirm(ask))) process.stdout.write('Nothing was removed.\n');
      else if (dryRun) print(await retention.preview());
      else print(await stoppableBySignal((signal) => retention.run({ signal })));
    } finally {
      await opened.close();
    }
  },
});

const isoOf = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());
const withTimes = (removal: Removal) => ({
  ...removal,
  from: isoOf(removal.from),
  until: isoOf(removal.until),
});

/**
 * Renders one line per dataset. For a dry run, a line has the size of what would be removed, and
 * the times between which it lies.
 */
export function renderRemovals(
  removals: readonly (Removal | Preview)[],
  { dryRun, database }: { readonly dryRun: boolean; readonly database: string },
): string {
  const number = (count: number): string => count.toLocaleString('en-US');
  const width = Math.max(...removals.map(({ dataset }) => dataset.length));
  const lines = removals.map((removal) => {
    const { dataset, rows, cells } = removal;
    const counts = `${number(rows).padStart(13)} rows  ${number(cells).padStart(13)} cells`;
    return `  ${dataset.padEnd(width)}  ${counts}${'bytes' in removal ? sizeOf(removal) : ''}\n`;
  });
  return `${dryRun ? 'Would be removed' : 'Removed'} from ${database}:\n${lines.join('')}`;
}

const BYTES_PER_MB = 1e6;

function sizeOf({ rows, cells, bytes, from, until }: Preview): string {
  if (rows + cells === 0) return '';
  const day = (instant: number | null) => isoOf(instant)?.slice(0, 10);
  const since = from === null ? '' : `from ${day(from)} `;
  return `  about ${(bytes / BYTES_PER_MB).toFixed(1)} MB, ${since}to before ${day(until)}`;
}
