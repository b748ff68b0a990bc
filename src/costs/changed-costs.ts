import type { ColumnValue } from '../core/dataset/column.ts';
import { type Row, textAt } from '../core/dataset/row.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import type { CompletionServices } from '../declarations/completion.ts';

/** What a look at some calls has found, in nano-USD. */
export interface Tally {
  readonly calls: number;
  readonly changedCalls: number;
  readonly costBefore: number;
  readonly costAfter: number;
  readonly unknownBefore: number;
  readonly unknownAfter: number;
}

/** The columns that are computed anew, with their values; and the id. */
export type ChangedCall = Readonly<Record<string, ColumnValue>>;

const { at } = llmCalls;
const CORRECTED = llmCalls.corrected;

/** Computes the costs of stored calls anew, of which no sender has sent one. Changes the rows. */
export function changedCosts(
  rows: readonly Row[],
  services: CompletionServices,
): { readonly changed: readonly ChangedCall[]; readonly tally: Tally } {
  const changed: ChangedCall[] = [];
  const tally = { calls: rows.length, costBefore: 0, costAfter: 0, unknownBefore: 0, unknownAfter: 0 };
  for (const row of rows) {
    const before = CORRECTED.map(({ index }) => row[index]);
    const costBefore = row[at.cost] ?? null;
    for (const { index } of CORRECTED) row[index] = null;
    llmCalls.complete?.(row, services as never);
    const costAfter = row[at.cost] ?? null;
    tally.costBefore += Number(costBefore);
    tally.costAfter += Number(costAfter);
    if (costBefore === null) tally.unknownBefore++;
    if (costAfter === null) tally.unknownAfter++;
    if (CORRECTED.every(({ index }, position) => row[index] === before[position])) continue;
    const values = CORRECTED.map(({ sqlName, index }) => [sqlName, row[index] ?? null] as const);
    changed.push({ id: textAt(row, at.id), ...Object.fromEntries(values) });
  }
  return { changed, tally: { ...tally, changedCalls: changed.length } };
}
