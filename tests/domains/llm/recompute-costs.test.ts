import { afterAll, beforeAll, expect, it } from 'vitest';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { createCorrections } from '../../../src/costs/corrections.ts';
import { createIdSource } from '../../../src/core/ids.ts';
import { raiseHorizons } from '../../../src/storage/horizons.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

/** Three days; on each of them calls at two hours, so that all grains of cells take part. */
const DAYS = ['2026-11-19', '2026-11-20', '2026-11-21'];
const TIMES = ['T01:10:00Z', 'T01:10:30Z', 'T22:59:59.999Z'];
const RANGE = { from: '2026-11-19T00:00:00Z', to: '2026-11-22T00:00:00Z' };

const ACME = { provider: 'acme', model: 'large', latencyMs: 10, promptTokens: 1000, completionTokens: 100 };

const ANALYTICS = `query ($range: TimeRangeInput!, $where: LlmCallFilter) {
  minute: llmCallAnalytics(range: $range, filter: $where) {
    totals { count cost { sum count min max } savedCost { sum } }
    byDay: series(interval: DAY) { points { bucket stats { cost { sum } } } }
    source { kind grain }
  }
}`;

describeEachDatabase('recomputeCosts', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const record = (project: string, input: object[]) =>
    graphql.data(
      'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
      { input },
      project,
    );
  it('works', async () => {
    await record('default', DAYS.flatMap((day) => TIMES.map((time) => ({ ...ACME, timestamp: `${day}${time}` }))));
    const set = await graphql.data(`mutation { setPrice(input: { provider: "acme", model: "LARGE", input: 2, output: 10, contextTiers: [{above: 5000, input: 4}] }) { price { uuid input output contextTiers validFrom setBy } } }`);
    console.log(JSON.stringify(set));
    console.log(JSON.stringify(await graphql.data(`{ prices(provider: "Acme", model: "large") { source serviceTier input output perCall contextTiers { above input output } } }`)));
    const done = await graphql.data(`mutation { recomputeCosts(input: { range: { from: "2026-11-19T00:00:00Z", to: "2026-11-22T00:00:00Z" }, provider: "acme", reason: "why" }) { correction { status calls changedCalls costBefore costAfter unknownBefore unknownAfter keptBefore endedAt reason } } }`);
    console.log(JSON.stringify(done));
    console.log(JSON.stringify(await graphql.data(`{ llmCalls(first: 1) { nodes { cost costSource costProblem savedCost } } llmCallAnalytics(range: { from: "2026-11-19T00:00:00Z", to: "2026-11-22T00:00:00Z" }) { totals { count cost { sum count min max } } source { kind grain } } }`)));
    console.log(JSON.stringify(await graphql.services.integrity.check({})).slice(0,500));
  });
});
