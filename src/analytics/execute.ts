import { createGroups, type GroupCount, type Groups } from './accumulator.ts';
import { type Cells, readCells } from './cells.ts';
import { isOfRows } from './cover.ts';
import { countCells, type FoldTarget, foldCells } from './fold-cells.ts';
import { largestGroups } from './group-order.ts';
import { isAddable, type ResolvedMeasure } from './measures.ts';
import { hasManyValues } from './plan-cost.ts';
import type { Question } from './question.ts';
import { addLargestRows, addRankedRows, addRows, addRowsToCells, countRows } from './raw.ts';
import { addBinnedRows } from './raw-bins.ts';
import { cutAtBoundaries, type KeptGroups, type Piece, type Ranking, type RowsQuestion } from './raw-sql.ts';
import { type ReadContext, rowsContext } from './read-context.ts';

/**
 * Which groups an answer has:
 * - `all`: every group. With `parts`, totals can be added to larger ones: even from rows, quantiles
 *   come as histograms instead of exact values.
 * - `ranked`: the first groups of an order, of those that are large enough.
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
}

/**
 * Reads what the plan says and adds it up. For `ranked`, the caller sorts and limits the groups,
 * because cells return all of them; raw rows return only the requested ones.
 */
export async function execute(
  context: ReadContext,
  { spec, measures, plan }: Question,
  selection: Selection,
): Promise<Aggregation> {
  const rows = rowsOf(context, { spec, plan });
  const { set, segments } = plan;
  if (set === null) {
    const atOnce = plan.kind === 'COLUMNS' && (await aggregateAtOnce(context, rows, { measures, selection }));
    return atOnce || aggregateRows(context, rows, { measures, selection });
  }

  const histograms = measures.some(({ quantiles }) => quantiles.length > 0);
  const reading = readCells(context, { spec, set, segments, histograms });
  const kept =
    selection.kind === 'largest'
      ? await chooseLargest(context, rows, { cells: await reading, top: selection.top })
      : chosenBy(selection);
  const groups = createGroups(measures, true, kept, context.count);
  const [cells, rowsRead] = await Promise.all([
    foldWhenRead(context, reading, { spec, measures, groups }),
    isNothing(kept, rows.pieces) ? 0 : addRowsToCells(rows, { measures, kept, groups }),
  ]);
  return { groups, kept, rowsRead: cells.count + rowsRead };
}

/** The rows that the plan reads; no pieces if it reads none. */
export function rowsOf(
  context: ReadContext,
  { spec, plan: { segments } }: Pick<Question, 'spec' | 'plan'>,
): RowsQuestion {
  const segment = segments.find(isOfRows);
  if (segment === undefined) return { context, spec, pieces: [] };
  const pieces = cutAtBoundaries(segment.ranges, spec.boundaries);
  return { context: rowsContext(context, segment.source), spec, pieces };
}

async function foldWhenRead(
  context: ReadContext,
  reading: Promise<Cells>,
  target: FoldTarget,
): Promise<Cells> {
  const cells = await reading;
  await foldCells(context, cells, target);
  return cells;
}

/** No rows to read: there are no pieces, or no groups to keep. */
const isNothing = (kept: KeptGroups, pieces: readonly Piece[]): boolean =>
  pieces.length === 0 || kept?.length === 0;

/** What is asked of the rows. */
interface Wanted {
  readonly measures: readonly ResolvedMeasure[];
  readonly selection: Selection;
}

/**
 * The groups with the most rows by one pass, if their totals tell all: quantiles and distinct values
 * of several groups together need their rows. Null if that is not so, or if there are many groups.
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
    groups: createGroups(measures, false, kept, context.count),
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
      ? await chooseLargest(context, rows, { cells: null, top: selection.top })
      : chosenBy(selection);
  const areParts = selection.kind === 'all' && selection.parts === true;
  const groups = createGroups(measures, areParts, kept, context.count);
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
  rows: RowsQuestion,
  { cells, top }: { readonly cells: Cells | null; readonly top: number },
): Promise<KeptGroups> {
  if (rows.spec.dimensions.length === 0) return null;
  const counts = new Map<string, GroupCount>();
  if (cells !== null) await countCells(context, cells, counts);
  // Together with cells, every group of the rows counts. From rows alone, the database returns the
  // largest.
  if (rows.pieces.length > 0) await countRows(rows, cells === null ? top : null, counts);
  return largestGroups(counts.values(), top);
}
