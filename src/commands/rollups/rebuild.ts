import { loadConfig, withoutPassword } from '../../config/config.ts';
import { DATASET_NAMES, type Maintenance } from '../../maintenance.ts';
import { UsageError } from '../import/options.ts';
import { JSON_ARGUMENT, printResult } from '../output.ts';
import { defineCommand } from '../program/define-command.ts';
import { createProgress } from '../progress.ts';
import { quietEnvironment } from '../quiet-environment.ts';
import { stoppableBySignal } from '../stoppable.ts';
import { openMigrated } from './open-migrated.ts';

interface Rebuilt {
  readonly dataset: string;
  readonly rows: number;
  readonly cells: number;
}

/**
 * `telltale rollups rebuild`: rebuilds the cells from the rows. Safe beside running servers: each
 * step is an hour of one project, in a transaction that locks out appends. An event that arrives
 * between two steps is counted by its own append.
 */
export const rebuildRollupsCommand = defineCommand({
  meta: {
    name: 'rebuild',
    description:
      'Rebuild the totals from the rows, with or without a running server. Totals whose rows have expired ' +
      'stay.',
  },
  args: {
    dataset: { type: 'string', description: `Only this dataset: ${DATASET_NAMES.join(', ')}. Default: all` },
    ...JSON_ARGUMENT,
  },
  examples: [['telltale rollups rebuild --dataset=llmCalls', 'Rebuild the totals of model calls']],
  async run({ args }) {
    const names = namesOf(args.dataset);
    const config = loadConfig(quietEnvironment());
    const maintenance = await openMigrated(config);
    try {
      const datasets = await stoppableBySignal((signal) => rebuild(maintenance, names, signal));
      const result = { database: withoutPassword(config.databaseUrl), datasets };
      printResult(result, { json: args.json, render: renderRebuilt });
    } finally {
      await maintenance.close();
    }
  },
});

/** @throws UsageError for an unknown dataset */
function namesOf(dataset: string | undefined): readonly string[] {
  if (dataset === undefined) return DATASET_NAMES;
  if (DATASET_NAMES.includes(dataset)) return [dataset];
  throw new UsageError(`--dataset: there is no dataset ${dataset}. There are: ${DATASET_NAMES.join(', ')}.`);
}

/** Hours that were rebuilt before a stop stay rebuilt. Another run starts from the beginning. */
async function rebuild(
  maintenance: Maintenance,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Rebuilt[]> {
  const progress = createProgress('Rebuilding', process.stderr, Date.now);
  const done: Rebuilt[] = [];
  try {
    for (const [index, dataset] of names.entries()) {
      const result = await maintenance.rebuild(dataset, ({ rows }) => {
        signal.throwIfAborted();
        progress.update(index / names.length, `${dataset}: ${rows.toLocaleString('en')} rows`);
      });
      done.push({ dataset, ...result });
    }
    progress.update(1, 'done');
    return done;
  } finally {
    progress.finish();
  }
}

function renderRebuilt({
  database,
  datasets,
}: {
  readonly database: string;
  readonly datasets: readonly Rebuilt[];
}) {
  const width = Math.max(...datasets.map(({ dataset }) => dataset.length));
  const number = (count: number) => count.toLocaleString('en').padStart(13);
  const lines = datasets.map(
    ({ dataset, rows, cells }) =>
      `  ${dataset.padEnd(width)} ${number(rows)} rows → ${number(cells)} cells\n`,
  );
  return `Rebuilt in ${database}:\n${lines.join('')}`;
}
