import { datasets } from '../declarations/registry.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { identifyContent } from './import/content-id.ts';
import { openTarget } from './import/open-target.ts';
import { createMapping, TARGET_ARGUMENTS, UsageError } from './import/options.ts';
import type { Preset } from './import/presets/preset.ts';
import { presetNamed, readByPreset } from './import/presets/presets.ts';
import { FILE_FORMATS, type FileFormat, openRecords } from './import/records.ts';
import { runImport } from './import/run.ts';
import { renderRejections, renderSummary } from './import/summary.ts';
import type { Target } from './import/target.ts';
import { JSON_ARGUMENT, printResult } from './output.ts';
import { defineCommand } from './program/define-command.ts';
import { createProgress } from './progress.ts';

/** `telltale import csv FILE …`: records the rows of a file through the ingest path. */
export const importCommand = defineCommand({
  meta: {
    name: 'import',
    description:
      'Record the rows of a CSV, JSON Lines or Parquet file, restore an archive of a project, or import ' +
      'the SQLite file of another program. See docs/importing.md.',
  },
  args: {
    format: { type: 'positional', description: 'csv, jsonl, parquet, archive, or legacy', required: true },
    file: { type: 'positional', description: 'The file', required: true },
    dataset: { type: 'string', description: 'The dataset of the rows', default: 'llmCalls' },
    map: { type: 'string', description: 'column=Field,…: fields that have another name in the file' },
    set: { type: 'string', description: 'column=value,…: the same value for every row' },
    'time-zone': {
      type: 'string',
      description: 'IANA zone or offset for times without one',
      default: 'UTC',
    },
    preset: {
      type: 'string',
      description: 'The export comes from langfuse, helicone, litellm, openai-usage or anthropic-usage',
    },
    delimiter: {
      type: 'string',
      description: 'The character between the fields of a CSV; "tab" for a tab',
      default: ',',
    },
    project: {
      type: 'string',
      description: 'The project to record into. Default: TELLTALE_PROJECT; for an archive, its own',
    },
    prices: { type: 'string', description: 'archive: write the prices that it contains to this file' },
    ...TARGET_ARGUMENTS,
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale import csv calls.csv', 'Record model calls whose fields are named like columns'],
    [
      'telltale import jsonl logs.jsonl --dataset=requestLogs --map=latencyMs=duration_ms --set=service=shop',
      'Record another dataset, with a renamed field and one value for all rows',
    ],
    [
      'telltale import csv calls.csv --url=https://telltale.example.com/graphql',
      'Send them to a server, with the key of TELLTALE_API_KEY',
    ],
    ['telltale import archive shop.telltale.tar.gz', 'Restore everything about a project'],
    ['telltale import jsonl export.jsonl --preset=helicone', "Record the calls in another program's export"],
    [
      'telltale import legacy dashboard.db --set=repository=acme/shop',
      'Import the SQLite file of another program',
    ],
  ],
  async run({ args }) {
    const { format, file } = args;
    if (format === 'archive') {
      const { importArchive } = await import('./import/archive.ts');
      return importArchive(args);
    }
    if (format === 'legacy') {
      const { importLegacy } = await import('./import/legacy.ts');
      return importLegacy(args);
    }
    if (!isFileFormat(format))
      throw new UsageError(
        `The format must be one of ${FILE_FORMATS.join(', ')}, archive and legacy, not ${format}.`,
      );
    const timeZone = args['time-zone'];
    const preset = readPreset(args);
    const mapping = createMapping(
      { dataset: args.dataset, map: args.map, set: args.set, timeZone },
      datasets,
    );
    const content = await identifyContent(file, mapping.dataset.name, format !== 'parquet');
    const target = await openTarget(args);
    try {
      process.stderr.write(`Importing ${file} as ${mapping.dataset.name} into ${target.description}\n`);
      await importFile({
        format,
        file,
        delimiter: readDelimiter(args.delimiter),
        mapping,
        preset,
        content,
        target,
        json: args.json,
      });
    } finally {
      await target.close();
    }
  },
});

/** @throws UsageError if flags contradict the preset */
function readPreset({
  preset,
  map,
  dataset,
}: {
  readonly preset?: string | undefined;
  readonly map?: string | undefined;
  readonly dataset: string;
}): Preset | null {
  if (preset === undefined) return null;
  if (map !== undefined) throw new UsageError('Give --preset or --map, not both: a preset knows the fields.');
  if (dataset !== 'llmCalls') throw new UsageError(`--dataset: a preset imports llmCalls, not ${dataset}.`);
  return presetNamed(preset);
}

const isFileFormat = (text: string): text is FileFormat => FILE_FORMATS.some((format) => format === text);

function readDelimiter(text: string): string {
  const delimiter = text === 'tab' || text === '\\t' ? '\t' : text;
  if (delimiter.length !== 1) throw new UsageError(`--delimiter: "${text}" is not one character.`);
  return delimiter;
}

interface FileImport {
  readonly format: FileFormat;
  readonly file: string;
  readonly delimiter: string;
  readonly mapping: Parameters<typeof runImport>[0]['mapping'];
  readonly preset: Preset | null;
  readonly content: { readonly size: number; readonly id: string };
  readonly target: Target;
  /** Whether a program reads the result. */
  readonly json: boolean;
}

/** Exits with `problems` if rows were rejected, so that a script notices a partial import. */
async function importFile(job: FileImport): Promise<void> {
  const { format, file, delimiter, mapping, preset, content, target, json } = job;
  const start = performance.now();
  const records = openRecords(file, format, delimiter);
  const read = preset === null ? null : readByPreset(records.records, preset, mapping.timeZone);
  const progress = createProgress('Importing', process.stderr, () => performance.now());
  try {
    const result = await runImport({
      format,
      file: { ...records, ...(read !== null && { records: read.records }) },
      size: content.size,
      fileId: content.id,
      mapping,
      target,
      progress,
      onUnused: (fields) => process.stderr.write(`Fields that are not imported: ${fields.join(', ')}\n`),
    });
    const seconds = (performance.now() - start) / 1000;
    const leftOut = read?.leftOut() ?? 0;
    const leftOutLines =
      preset !== null && leftOut > 0
        ? [`${leftOut.toLocaleString('en')} ${preset.leftOut}, and were left out.`]
        : [];
    printResult(
      { file, dataset: mapping.dataset.name, ...result, leftOut },
      {
        json,
        render: () =>
          [...renderRejections(result), ...leftOutLines, renderSummary(result, seconds), ''].join('\n'),
      },
    );
    if (result.rejected > 0) process.exitCode = EXIT_CODES.problems;
  } finally {
    progress.finish();
    records.close();
  }
}
