import * as z from 'zod';

/** The arguments that select the time range of a tool. */
export const RANGE = {
  last: z
    .string()
    .optional()
    .describe('How far back from now, an ISO 8601 duration: "PT1H", "P1D", "P30D". Default: "P1D".'),
  from: z
    .string()
    .optional()
    .describe('Instead of `last`: the start, an ISO 8601 time such as "2026-11-22T08:00:00Z".'),
  to: z.string().optional().describe('With `from`: the end. Default: now.'),
};

/** A range in an answer. */
export const ANSWERED_RANGE = z.object({
  from: z.string().describe('The start, in UTC, inclusive.'),
  to: z.string().describe('The end, in UTC, exclusive.'),
});

export type AnsweredRange = z.output<typeof ANSWERED_RANGE>;

interface Given {
  readonly last?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A `TimeRangeInput`. The engine checks it. */
export function rangeInput({ last, from, to }: Given): Given {
  return from === undefined && to === undefined ? { last: last ?? 'P1D' } : { last, from, to };
}

/** The range of the same length just before. */
export function rangeBefore({ from, to }: AnsweredRange): AnsweredRange {
  const start = Date.parse(from);
  return { from: new Date(start - (Date.parse(to) - start)).toISOString(), to: from };
}
