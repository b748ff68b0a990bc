import type { TestGraphQL } from '../../../support/graphql.ts';

/** Three days, whose calls `recompute` corrects by default. */
export const RANGE = { from: '2026-11-19T00:00:00Z', to: '2026-11-22T00:00:00Z' };
const FIELDS = 'status calls changedCalls costBefore costAfter unknownBefore unknownAfter keptBefore';

/**
 * The operations of the tests of corrections in a project: record calls, set the price of acme's
 * large model, correct.
 */
export function costsOf(graphql: () => TestGraphQL) {
  const record = (project: string, calls: readonly object[]) =>
    graphql().data(
      'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
      { input: calls },
      project,
    );
  const setPrice = (project: string, price: object) =>
    graphql().data(
      'mutation ($input: SetPriceInput!) { setPrice(input: $input) { price { uuid } } }',
      { input: { provider: 'acme', model: 'large', input: 2, output: 10, ...price } },
      project,
    );
  async function recompute(project: string, input: object = {}) {
    const { recomputeCosts } = await graphql().data(
      `mutation ($input: RecomputeCostsInput!) { recomputeCosts(input: $input) { correction { ${FIELDS} } } }`,
      { input: { range: RANGE, ...input } },
      project,
    );
    return recomputeCosts.correction;
  }

  return { record, setPrice, recompute };
}
