import { DEFAULT_PROJECT } from '../access/projects.ts';
import { loadConfig, withoutPassword } from '../config/config.ts';
import { datasets } from '../declarations/registry.ts';
import type { Store } from '../storage/store.ts';
import { readInstant, readPosition } from '../transfer/export-position.ts';
import { type ExportFormat, type ExportSummary, exportDataset } from './export/export-dataset.ts';
import { expectProject, openSource } from './export/open-source.ts';
import { datasetNamed, UsageError } from './import/options.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress, type Progress } from './progress.ts';

const FORMATS: readonly ExportFormat[] = ['jsonl', 'csv', 'parquet'];

/** `telltale export --dataset NAME …`: writes events to a file, straight from the database. */
export const exportCommand = defineCommand({
  meta: {
    name: 'export',
    description:
      'Write the events of a dataset, or everything about a project, to a file. See docs/moving-data.md.',
  },
  args: {
    dataset: {
      type: 'string',
      description: 'The dataset, such as llmCalls. Without it: an archive of the project',
    },
    project: { type: 'string', description: 'The project. Default: TELLTALE_PROJECT, else default' },
    from: { type: 'string', description: 'From this time on, such as 2026-05-04. Default: the oldest event' },
    to: { type: 'string', description: 'Up to this time, exclusive. Default: up to the newest event' },
    cursor: {
      type: 'string',
      description: 'Continue after this event: its timestamp and id, joined by a comma',
    },
    format: { type: 'string', description: 'jsonl (the default), csv or parquet' },
    output: { type: 'string', description: 'The file. Default: standard output, or PROJECT.telltale.tar.gz' },
    database: { type: 'string', description: 'Use this database instead of DATABASE_URL' },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale export --dataset=llmCalls --output=calls.jsonl', 'Write all model calls as JSON Lines'],
    [
      'telltale export --dataset=errorLogs --from=2026-05-01 --to=2026-06-01 --output=may.parquet',
      'Write the errors of a month to a Parquet file',
    ],
    ['telltale export --project=shop', 'Write everything about a project, except its secrets, to an archive'],
  ],
  async run({ args }) {
    const run = args.dataset === undefined ? archiveOf(args) : eventsOf(args, args.dataset);
    const config = loadConfig(process.env);
    const url = args.database ?? config.directUrl;
    const store = await openSource(url);
    const progress = createProgress('Exporting', process.stderr, () => performance.now());
    try {
      await run({ store, progress, database: withoutPassword(url), pricesFile: config.pricesFile });
    } finally {
      progress.finish();
      await store.close();
    }
  },
});

interface Arguments {
  readonly project?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
  readonly format?: string | undefined;
  readonly output?: string | undefined;
  readonly json: boolean;
}

interface Opened {
  readonly store: Store;
  readonly progress: Progress;
  /** The URL of the database, for people. */
  readonly database: string;
  readonly pricesFile: string | null;
}

/** Checks the arguments for an archive of a project. */
function archiveOf({ project, output, json, ...others }: Arguments): (opened: Opened) => Promise<void> {
  if (project === undefined) {
    throw new UsageError(
      'Give --dataset for its events, such as llmCalls, or --project alone for an archive of everything.',
    );
  }
  const misplaced = (['from', 'to', 'cursor', 'format'] as const).find((name) => others[name] !== undefined);
  if (misplaced !== undefined)
    throw new UsageError(
      `--${misplaced}: an archive contains everything. To use this flag, give --dataset as well.`,
    );
  return async ({ store, progress, database, pricesFile }) => {
    await expectProject(store, project);
    const file = output ?? `${project}.telltale.tar.gz`;
    const { exportArchive, renderArchive } = await import('./export/export-archive.ts');
    const summary = await exportArchive({ store, projectId: project, file, pricesFile, progress });
    progress.finish();
    printResult({ database, ...summary }, { json, render: renderArchive });
  };
}

/** Checks the arguments for the events of a dataset. */
function eventsOf(args: Arguments, dataset: string): (opened: Opened) => Promise<void> {
  const { output: file = null, json } = args;
  const format = readFormat(args.format ?? 'jsonl', file);
  const projectId = args.project ?? (process.env.TELLTALE_PROJECT || DEFAULT_PROJECT);
  const scope = {
    dataset: datasetNamed(dataset, datasets),
    projectId,
    from: args.from === undefined ? null : readInstant(args.from, '--from'),
    to: args.to === undefined ? null : readInstant(args.to, '--to'),
    after: args.cursor === undefined ? null : readPosition(args.cursor, '--cursor'),
    filter: null,
    limit: null,
  };
  return async ({ store, progress, database }) => {
    await expectProject(store, projectId);
    const summary = await exportDataset({ store, scope, format, file, output: process.stdout, progress });
    progress.finish();
    // Standard output is free for messages unless it carries the events.
    const output = file === null ? process.stderr : process.stdout;
    printResult({ database, ...summary }, { json, render: renderExport, output });
  };
}

function readFormat(text: string, file: string | null): ExportFormat {
  const format = FORMATS.find((name) => name === text);
  if (format === undefined)
    throw new UsageError(`--format: must be one of ${FORMATS.join(', ')}, not ${text}.`);
  if (format === 'parquet' && file === null)
    throw new UsageError('--output is missing: a Parquet file cannot be written to standard output.');
  return format;
}

function renderExport({ rows, dataset, project, file, cursor }: ExportSummary): string {
  const where = file === null ? '' : ` to ${file}`;
  const next = cursor === null ? '' : `The last one is ${cursor}\n`;
  return `${rows.toLocaleString('en')} events of ${dataset} of the project ${project}${where}\n${next}`;
}
