import { createGroups, type GroupCount, type Groups } from './accumulator.ts';
import { type Cells, readCells } from './cells.ts';
import { isOfRows } from './cover.ts';
import { countCells, type FoldTarget, foldCells } from './fold-cells.ts';
import { largestGroups } from './group-order.ts';
import { checkAddable, isAddable, type ResolvedMeasure } from './measures.ts';
import { hasManyValues } from './plan-cost.ts';
import type { Question } from './question.ts';
import { addLargestRows, addRankedRows, addRows, addRowsToCells, countRows, type RowsTarget } from './raw.ts';
import { addBinnedRows } from './raw-bins.ts';
import type { Ranking } from './raw-ranking.ts';
import { cutAtBoundaries, type KeptGroups, type Piece, type RowsPart, type RowsQuestion } from './raw-sql.ts';
import { type ReadContext, rowsContext } from './read-context.ts';
import type { QuerySpec } from './spec.ts';

/**
 * Which groups an answer has:
 * - `all`: every group. With `parts`, its totals can be merged into larger ones. Quantiles then
 *   come as histograms, even from rows, and not as exact values.
 * - `ranked`: the first groups of an order, among those that are large enough.
 * - `largest`: the groups with the most rows; the rest together.
 * - `chosen`: these groups; the rest together.
 */
export type Selection =
  | { readonly kind: 'all'; readonly parts?: true }
  | ({ readonly kind: 'ranked' } & Ranking)
  | { readonly kind: 'largest'; readonly top: number }
  | { readonly kind: 'chosen'; readonly groups: NonNullable<KeptGroups> };

/** What was read and added up. */
export interface Aggregation {
  readonly groups: Groups;
  /** The groups of `largest`, most rows first, or of `chosen`; null for the other selections. */
  readonly kept: KeptGroups;
  /** Cells and rows that were read. */
  readonly rowsRead: number;
  /** How many of them are archived rows. Default: 0. */
  readonly archivedRows?: number;
}

/**
 * Reads what the plan says and adds it up. For `ranked`, the caller sorts and limits the groups of
 * cells, because cells return all groups. Raw rows return only the requested groups.
 */
export async function execute(
  context: ReadContext,
  { spec, measures, plan }: Question,
  selection: Selection,
): Promise<Aggregation> {
  const parts = rowsOf(context, { spec, plan });
  const [rows = { context, spec, pieces: [] }] = parts;
  const { set, segments } = plan;
  if (set === null && parts.length < 2) {
    const atOnce = plan.kind === 'COLUMNS' && (await aggregateAtOnce(context, rows, { measures, selection }));
    const found = atOnce || (await aggregateRows(context, rows, { measures, selection }));
    return { ...found, archivedRows: plan.kind === 'ARCHIVE' ? found.rowsRead : 0 };
  }
  if (parts.length > 1) checkAddable(measures);

  const reading = set === null ? null : readCells(context, { spec, set, segments, measures });
  const kept =
    selection.kind === 'largest'
      ? await chooseLargest(context, { spec, parts }, { cells: await reading, top: selection.top })
      : chosenBy(selection);
  const groups = createGroups({ measures, histograms: true, kept, count: context.count });
  const [cells, ...counts] = await Promise.all([
    reading === null ? 0 : foldWhenRead(context, reading, { spec, measures, groups }),
    ...parts.map((part) => (isNothing(kept, part.pieces) ? 0 : addPart(part, { measures, kept, groups }))),
  ]);
  const archived = parts.findIndex(({ origin }) => origin === 'ARCHIVE');
  const rowsRead = counts.reduce((sum, count) => sum + count, cells);
  return { groups, kept, rowsRead, archivedRows: counts[archived] ?? 0 };
}

/** Adds rows to cells, or to rows from another origin. */
const addPart = (part: RowsPart, target: RowsTarget): Promise<number> =>
  target.measures.some(({ edges }) => edges !== null)
    ? addBinnedRows(part, target)
    : addRowsToCells(part, target);

