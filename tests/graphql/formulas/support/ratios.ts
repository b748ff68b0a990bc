const TWO_DAYS = '{ from: "2026-11-21T00:00:00Z", to: "2026-11-23T00:00:00Z" }';
export const COST = '{ llmCalls: { measure: COST } }';
export const COMMITS = '{ gitCommits: { filter: { branch: { eq: "main" } } } }';

/** A query of a ratio over two days. */
export const source = (selection: string, numerator = COST, denominator = COMMITS) =>
  `{ ratio(range: ${TWO_DAYS}, numerator: ${numerator}, denominator: ${denominator}) { ${selection} } }`;
