import { InvalidArgument } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { parseTimestamp } from '../../core/time/parse-timestamp.ts';
import type { MovedValue, StoredKind } from '../../storage/dialect/functions.ts';
import type { MovedRow, StoredShape } from '../stored-tables.ts';

/** Must change when an archive changes its meaning. Since 2, the sums of cells may be dense. */
export const ARCHIVE_FORMAT = 2;
/** The formats that this version can read. */
export const READ_FORMATS: readonly number[] = [1, ARCHIVE_FORMAT];
export const MANIFEST = 'manifest.json';
export const PRICES = 'settings/prices.json';
/** The last member. An archive without it is incomplete. */
export const END = 'end.json';

/** What an archive says about itself before its rows. */
export interface Manifest {
  readonly format: number;
  /** The version of telltale that made it. */
  readonly madeBy: string;
  readonly madeAt: string;
  readonly project: { readonly projectId: string; readonly name: string; readonly ipAddresses: string };
  /**
   * The instant from which the rows of a dataset are complete; older ones may have expired. By
   * dataset.
   */
  readonly rowsFrom: Readonly<Record<string, string>>;
  /**
   * The contents of the cells of a dataset: they fit only a server with the same layout. By
   * dataset.
   */
  readonly layouts: Readonly<Record<string, string>>;
  /** What the archive does not contain, in words. */
  readonly leftOut: readonly string[];
}

/** The number of rows of each table in the archive. */
export interface End {
  readonly rows: Readonly<Record<string, number>>;
}

/** Tables of a project that stay where they are. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'api_keys',
  'project_removals',
  'projects',
  'row_corrections',
]);

/** Columns that nobody may see. */
export const SECRET_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  webhooks: ['secret', 'previous_secret', 'previous_secret_until'],
};

export const LEFT_OUT_IN_WORDS: readonly string[] = [
  'API keys and read tokens: create new ones',
  'the secrets of webhooks, and urls that are secrets: the webhooks are restored disabled, with a ' +
    'new secret',
  'pending deliveries',
  'totals of the time whose events are included: they are computed from the events',
];

/** The tables of an archive in their order: settings, then states, then totals, then events. */
export function archivedTables(
  shapes: ReadonlyMap<string, StoredShape>,
  eventTables: ReadonlySet<string>,
): readonly StoredShape[] {
  const rank = ({ table }: StoredShape) =>
    table.startsWith('retention_') ? 0 : eventTables.has(table) ? 3 : table === 'rollup_cells' ? 2 : 1;
  return [...shapes.values()]
    .filter(({ table, columns }) => columns.some(({ name }) => name === 'project_id') && !LEFT_OUT.has(table))
    .sort((one, other) => rank(one) - rank(other));
}

/** A row as a line of an archive: without its project, and with times as ISO 8601. */
export function writeLine({ table, columns }: StoredShape, row: MovedRow): string {
  const secret = SECRET_COLUMNS[table] ?? [];
  const values = columns
    .filter(({ name }) => name !== 'project_id' && !secret.includes(name))
    .map(({ name, kind }) => [name, kind === 'instant' ? toIso(row[name]) : row[name]]);
  return `${JSON.stringify(Object.fromEntries(values))}\n`;
}

const toIso = (value: MovedValue): string | null =>
  value === null ? null : new Date(Number(value)).toISOString();

/**
 * A line of an archive as a row of the project. Columns that an older version did not have are
 * null.
 *
 * @param member the name of the member, for errors
 * @throws InvalidArgument if the line is damaged, or has something that this version does not know
 */
export function readLine(
  shape: StoredShape,
  line: string,
  { projectId, member }: { readonly projectId: string; readonly member: string },
): Record<string, MovedValue> {
  const given = parseLine(line, member);
  const row: Record<string, MovedValue> = {};
  for (const { name, kind } of shape.columns) {
    const value = given[name] ?? null;
    if (!FITS[kind](value)) throw damaged(member, `${name} has ${JSON.stringify(value)?.slice(0, 60)}`);
    row[name] = kind === 'instant' && value !== null ? parseTimestamp(String(value)) : value;
  }
  const unknown = Object.keys(given).find((name) => !(name in row));
  if (unknown !== undefined) throw damaged(member, `this version has no column ${unknown}`);
  return { ...row, project_id: projectId };
}

const FITS: Readonly<Record<StoredKind, (value: unknown) => boolean>> = {
  text: (value) => value === null || typeof value === 'string',
  number: (value) => value === null || Number.isFinite(value),
  boolean: (value) => value === null || typeof value === 'boolean',
  instant: (value) => value === null || !Number.isNaN(parseTimestamp(String(value))),
  json: () => true,
  bytes: (value) => value === null || typeof value === 'string',
};

function parseLine(line: string, member: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw damaged(member, 'a line is not JSON');
  }
  if (!isObject(parsed)) throw damaged(member, 'a line is not a JSON object');
  return parsed;
}

/** The error for an archive that cannot be used. */
export const damaged = (member: string, why: string): InvalidArgument =>
  new InvalidArgument(`The archive cannot be used: in ${member}, ${why}.`, 'file');
