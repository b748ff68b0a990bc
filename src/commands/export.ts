import { DEFAULT_PROJECT } from '../access/projects.ts';
import { loadConfig, withoutPassword } from '../config/config.ts';
import { datasets } from '../declarations/registry.ts';
import { readInstant, readPosition } from '../transfer/export-position.ts';
import { type ExportFormat, type ExportSummary, exportDataset } from './export/export-dataset.ts';
import { expectProject, openSource } from './export/open-source.ts';
import { withClearFailures } from './failures.ts';
import { datasetNamed, UsageError } from './import/options.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress } from './progress.ts';

const FORMATS: readonly ExportFormat[] = ['jsonl', 'csv', 'parquet'];

/** `telltale export --dataset NAME …`: writes events to a file, straight from the database. */
export const exportCommand = defineCommand({
  meta: {
    name: 'export',
    description:
      'Write the events of a dataset to a file, straight from the database. See docs/moving-data.md.',
  },
  args: {
    dataset: { type: 'string', description: 'The dataset, such as llmCalls' },
    project: { type: 'string', description: 'The project. Default: TELLTALE_PROJECT, else default' },
    from: { type: 'string', description: 'The first time, such as 2026-05-04. Default: the oldest event' },
    to: { type: 'string', description: 'The first time that is left out. Default: up to the newest event' },
    cursor: { type: 'string', description: 'Continue after this event: its timestamp and id, with a comma' },
    format: { type: 'string', description: 'jsonl, csv or parquet', default: 'jsonl' },
    output: { type: 'string', description: 'The file. Default: standard output' },
    database: { type: 'string', description: 'This database in place of DATABASE_URL' },
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale export --dataset llmCalls --output calls.jsonl', 'Write all model calls as JSON Lines'],
    [
      'telltale export --dataset errorLogs --from 2026-05-01 --to 2026-06-01 --output may.parquet',
      'Write the errors of a month to a Parquet file',
    ],
  ],
  run: ({ args }) =>
    withClearFailures(async () => {
      const { dataset, output: file = null } = args;
      if (dataset === undefined) throw new UsageError('--dataset is missing: give one, such as llmCalls.');
      const format = readFormat(args.format, file);
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
      const url = args.database ?? loadConfig(process.env).databaseUrl;
      const store = await openSource(url);
      const progress = createProgress('Exporting', process.stderr, () => performance.now());
      try {
        await expectProject(store, projectId);
        const job = { store, scope, format, file, output: process.stdout, progress };
        const summary = await exportDataset(job);
        progress.finish();
        // Standard output has the events if no file has them.
        const output = file === null ? process.stderr : process.stdout;
        const from = withoutPassword(url);
        printResult({ database: from, ...summary }, { json: args.json, render: renderExport, output });
      } finally {
        progress.finish();
        await store.close();
      }
    }),
});

function readFormat(text: string, file: string | null): ExportFormat {
  const format = FORMATS.find((name) => name === text);
  if (format === undefined) throw new UsageError(`--format: ${text} is none of ${FORMATS.join(', ')}.`);
  if (format === 'parquet' && file === null)
    throw new UsageError('--output is missing: a Parquet file cannot be written to standard output.');
  return format;
}

function renderExport({ rows, dataset, project, file, cursor }: ExportSummary): string {
  const where = file === null ? '' : ` to ${file}`;
  const next = cursor === null ? '' : `The last one is ${cursor}\n`;
  return `${rows.toLocaleString('en')} events of ${dataset} of the project ${project}${where}\n${next}`;
}
