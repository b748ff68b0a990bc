import type { Dataset } from '../../core/dataset/dataset.ts';
import { numberAt, type Row } from '../../core/dataset/row.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { TelltaleError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import { readHorizons } from '../../storage/horizons.ts';
import type { Store } from '../../storage/store.ts';
import {
  keyOf,
  type MovedRow,
  readSame,
  readShapes,
  type StoredShape,
  toEvent,
  writeRows,
} from '../stored-tables.ts';
import {
  damaged,
  END,
  type End,
  MANIFEST,
  type Manifest,
  PRICES,
  READ_FORMATS,
  readLine,
} from './contents.ts';
import { readMembers } from './read-archive.ts';

export interface RestoreOptions {
  /** Must be opened with `datasets`, and additionally with each of them `withoutRollups`. */
  readonly store: Store;
  readonly file: string;
  /** The project that receives the rows; null: that of the archive. */
  readonly projectId: string | null;
  readonly datasets: readonly Dataset[];
  /** States with a declaration. */
  readonly states: readonly EntityTable[];
  readonly withoutRollups: (dataset: Dataset) => Dataset;
  /** Creates the project unless it exists. */
  readonly ensureProject: (project: Manifest['project']) => Promise<void>;
  /** The id of the state that a rule keeps for a group. */
  readonly groupId: (owner: { projectId: string; ruleId: string }, labels: Record<string, string>) => string;
  /** A secret for a webhook, because the archive does not have its own. */
  readonly newSecret: () => string;
  readonly onRows: (rows: number, table: string) => void;
}

/** The result of a restore. */
export interface RestoreOutcome {
  readonly projectId: string;
  readonly tables: Readonly<Record<string, TableOutcome>>;
  /** The prices that the archive contains; null: none. */
  readonly prices: Buffer | null;
  /** What did not fit, in words. */
  readonly problems: readonly string[];
}

export interface TableOutcome {
  readonly rows: number;
  /** Rows that did not exist before, or that replace smaller totals. */
  readonly stored: number;
}

/**
 * Of two rows with the same key, the one with the larger number stays: positions, horizons and
 * totals only grow.
 */
const LARGER_STAYS: Readonly<Record<string, string>> = {
  alert_counters: 'last',
  retention_horizons: 'instant',
  rollup_cells: 'row_count',
};

/**
 * Stores the rows of an archive. Existing rows stay, so the same archive may be restored again,
 * after an interruption or by mistake.
 *
 * @throws InvalidArgument for a file that is not an archive, is cut off or is of a newer version;
 *   CONFLICT if the project has events from a time for which the archive has only totals
 */
export async function restoreArchive(options: RestoreOptions): Promise<RestoreOutcome> {
  const { store, onRows, datasets } = options;
  const shapes = await readShapes(store);
  const outcomes = new Map<string, TableOutcome>();
  const problems: string[] = [];
  let target: Target | null = null;
  let prices: Buffer | null = null;
  let end: End | null = null;
  let all = 0;
  for await (const { name, content } of readMembers(options.file)) {
    if (target === null) {
      if (name !== MANIFEST) throw damaged(name, `${MANIFEST} is not the first member`);
      target = await begin(options, JSON.parse(content.toString()), problems);
    } else if (name === PRICES) prices = content;
    else if (name === END) end = JSON.parse(content.toString());
    else {
      const table = name.slice(0, name.indexOf('/'));
      const shape = shapes.get(table);
      if (shape === undefined) throw damaged(name, `this version has no table ${table}`);
      const rows = readRows(shape, content, { projectId: target.projectId, member: name });
      const dataset = datasets.find((one) => one.table === table);
      const stored =
        dataset === undefined
          ? await storeRows(target, shape, rows)
          : await storeEvents(target, dataset, rows);
      const before = outcomes.get(table) ?? { rows: 0, stored: 0 };
      outcomes.set(table, { rows: before.rows + rows.length, stored: before.stored + stored });
      all += rows.length;
      onRows(all, table);
    }
  }
  if (target === null) throw damaged(options.file, 'there are no members');
  expectWhole(end, outcomes);
  return { projectId: target.projectId, tables: Object.fromEntries(outcomes), prices, problems };
}

/** Where the rows go. */
interface Target {
  readonly options: RestoreOptions;
  readonly projectId: string;
  /** Whether the project differs from that of the archive. */
  readonly isRenamed: boolean;
  /** The datasets whose totals this server can read. */
  readonly readable: ReadonlySet<string>;
  /** The instant up to which the archive has all totals of a dataset. */
  readonly totalsUntil: (dataset: Dataset) => number;
}