/** The rows that the plan reads, by origin; empty if it reads none. */
export function rowsOf(
  context: ReadContext,
  { spec, plan: { segments } }: Pick<Question, 'spec' | 'plan'>,
): readonly RowsPart[] {
  return segments.filter(isOfRows).map(({ source, ranges }) => ({
    ...{ origin: source, context: rowsContext(context, source), spec },
    pieces: cutAtBoundaries(ranges, spec.boundaries),
  }));
}

async function foldWhenRead(
  context: ReadContext,
  reading: Promise<Cells>,
  target: FoldTarget,
): Promise<number> {
  const cells = await reading;
  await foldCells(context, cells, target);
  return cells.count;
}

/** There are no rows to read: no pieces, or no groups to keep. */
const isNothing = (kept: KeptGroups, pieces: readonly Piece[]): boolean =>
  pieces.length === 0 || kept?.length === 0;

/** What is asked of the rows. */
interface Wanted {
  readonly measures: readonly ResolvedMeasure[];
  readonly selection: Selection;
}

/**
 * The groups with the most rows, in one pass, if their totals suffice. Quantiles and distinct
 * values of several groups together need the rows. Null if totals do not suffice or there are many
 * groups.
 */
async function aggregateAtOnce(
  context: ReadContext,
  rows: RowsQuestion,
  { measures, selection }: Wanted,
): Promise<Aggregation | null> {
  const { dataset, dimensions } = rows.spec;
  if (selection.kind !== 'largest' || dimensions.length === 0 || !measures.every(isAddable)) return null;
  if (hasManyValues(dataset, dimensions) || rows.pieces.length === 0) return null;
  const found = await addLargestRows(rows, { measures, top: selection.top }, (kept) => ({
    ...{ measures, kept },
    groups: createGroups({ measures, histograms: false, kept, count: context.count }),
  }));
  return found && { ...found.target, rowsRead: found.rowsRead };
}

async function aggregateRows(
  context: ReadContext,
  rows: RowsQuestion,
  { measures, selection }: Wanted,
): Promise<Aggregation> {
  const kept =
    selection.kind === 'largest'
      ? await chooseLargest(context, { spec: rows.spec, parts: [rows] }, { cells: null, top: selection.top })
      : chosenBy(selection);
  const areParts = selection.kind === 'all' && selection.parts === true;
  const groups = createGroups({ measures, histograms: areParts, kept, count: context.count });
  const target = { measures, kept, groups };
  if (isNothing(kept, rows.pieces)) return { groups, kept, rowsRead: 0 };
  if (areParts) return { groups, kept, rowsRead: await addRowsToCells(rows, target) };
  if (measures.some(({ edges }) => edges !== null))
    return { groups, kept, rowsRead: await addBinnedRows(rows, target) };
  const rowsRead =
    selection.kind === 'ranked' ? await addRankedRows(rows, target, selection) : await addRows(rows, target);
  return { groups, kept, rowsRead };
}

const chosenBy = (selection: Selection): KeptGroups =>
  selection.kind === 'chosen' ? selection.groups : null;

/** The groups with the most rows; null without dimensions, because there is only one group. */
async function chooseLargest(
  context: ReadContext,
  { spec, parts }: { readonly spec: QuerySpec; readonly parts: readonly RowsQuestion[] },
  { cells, top }: { readonly cells: Cells | null; readonly top: number },
): Promise<KeptGroups> {
  if (spec.dimensions.length === 0) return null;
  const counts = new Map<string, GroupCount>();
  if (cells !== null) await countCells(context, cells, counts);
  // Combined with other sources, every group of the rows counts. Alone, the database can return
  // just the largest.
  const isAlone = cells === null && parts.length === 1;
  for (const part of parts) if (part.pieces.length > 0) await countRows(part, isAlone ? top : null, counts);
  return largestGroups(counts.values(), top);
}
