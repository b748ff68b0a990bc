import { type Column, mayBeAbsent } from '../../core/dataset/column.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { hasTags, isTag, TAGS, tagKey, tagName } from '../../core/dataset/tag.ts';
import { InvalidArgument, TelltaleError } from '../../core/errors.ts';
import { isTimeZone } from '../../core/time/zone.ts';

/**
 * A mistake in the arguments of the command or in its file. The message says everything that the
 * user needs.
 */
export class UsageError extends TelltaleError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super('BAD_USER_INPUT', message);
  }
}

/** The flags that choose the target of events. */
export const TARGET_ARGUMENTS = {
  url: { type: 'string', description: 'GraphQL endpoint of a running server' },
  database: {
    type: 'string',
    valueHint: 'URL',
    description: 'Write to this database (file:… or postgresql://…) without a server',
  },
} as const;

/** The sources of the columns' values. */
export interface Mapping {
  readonly dataset: Dataset;
  /** `--map`: column, or `tags.` and the key of a tag → field of the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** `--set`: column, or `tags.` and the key of a tag → the same text for every row. */
  readonly constants: ReadonlyMap<string, string>;
  /** Time zone of times without one: an IANA name or an offset. */
  readonly timeZone: string;
}

export interface MappingOptions {
  readonly dataset: string;
  readonly map?: string | undefined;
  readonly set?: string | undefined;
  readonly timeZone: string;
}

/**
 * Reads `column=value,column=value`. A comma only separates where a name and `=` follow, so values
 * may hold commas.
 *
 * @throws UsageError that names the flag.
 */
export function parseAssignments(flag: string, text: string): Map<string, string> {
  const assignments = new Map<string, string>();
  if (text.trim() === '') return assignments;
  for (const part of text.split(/,(?=\s*[A-Za-z][\w.-]*\s*=)/)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (equals < 1 || value === '') {
      throw new UsageError(`${flag}: "${part.trim()}" is not of the form column=value.`);
    }
    if (assignments.has(name)) throw new UsageError(`${flag}: ${name} is given twice.`);
    assignments.set(name, value);
  }
  return assignments;
}

/**
 * Checks the flags against the datasets' declarations.
 *
 * @throws UsageError for an unknown dataset, column or time zone, or a column that is both mapped
 *   and set.
 */
export function createMapping(options: MappingOptions, datasets: readonly Dataset[]): Mapping {
  const dataset = datasetNamed(options.dataset, datasets);
  const fields = parseAssignments('--map', options.map ?? '');
  const constants = parseAssignments('--set', options.set ?? '');
  for (const [flag, names] of [['--map', fields] as const, ['--set', constants] as const]) {
    for (const name of names.keys()) assertInputColumn(flag, dataset, name);
  }
  const both = [...fields.keys()].find((name) => constants.has(name));
  if (both !== undefined) throw new UsageError(`${both} is in --map and in --set: choose one.`);
  assertTagsOnce([...fields.keys(), ...constants.keys()]);
  assertTimeZone(options.timeZone);
  return { dataset, fields, constants, timeZone: options.timeZone };
}

/** @throws UsageError without such a dataset */
export function datasetNamed(wanted: string, datasets: readonly Dataset[]): Dataset {
  const dataset = datasets.find(({ name }) => name === wanted);
  if (dataset !== undefined) return dataset;
  const known = datasets.map(({ name }) => name).join(', ');
  throw new UsageError(`--dataset: there is no dataset ${wanted}. There are: ${known}.`);
}

function assertInputColumn(flag: string, dataset: Dataset, name: string): void {
  const inputs = inputColumns(dataset).map((column) => column.name);
  if (inputs.includes(name)) return;
  if (isTag(name) && hasTags(dataset)) {
    assertTagKey(flag, name);
    return;
  }
  throw new UsageError(`${flag}: ${dataset.name} takes no column ${name}. It takes: ${inputs.join(', ')}.`);
}

function assertTagKey(flag: string, name: string): void {
  try {
    tagName(tagKey(name), flag);
  } catch (error) {
    if (!(error instanceof InvalidArgument)) throw error;
    throw new UsageError(error.message);
  }
}

/** A single tag and the whole `tags` would contradict each other. */
function assertTagsOnce(names: readonly string[]): void {
  const single = names.find(isTag);
  if (single === undefined || !names.includes(TAGS)) return;
  throw new UsageError(`${single} is a part of ${TAGS}, which is also given: choose one.`);
}

/** @throws UsageError that names the flag */
export function assertTimeZone(timeZone: string): void {
  if (isTimeZone(timeZone)) return;
  throw new UsageError(
    `--time-zone: ${timeZone} is neither an IANA time zone, such as UTC or Europe/Berlin, nor ` +
      'an offset, such as +05:30.',
  );
}

/** The columns that an event or a state may contain. */
export function inputColumns({ columns }: Pick<EntityTable, 'columns'>): readonly Column[] {
  return columns.filter((column) => column.source !== 'server');
}

/** The columns that every event or state must contain. */
export function requiredColumns({ columns }: Pick<EntityTable, 'columns'>): readonly Column[] {
  return columns.filter((column) => !mayBeAbsent(column));
}
