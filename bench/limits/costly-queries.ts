import { END } from '../analytics/rows.ts';

const DAY_MS = 86_400_000;
const rangeOf = (from: number, to: number) =>
  `{ from: "${new Date(from).toISOString()}", to: "${new Date(to).toISOString()}" }`;
const MONTH = rangeOf(END - 30 * DAY_MS + 1, END - 1);

/** This many aliases of a field. */
export const aliases = (field: string, count: number): string =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ')} }`;

/** The filter on a measure requires rows. */
export const rawTotals = `llmCallAnalytics(range: ${MONTH}, filter: { latencyMs: { gt: 1 } }) { totals { count latencyMs { sum p95 } } }`;

/** A month of hours for fifty groups, with all quantiles. */
export const seriesBy = (dimension: string): string => `llmCallAnalytics(range: ${MONTH}) {
  series(grain: HOUR, top: 50) { dimensions { ${dimension} } points { stats { latencyMs { p50 p90 p95 p99 } } } } }`;

/** A week by end user, with an evaluation per minute. */
export const preview = `previewAlertRule(
  input: { dataset: "llmCalls", aggregate: SUM, measure: "cost", groupBy: ["endUser"], comparator: GT, warning: 1, window: "PT1H" }
  range: ${rangeOf(END - 7 * DAY_MS, END)}
) { firingCount }`;

/** As many calls as the price limit allows. */
export const callsOfRequests = `{ requestLogs(first: 390) { nodes { llmCalls(first: 500) { id model cost } } } }`;

/** Nested lists: the calls of the requests of calls, 500 each. */
export const nested = (levels: number): string =>
  levels === 0 ? 'id' : `llmCalls(first: 500) { requestLog { ${nested(levels - 1)} } }`;
