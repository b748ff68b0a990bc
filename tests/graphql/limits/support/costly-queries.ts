/** This many aliases of one field: `{ a0: field a1: field … }`. */
export const aliases = (count: number, field: string): string =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ')} }`;

/** `llmCallAnalytics` over a range and a filter. */
export const llmAnalytics = (rest: string, range = 'last: "P30D"', filter = ''): string =>
  `llmCallAnalytics(range: { ${range} }${filter && `, filter: ${filter}`}) { ${rest} }`;

const HOURLY = (dimension: string) =>
  llmAnalytics(`series(grain: HOUR, top: 50) {
    dimensions { ${dimension} } points { stats { latencyMs { p50 p90 p95 p99 quantile(p: 0.75) } } } }`);

/** The filter on a measure needs the rows. */
export const RAW_TOTALS = llmAnalytics(
  'totals { count latencyMs { p95 } }',
  undefined,
  '{ latencyMs: { gt: 1 } }',
);

/** A week by end user, with an evaluation per minute. */
export const PREVIEW = previewWith('PT1H');

function previewWith(window: string): string {
  return `previewAlertRule(
    input: { dataset: "llmCalls", aggregate: SUM, measure: "cost", groupBy: ["endUser"], comparator: GT, warning: 1, window: "${window}" }
    range: { last: "P7D" }
  ) { firingCount }`;
}

const nested = (levels: number, args: string): string =>
  levels === 0 ? 'id' : `llmCalls${args} { requestLog { ${nested(levels - 1, args)} } }`;

/**
 * Queries within the limits of depth and aliases that brought a server down, and their most
 * expensive fields.
 */
export const COSTLY_QUERIES: Readonly<
  Record<string, { readonly source: string; readonly costliest: string }>
> = {
  'six levels of 500 calls per request': {
    source: `{ requestLogs { nodes { ${nested(6, '(first: 500)')} } } }`,
    costliest: `requestLogs.nodes.llmCalls${'.requestLog.llmCalls'.repeat(5)}`,
  },
  'three levels below 500 requests': {
    source: `{ requestLogs(first: 500) { nodes { ${nested(3, '')} } } }`,
    costliest: 'requestLogs.nodes.llmCalls.requestLog.llmCalls.requestLog.llmCalls',
  },
  'fifty hourly series with all quantiles': { source: aliases(50, HOURLY('model')), costliest: 'a0.series' },
  'ten series by end user': { source: aliases(10, HOURLY('endUser')), costliest: 'a0.series' },
  'ten groupings by end user': {
    source: aliases(10, llmAnalytics('groups { dimensions { endUser } stats { count } }')),
    costliest: 'a0.groups',
  },
  'ten previews of a week by end user': { source: aliases(10, PREVIEW), costliest: 'a0' },
  'ten previews of a week by end user over a rolling day': {
    source: aliases(10, previewWith('P1D')),
    costliest: 'a0',
  },
  'fifty raw totals': { source: aliases(50, RAW_TOTALS), costliest: 'a0.totals' },
};
