import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ColumnValue } from '../core/dataset/column.ts';
import { ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../core/dataset/rollup-set.ts';
import { defined } from '../core/defined.ts';
import { type Filter, matches } from '../core/filter.ts';
import { SUMS_BYTES } from '../core/rollup/cell.ts';
import { dimensionKeyOf, dimensionSetName } from '../core/rollup/fold.ts';
import type { SqlFunctions } from '../storage/dialect/functions.ts';
import { parseStored } from '../storage/stored-json.ts';
import { isOfCells, type Segment } from './cover.ts';
import type { ResolvedMeasure } from './measures.ts';
import type { ReadContext, SqlContext } from './read-context.ts';
import type { QuerySpec } from './spec.ts';

/**
 * A cell: bucket, dimension key, row count, success count, and the lengths of its sums and its
 * histograms in bytes.
 */
export type CellEntry = readonly [number, string, number, number, number, number];

/**
 * Cells that the database returned in one row. Their binary columns are concatenated, in the order
 * of the entries.
 */
export interface CellPack {
  readonly entries: readonly CellEntry[];
  /**
   * For each cell, the requested stretch, or as much of it as the cell has; or all sums (see
   * `Cells`).
   */
  readonly sums: Uint8Array;
  /** Null if no quantiles are wanted. */
  readonly histograms: Uint8Array | null;
}

/** Which cells to read, and which parts of them. */
export interface WantedCells {
  readonly spec: QuerySpec;
  readonly set: RollupSet;
  readonly segments: readonly Segment[];
  readonly measures: readonly Pick<ResolvedMeasure, 'sumsPosition' | 'quantiles'>[];
}

/** A stretch of the sums of a cell, in bytes. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
}

/** An estimate, per character of JSON. */
const PARSE_MICROSECONDS = 0.01;
/** SQLite returns null for an empty blob. */
const NOTHING = new Uint8Array(0);
/**
 * The number of buckets of one grain per pack, which makes some hundred kilobytes to a few
 * megabytes.
 */
const BUCKETS_PER_PACK = 128;

/**
 * The cells of the segments, one pack per row. One row per cell would take five times as long to
 * transfer from a thread or a server. If several writers wrote the same cell, it has one entry per
 * writer.
 */
export function cellsQuery(context: SqlContext, wanted: WantedCells) {
  const { functions } = context;
  const histograms = wanted.measures.some(({ quantiles }) => quantiles.length > 0);
  const stretch = sumsStretchOf(functions, wanted.measures);
  const length = (name: string) => sql`octet_length(${cellColumn(name)})`;
  const entry = [
    ...['bucket', 'dimension_key', 'row_count', 'success_count'].map(cellColumn),
    length('sums'),
    ...(histograms ? [length('histograms')] : []),
  ];
  return selectCells(context, wanted)
    .groupBy('stretch.number')
    .select([
      functions.jsonRows(entry).as('entries'),
      functions.concatenatedBytes(stretch === null ? cellColumn('sums') : partOfSums(stretch)).as('sums'),
      ...(histograms ? [functions.concatenatedBytes(cellColumn('histograms')).as('histograms')] : []),
    ]);
}

/**
 * From the first of these measures to the last one: cells keep the sums of all measures of the
 * dataset. Null where cells are written with dense sums. Dense sums are short, and the position of
 * a measure in them depends on the measures before it.
 */
function sumsStretchOf(
  { cellSums }: Pick<SqlFunctions, 'cellSums'>,
  measures: readonly Pick<ResolvedMeasure, 'sumsPosition'>[],
): Stretch | null {
  if (cellSums === 'DENSE') return null;
  if (measures.length === 0) return { start: 0, length: 0 };
  const positions = measures.map(({ sumsPosition }) => sumsPosition);
  const first = Math.min(...positions);
  return { start: first * SUMS_BYTES, length: (Math.max(...positions) - first + 1) * SUMS_BYTES };
}

/** Dense sums come whole. They come from copies and archives of SQLite. */
function partOfSums({ start, length }: Stretch): RawBuilder<unknown> {
  const sums = cellColumn('sums');
  const areDoubles = sql`octet_length(${sums}) % ${sql.lit(SUMS_BYTES)} = 0`;
  const part = sql`substr(${sums}, ${sql.lit(start + 1)}, ${sql.lit(length)})`;
  return sql`case when ${areDoubles} then ${part} else ${sums} end`;
}

const cellColumn = (name: string) => sql.ref(`cell.${name}`);

function selectCells(
  { query, functions }: SqlContext,
  { spec, set, segments }: Omit<WantedCells, 'measures'>,
) {
  const table = functions.parameterTable(
    { grain: 'text', from: 'integer', to: 'integer' },
    packsOf(segments),
  );
  const stretches = query.selectFrom(table.as('stretch'));
  return functions.joinEach(
    stretches,
    'rollup_cells',
    'cell',
    [
      sql`${cellColumn('project_id')} = ${spec.projectId}`,
      sql`${cellColumn('dataset')} = ${spec.dataset.name}`,
      sql`${cellColumn('dimension_set')} = ${dimensionSetName(set)}`,
      sql`${cellColumn('grain')} = ${sql.ref('stretch.grain')}`,
      sql`${cellColumn('bucket')} >= ${sql.ref('stretch.from')}`,
      sql`${cellColumn('bucket')} < ${sql.ref('stretch.to')}`,
      ...keysAre(cellColumn('dimension_key'), wantedKeys(spec.filter, set)),
    ],
    withinSegments(segments),
  );
}

/** A condition that the cells lie in the ranges of the segments. */
const withinSegments = (segments: readonly Segment[]): RawBuilder<SqlBool> => {
  const [grain, bucket] = [cellColumn('grain'), cellColumn('bucket')];
  const stretches = segments
    .filter(isOfCells)
    .flatMap(({ source, ranges }) =>
      ranges.map(
        ({ from, to }) => sql`(${grain} = ${source} and ${bucket} >= ${from} and ${bucket} < ${to})`,
      ),
    );
  return sql`(${sql.join(stretches, sql` or `)})`;
};

/** The condition on the keys of cells; empty if every key may be wanted. */
function keysAre(key: RawBuilder<unknown>, wanted: readonly string[] | null): RawBuilder<SqlBool>[] {
  if (wanted === null) return [];
  return [wanted.length === 0 ? sql`false` : sql`${key} in (${sql.join(wanted)})`];
}

/**
 * The keys of the cells that match the filter, if the set has one dimension and the filter names
 * its values. Without this, a question about one of ten thousand metrics would read the cells of
 * all the others in vain. Null: the filter must be applied to every key.
 */
function wantedKeys(filter: Filter | null, { dimensions }: RollupSet): readonly string[] | null {
  return filter === null || dimensions.length !== 1 ? null : namedKeys(filter);
}

/** All keys that match the filter, and perhaps more; null if the filter does not name them. */
function namedKeys(filter: Filter): readonly string[] | null {
  if (filter.kind !== 'test') {
    const keys = filter.all.map(namedKeys);
    if (filter.kind === 'and') return keys.find((some) => some !== null) ?? null;
    return keys.every((some) => some !== null) ? [...new Set(keys.flat())] : null;
  }
  if (filter.negated || (filter.operator !== 'eq' && filter.operator !== 'in')) return null;
  const values = Array.isArray(filter.value) ? filter.value : [filter.value];
  return values.map((value) => dimensionKeyOf([value]));
}

/** Splits the ranges of cells into stretches of one pack each. */
function packsOf(segments: readonly Segment[]): { grain: RollupGrain; from: number; to: number }[] {
  return segments.filter(isOfCells).flatMap(({ source, ranges }) => {
    const width = BUCKETS_PER_PACK * ROLLUP_WIDTH_MS[source];
    return ranges.flatMap(({ from, to }) =>
      Array.from({ length: Math.ceil((to - from) / width) }, (_, index) => ({
        grain: source,
        from: from + index * width,
        to: Math.min(from + (index + 1) * width, to),
      })),
    );
  });
}

/**
 * The cells that a question reads. Its filter and grouping are applied to each distinct key once.
 */
export interface Cells {
  readonly packs: readonly CellPack[];
  /** The part of each cell's sums that is in the packs, unless the sums are dense; null: all. */
  readonly stretch: Stretch | null;
  readonly count: number;
  /**
   * The values of the grouping's dimensions; null if cells with this key do not match the filter.
   */
  valuesOf(dimensionKey: string): readonly ColumnValue[] | null;
}

export async function readCells(context: ReadContext, wanted: WantedCells): Promise<Cells> {
  const rows = await cellsQuery(context, wanted).execute();
  const packs: CellPack[] = [];
  for (const { entries, sums, histograms = null } of rows) {
    if (typeof entries === 'string') await context.pass(entries.length * PARSE_MICROSECONDS);
    packs.push({ entries: parseStored(entries) as CellEntry[], sums: sums ?? NOTHING, histograms });
  }
  const count = packs.reduce((total, { entries }) => total + entries.length, 0);
  const stretch = sumsStretchOf(context.functions, wanted.measures);
  return { packs, stretch, count, valuesOf: keyReader(wanted.spec, wanted.set) };
}

/**
 * How many rows the cells of each key count. The database adds them up, because there are many
 * cells but few keys.
 */
export async function readKeyCounts(
  context: SqlContext,
  wanted: Omit<WantedCells, 'measures'>,
): Promise<{ readonly values: readonly ColumnValue[]; readonly rowCount: number }[]> {
  const rows = await selectCells(context, wanted)
    .groupBy('cell.dimension_key')
    .select([
      'cell.dimension_key as key',
      sql<number | string>`sum(${cellColumn('row_count')})`.as('row_count'),
    ])
    .execute();
  const valuesOf = keyReader(wanted.spec, wanted.set);
  return rows.flatMap((row) => {
    const values = valuesOf(row.key);
    return values === null ? [] : [{ values, rowCount: Number(row.row_count) }];
  });
}

function keyReader(spec: QuerySpec, set: RollupSet): Cells['valuesOf'] {
  const position = new Map(set.dimensions.map((name, index) => [name, index]));
  const grouping = spec.dimensions.map((name) => defined(position.get(name)));
  return (dimensionKey) => {
    const values = parseStored(dimensionKey) as ColumnValue[];
    const read = (field: string): ColumnValue => values[defined(position.get(field))] ?? null;
    if (spec.filter !== null && !matches(spec.filter, read)) return null;
    return grouping.map((index) => values[index] ?? null);
  };
}
