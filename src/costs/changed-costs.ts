import type { ColumnValue } from '../core/dataset/column.ts';
import { type Row, textAt } from '../core/dataset/row.ts';
import type { CompletionServices } from '../declarations/completion.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import { withinBounds } from './bounded-sum.ts';

/** The result of checking some calls, in nano-USD. */
export interface Found {
  readonly calls: number;
  readonly changedCalls: number;
  readonly costBefore: number;
  readonly costAfter: number;
  readonly unknownBefore: number;
  readonly unknownAfter: number;
}

/** A call before and after its correction. */
export interface ChangedCall {
  readonly before: Row;
  readonly after: Row;
}

const { at, corrected } = llmCalls;

/** Recomputes the costs of stored calls for which no sender has sent a cost. */
export function changedCosts(
  rows: readonly Row[],
  services: CompletionServices,
): { readonly changed: readonly ChangedCall[]; readonly found: Found } {
  const changed: ChangedCall[] = [];
  const found = { calls: rows.length, costBefore: 0, costAfter: 0, unknownBefore: 0, unknownAfter: 0 };
  for (const before of rows) {
    const after = [...before];
    for (const { index } of corrected) if (!isReported(before, index)) after[index] = null;
    llmCalls.complete?.(after, services as never);
    const [costBefore, costAfter] = [before, after].map((row) => row[at.cost] ?? null);
    found.costBefore = withinBounds(found.costBefore + Number(costBefore));
    found.costAfter = withinBounds(found.costAfter + Number(costAfter));
    if (costBefore === null) found.unknownBefore++;
    if (costAfter === null) found.unknownAfter++;
    if (corrected.some(({ index }) => before[index] !== after[index])) changed.push({ before, after });
  }
  return { changed, found: { ...found, changedCalls: changed.length } };
}

/** What caches saved may have been sent without a cost. */
const isReported = (call: Row, index: number): boolean =>
  index === at.savedCost && call[at.savedCostSource] === 'REPORTED';

/** The recomputed columns with their values, and the id. */
export function correctedValues(call: Row): Readonly<Record<string, ColumnValue>> {
  const values = corrected.map(({ sqlName, index }) => [sqlName, call[index] ?? null] as const);
  return { id: textAt(call, at.id), ...Object.fromEntries(values) };
}
