import { writeFile } from 'node:fs/promises';
import { isProjectId } from '../../access/projects.ts';
import { newSecret } from '../../alerting/delivery/channels/credentials.ts';
import { groupId } from '../../alerting/rules/group-states.ts';
import { loadConfig, withoutPassword } from '../../config/config.ts';
import { withDatabase } from '../../config/database-variables.ts';
import { systemClock } from '../../core/clock.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined } from '../../core/defined.ts';
import { TelltaleError } from '../../core/errors.ts';
import { toIpAddresses } from '../../core/ip-addresses.ts';
import { PROJECT_ID_RULE } from '../../core/project-id.ts';
import { datasets, states } from '../../declarations/registry.ts';
import { openServices } from '../../services.ts';
import { createStore } from '../../storage/create-store.ts';
import type { Store } from '../../storage/store.ts';
import type { Manifest } from '../../transfer/archive/contents.ts';
import { type RestoreOutcome, restoreArchive } from '../../transfer/archive/restore-archive.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { printResult } from '../output.ts';
import { createProgress } from '../progress.ts';
import { quietEnvironment } from '../quiet-environment.ts';
import { UsageError } from './options.ts';

export interface ArchiveArguments {
  readonly file: string;
  readonly project?: string | undefined;
  readonly database?: string | undefined;
  readonly url?: string | undefined;
  readonly prices?: string | undefined;
  readonly json: boolean;
}

/** `telltale import archive FILE`: stores everything in an archive directly in the database. */
export async function importArchive(args: ArchiveArguments): Promise<void> {
  const { file, project = null, database, prices } = args;
  if (args.url !== undefined)
    throw new UsageError('--url: an archive is imported into the database itself: name it with --database.');
  if (project !== null && !isProjectId(project))
    throw new UsageError(`--project: "${project}" is not a valid project id. Use ${PROJECT_ID_RULE}.`);
  const config = loadConfig(withDatabase(quietEnvironment(), database));
  // Migrates the database, and notes which rollups it holds.
  await (await openServices(config)).close();
  // Sessions come with the archive, so its events must not be added to them again.
  const untallied = datasets.map((dataset) => ({ ...dataset, tally: null }));
  const unfolded = new Map(
    untallied.map((dataset): [Dataset, Dataset] => [dataset, { ...dataset, rollups: [] }]),
  );
  const store = await createStore({
    url: config.directUrl,
    datasets: [...untallied, ...unfolded.values()],
    states,
  });
  const progress = createProgress('Importing', process.stderr, () => performance.now());
  try {
    const outcome = await restoreArchive({
      ...{ store, file, projectId: project, datasets: untallied, states, groupId, newSecret },
      withoutRollups: (dataset: Dataset) => defined(unfolded.get(dataset)),
      ensureProject: (wanted) => ensureProject(store, wanted),
      onRows: (rows, table) => progress.update(0, `${rows.toLocaleString('en')} rows, ${table}`),
    });
    progress.finish();
    if (prices !== undefined && outcome.prices !== null) await writeFile(prices, outcome.prices);
    const { prices: found, ...result } = outcome;
    const shown = {
      ...{ database: withoutPassword(config.databaseUrl), ...result },
      prices: found === null ? null : (prices ?? 'left out: name a file for them with --prices'),
    };
    printResult(shown, { json: args.json, render: renderRestore });
    if (outcome.problems.length > 0) process.exitCode = EXIT_CODES.problems;
  } finally {
    progress.finish();
    await store.close();
  }
}

/** @throws CONFLICT while a project of that name is being deleted */
async function ensureProject({ transact }: Store, project: Manifest['project']): Promise<void> {
  const { projectId, name } = project;
  await transact('projects', async (transaction) => {
    const present = await transaction.project.findUnique({ where: { projectId } });
    if (present?.deletingAt)
      throw new TelltaleError('CONFLICT', `The project ${projectId} is being deleted: try again later.`);
    if (present !== null) return;
    const now = new Date(systemClock.now());
    const ipAddresses = toIpAddresses(project.ipAddresses);
    await transaction.project.create({
      data: { projectId, name, ipAddresses, createdAt: now, updatedAt: now },
    });
  });
}

interface Shown extends Omit<RestoreOutcome, 'prices'> {
  readonly database: string;
  readonly prices: string | null;
}

function renderRestore({ database, projectId, tables, prices, problems }: Shown): string {
  const lines = Object.entries(tables).map(([table, { rows, stored }]) => {
    const same = rows - stored;
    const there = same > 0 ? `, ${same.toLocaleString('en')} already existed` : '';
    return `  ${table}  ${stored.toLocaleString('en')} stored${there}\n`;
  });
  const webhooks = tables['webhooks'] === undefined ? '' : 'Webhooks are disabled: they have new secrets.\n';
  const notes = problems.map((problem) => `Not imported: ${problem}\n`).join('');
  const priced = prices === null ? '' : `Prices: ${prices}\n`;
  return `The project ${projectId} is in ${database}:\n${lines.join('')}${webhooks}${priced}${notes}`;
}