async function begin(options: RestoreOptions, manifest: Manifest, problems: string[]): Promise<Target> {
  const { store, ensureProject } = options;
  if (!READ_FORMATS.includes(manifest.format)) {
    throw damaged(
      MANIFEST,
      `the format is ${manifest.format}, and this version reads ${READ_FORMATS.join(' and ')}`,
    );
  }
  const projectId = options.projectId ?? manifest.project.projectId;
  await ensureProject({ ...manifest.project, projectId });
  await expectNoneBefore(options, projectId, manifest);
  const layouts = await store.prisma.rollupLayout.findMany();
  const readable = layouts.filter(({ dataset, layout }) => manifest.layouts[dataset] === layout);
  const names = new Set(readable.map(({ dataset }) => dataset));
  for (const name of Object.keys(manifest.rowsFrom)) {
    if (!names.has(name)) problems.push(`${name}: the totals of expired events are of another version`);
  }
  return {
    options,
    projectId,
    isRenamed: projectId !== manifest.project.projectId,
    readable: names,
    totalsUntil({ name }) {
      const from = manifest.rowsFrom[name];
      return from === undefined || !names.has(name) ? Number.NEGATIVE_INFINITY : Date.parse(from);
    },
  };
}

/** A horizon of the archive hides everything before it, so the project must have nothing there. */
async function expectNoneBefore(
  { store, datasets }: RestoreOptions,
  projectId: string,
  { rowsFrom }: Manifest,
): Promise<void> {
  for (const dataset of datasets) {
    const from = rowsFrom[dataset.name];
    if (from === undefined) continue;
    const { rows } = await readHorizons(store.query, projectId, dataset);
    if (rows >= Date.parse(from)) continue;
    const found = await store.query
      .selectFrom(dataset.table)
      .select('id')
      .where('project_id', '=', projectId)
      .where('timestamp', '<', store.functions.parameterOf('instant', Date.parse(from)))
      .limit(1)
      .executeTakeFirst();
    if (found === undefined) continue;
    throw new TelltaleError(
      'CONFLICT',
      `The project ${projectId} already has ${dataset.name} from before ${from}, for which the ` +
        'archive has only totals: the two cannot be combined. Restore it into another project: ' +
        '--project NAME.',
    );
  }
}

function readRows(
  shape: StoredShape,
  content: Buffer,
  where: { readonly projectId: string; readonly member: string },
): Record<string, unknown>[] {
  const lines = content.toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => readLine(shape, line, where));
}

async function storeEvents(
  { options: { store, withoutRollups }, isRenamed, projectId, totalsUntil }: Target,
  dataset: Dataset,
  rows: readonly MovedRow[],
): Promise<number> {
  const events = rows.map((row) => toEvent(dataset, isRenamed ? renamed(dataset, row, projectId) : row));
  const until = totalsUntil(dataset);
  // The totals of the archive already include these events.
  const isCounted = (row: Row) => numberAt(row, dataset.at.timestamp) < until;
  const parts = [
    { dataset, rows: events.filter((row) => !isCounted(row)) },
    { dataset: withoutRollups(dataset), rows: events.filter(isCounted) },
  ];
  const [result] = await store.append([{ parts: parts.filter((part) => part.rows.length > 0) }]);
  return result?.fresh.flat().filter(Boolean).length ?? 0;
}

/** An id that is derived from a key is also derived from the project. */
function renamed({ name, columns, naturalKey }: EntityTable, row: MovedRow, projectId: string): MovedRow {
  const key = columns.find((column) => column.name === naturalKey);
  return key === undefined ? row : { ...row, id: derivedId(projectId, name, String(row[key.sqlName])) };
}

async function storeRows(target: Target, shape: StoredShape, rows: readonly MovedRow[]): Promise<number> {
  const { store } = target.options;
  const fitting = rows
    .filter((row) => shape.table !== 'rollup_cells' || target.readable.has(String(row['dataset'])))
    .map((row) => asStored(target, shape, row));
  return store.exclusively(async (transaction) => {
    const present = new Map(
      (await readSame({ query: transaction, functions: store.functions }, shape, fitting)).map((row) => [
        keyOf(shape, row),
        row,
      ]),
    );
    const number = LARGER_STAYS[shape.table];
    const fresh = fitting.filter((row) => {
      const old = present.get(keyOf(shape, row));
      return old === undefined || (number !== undefined && Number(row[number]) > Number(old[number]));
    });
    await writeRows(transaction, store.functions, { shape, rows: fresh, existing: 'REPLACE' });
    return fresh.length;
  });
}

/** A state as this server stores it. */
function asStored(
  { options: { states, groupId, newSecret }, isRenamed, projectId }: Target,
  { table }: StoredShape,
  row: MovedRow,
): MovedRow {
  const safe = table === 'webhooks' ? { ...row, enabled: false, secret: newSecret() } : row;
  if (!isRenamed) return safe;
  if (table === 'alert_states') {
    const owner = { projectId, ruleId: String(row['rule_id']) };
    return { ...safe, id: groupId(owner, row['labels'] as Record<string, string>) };
  }
  const state = states.find((one) => one.table === table);
  return state === undefined ? safe : renamed(state, safe, projectId);
}

function expectWhole(end: End | null, outcomes: ReadonlyMap<string, TableOutcome>): void {
  if (end === null) throw damaged(END, 'the archive is cut off: everything before the cut is stored');
  for (const [table, rows] of Object.entries(end.rows)) {
    const found = outcomes.get(table)?.rows ?? 0;
    if (found !== rows) throw damaged(END, `${table} should have ${rows} rows, and has ${found}`);
  }
}
