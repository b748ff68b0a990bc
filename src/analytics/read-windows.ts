import type { ColumnValue } from '../core/dataset/column.ts';
import { defined } from '../core/defined.ts';
import type { Interval } from '../core/time/range.ts';
import { countOf, type GroupCount, groupKeyOf } from './accumulator.ts';
import { readKeyCounts } from './cells.ts';
import { isOfCells } from './cover.ts';
import { execute, rowsOf } from './execute.ts';
import { largestGroups } from './group-order.ts';
import { onlyGroups } from './only-groups.ts';
import type { Plan } from './plan.ts';
import type { Question } from './question.ts';
import { countRows } from './raw.ts';
import type { ReadContext } from './read-context.ts';
import type { Stats } from './spec.ts';
import type { WindowFrame } from './window-frame.ts';
import { createWindowSlider } from './window-slider.ts';

/** A question about the windows of the groups with the most rows. */
export interface WindowsQuestion<Value> {
  readonly question: Question;
  readonly frame: WindowFrame;
  /** Maximum number of groups. */
  readonly top: number;
  /** Reduces the statistics of a window to the value that is kept. */
  readonly keep: (stats: Stats) => Value;
}

/** The values of the windows, by group. */
export interface ReadWindows<Value> {
  /** Most rows first. */
  readonly groups: readonly {
    readonly values: readonly ColumnValue[];
    /** Undefined if the window has no rows of the group. */
    readonly windows: readonly (Value | undefined)[];
  }[];
  readonly others: boolean;
  readonly rowsRead: number;
}

/**
 * Number of buckets that are read at once: some thousand accumulators. All buckets of a question at
 * once might exceed the memory.
 */
const BUCKETS_PER_PART = 256;
/** Estimated time of a slider for one bucket. */
const BUCKET_MICROSECONDS = 8;

/**
 * Reads each bucket of the frame once, in order, and computes the windows from them. Holds only the
 * buckets of the widest window, so memory does not grow with the range.
 */
export async function readWindows<Value>(
  context: ReadContext,
  { question, frame, top, keep }: WindowsQuestion<Value>,
): Promise<ReadWindows<Value>> {
  const { spec, measures, plan } = question;
  const largest = await chooseLargest(context, question, top + 1);
  const chosen = largest.slice(0, top);
  const sliders = chosen.map((values) => ({
    key: groupKeyOf(values),
    slider: createWindowSlider(question, frame, keep),
  }));
  const filter = onlyGroups(spec, chosen);
  let rowsRead = 0;
  const buckets = chosen.length === 0 ? 0 : frame.boundaries.length - 1;
  for (let first = 0; first < buckets; first += BUCKETS_PER_PART) {
    const boundaries = spec.boundaries.slice(first, first + BUCKETS_PER_PART + 1);
    const range = { from: defined(boundaries[0]), to: defined(boundaries.at(-1)) };
    const part = { ...spec, filter, range, boundaries };
    const found = await execute(
      context,
      { spec: part, measures, plan: within(plan, range) },
      { kind: 'all', parts: true },
    );
    rowsRead += found.rowsRead;
    const groups = new Map(found.groups.list().map((group) => [groupKeyOf(group.values ?? []), group]));
    for (const { key, slider } of sliders) {
      const count = boundaries.length - 1;
      await context.pass(count * BUCKET_MICROSECONDS);
      context.count({});
      slider.push(groups.get(key)?.buckets ?? [], count);
    }
  }
  return {
    groups: sliders.map(({ slider }, index) => ({
      values: defined(chosen[index]),
      windows: slider.windows,
    })),
    others: largest.length > top,
    rowsRead,
  };
}

/** The groups with the most rows. Without dimensions there is one, even if it has no rows. */
async function chooseLargest(
  context: ReadContext,
  { spec, plan }: Question,
  top: number,
): Promise<(readonly ColumnValue[])[]> {
  if (spec.dimensions.length === 0) return [[]];
  const counts = new Map<string, GroupCount>();
  if (plan.set !== null) {
    for (const { values, rowCount } of await readKeyCounts(context, {
      spec,
      set: plan.set,
      segments: plan.segments,
    })) {
      countOf(counts, values).rowCount += rowCount;
    }
  }
  // Combined with cells, every group of the rows counts. From rows alone, the database can return
  // just the largest.
  for (const rows of rowsOf(context, { spec, plan }))
    if (rows.pieces.length > 0) await countRows(rows, plan.set === null ? top : null, counts);
  return largestGroups(counts.values(), top);
}

/**
 * The part of the plan within the range. The range must begin and end at boundaries, because no
 * cell crosses them.
 */
function within(plan: Plan, { from, to }: Interval): Plan {
  const segments = plan.segments.flatMap(({ source, ranges }) => {
    const inside = ranges
      .map((range) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
      .filter((range) => range.from < range.to);
    return inside.length === 0 ? [] : [{ source, ranges: inside }];
  });
  return { ...plan, segments, set: segments.some(isOfCells) ? plan.set : null };
}
