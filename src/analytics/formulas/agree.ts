import type { AskedRange, Interval } from '../../core/time/range.ts';
import { mergeSources } from '../merge-sources.ts';
import type { Answer, Source } from '../spec.ts';

/** The answer of several questions about one range, and the sources that answered each of them. */
export interface Together<Value> {
  readonly value: Value;
  readonly sources: readonly Source[];
}

/**
 * Asks questions together until they all answer for the same range. Where data has expired, a
 * dataset may answer for less than the requested range, or from the edges of its cells. Then all
 * questions are asked again, for the range that they have in common.
 *
 * This terminates: horizons are edges of cells of every grain, and edges of coarse cells are edges
 * of fine ones.
 *
 * @returns as the source, where the last answers were read, and all differences from the requested
 *   range. The value is null if the questions have no part of the range in common.
 */
export async function askUntilAllAgree<Value>(
  range: AskedRange,
  ask: (range: AskedRange) => Promise<Together<Value>>,
): Promise<Answer<Value | null>> {
  const read: Source[] = [];
  let asked = range;
  for (;;) {
    const { value, sources } = await ask(asked);
    read.push(...sources);
    const { from, to } = commonRange(asked, sources);
    const { rowsRead, missing, moved } = mergeSources(read);
    if (from >= to) {
      const nothing = { range: { from: to, to }, missing: [{ from: range.from, to: range.to }], moved: [] };
      return { value: null, source: { ...mergeSources(sources), rowsRead, ...nothing } };
    }
    if (sources.every((source) => source.range.from === from && source.range.to === to))
      return { value, source: { ...mergeSources(sources), rowsRead, missing, moved } };
    asked = { ...asked, from, to };
  }
}

/**
 * The requested boundaries, except where an answer could not keep to them: then the answer's own.
 */
function commonRange({ from, to }: Interval, sources: readonly Source[]): Interval {
  const begins = sources.map(({ range }) => range.from).filter((begin) => begin !== from);
  const ends = sources.map(({ range }) => range.to).filter((end) => end !== to);
  return {
    from: begins.length === 0 ? from : Math.max(...begins),
    to: ends.length === 0 ? to : Math.min(...ends),
  };
}
