import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { findOldestRows, oldestPerKeyQuery } from '../../src/lists/newest-per-key.ts';
import { notOnCitus } from '../support/citus.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall, uuidOf } from '../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';
import { queryPlan } from '../support/query-plan.ts';

const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const START = Date.parse('2026-11-20T00:00:00.123Z');
const REQUESTS = 20;
const CALLS = 100;

describeEachDatabase('the oldest events of each key', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    // One request after the other; each instant has two calls.
    for (let request = 0; request < REQUESTS; request += 5) {
      const input = Array.from({ length: 5 * CALLS }, (_, call) => {
        const index = request * CALLS + call;
        return llmCall({
          id: uuidOf(index),
          requestId: `r-${Math.floor(index / CALLS)}`,
          timestamp: new Date(START + Math.floor(index / 2)).toISOString(),
        });
      });
      await graphql.data(RECORD, { input });
    }
    await graphql.services.store.query.executeQuery(CompiledQuery.raw('analyze'));
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const wanted = (keys: readonly string[], first: number) => ({
    projectId: 'default',
    table: llmCalls,
    column: 'requestId',
    keys,
    first,
  });

  it('are found for all keys, ties by id', async () => {
    const found = await findOldestRows(graphql.services.store, wanted(['r-3', 'r-0', 'none'], 3), []);
    const ids = new Map([...found].map(([key, rows]) => [key, rows.map(({ id }) => id)]));
    expect(ids).toEqual(
      new Map([
        ['r-0', [0, 1, 2].map(uuidOf)],
        ['r-3', [300, 301, 302].map(uuidOf)],
      ]),
    );
  });

  // The databases would rather scan the whole project in order of time until they have found the
  // first rows of a key, and repeat that for each key.
  it.skipIf(notOnCitus('PLANS'))('are found by the index on the key, which has no time', async () => {
    const { store } = graphql.services;
    const query = oldestPerKeyQuery(store, wanted(['r-3', 'r-19'], 1));
    const plan = (await queryPlan(store, query.compile())).join('\n');
    expect(plan).toMatch(
      database.dialect === 'sqlite'
        ? /SEARCH llm_calls USING INDEX llm_calls_project_id_request_id_idx \(project_id=\? AND request_id=\?\)/
        : /Scan (using|on) llm_calls_project_id_request_id_idx/,
    );
  });
});
