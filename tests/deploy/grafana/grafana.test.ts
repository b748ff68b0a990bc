import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PROJECT } from '../../../src/access/projects.ts';
import { createRecorder, fillMonth } from '../../../src/commands/demo/fill.ts';
import { planFill } from '../../../src/commands/demo/month.ts';
import { loadConfig } from '../../../src/config/config.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/time/units.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { priceOf } from '../../graphql/limits/support/price-of.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { send, transports } from '../../support/three-transports.ts';
import { ask, requestOf, rowsOf, type View } from './as-infinity.ts';
import { choicesOf, type Dashboard, dashboards, type InfinityQuery, queriesOf } from './dashboards.ts';

const silent = { update: () => undefined, finish: () => undefined };
const never = new AbortController().signal;
/** The demo lacks these at this moment: an open alert, and a request of a new release. */
const NOW = `mutation {
  raiseAlert(input: { alertId: "disk", type: SYSTEM, severity: CRITICAL, title: "Disk" }) { created }
  recordRequestLogs(input: [
    { requestId: "now", service: "support-chat", endpoint: "/chat", method: "GET", statusCode: 200, latencyMs: 1, release: "new" }
  ]) { accepted }
}`;

/**
 * The variables that Wild GraphQL sends with each query, even if the query does not declare them.
 */
const SENT_ALWAYS = { from: 1, to: 2, interval_ms: 60_000, maxDataPoints: 1000, refId: 'A' };

describe.each(dashboards)('the dashboard $title', (dashboard) => {
  it('has panels that say what they show, in a grid without gaps or overlaps', () => {
    const cells = new Set<string>();
    for (const { type, title, description, gridPos, fieldConfig } of dashboard.panels) {
      if (type !== 'row') expect([title, description]).toEqual([title, expect.stringMatching(/.\.$/)]);
      if (!['row', 'table'].includes(type))
        expect([title, fieldConfig?.defaults.unit]).not.toContain(undefined);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) cells.add(`${x},${y}`);
      }
    }
    const area = dashboard.panels.reduce((total, { gridPos: { w, h } }) => total + w * h, 0);
    const bottom = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
    expect([cells.size, area]).toEqual([24 * bottom, 24 * bottom]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it('contains no query that is too expensive for three months', () => {
    const to = Date.parse('2026-11-22T12:00:00Z');
    const view = { from: to - 90 * DAY_MS, to, intervalMs: 6 * HOUR_MS };
    const limit = loadConfig({}).limits.queryCost;
    for (const [what, query] of queriesOf(dashboard)) {
      const { query: source, variables } = requestOf(dashboard, query, view);
      const price = priceOf(source, { variables: variables ?? {} });
      expect([what, price]).toEqual([what, expect.toSatisfy((asked: number) => asked > 0 && asked < limit)]);
    }
  });
});

describeEachDatabase('the dashboards for Grafana', (database) => {
  let server: TestApp;
  let view: View;
  beforeAll(async () => {
    // The demo is always the same at the same time, which is a Wednesday.
    const clock = createTestClock('2026-11-25T16:00:00.000Z');
    const now = clock.now();
    const plan = planFill(null, now, { seed: 1, scale: 0.05 });
    server = await startApp({ database, clock });
    const recorder = createRecorder(server.app.services.ingest, DEFAULT_PROJECT, datasets);
    await fillMonth({ ...plan, from: plan.to - DAY_MS }, { recorder, progress: silent, stopped: never });
    await server.query(NOW);
    view = { from: plan.to - DAY_MS, to: now + 1, intervalMs: HOUR_MS };
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const answerTo = async (dashboard: Dashboard, query: InfinityQuery, seen = view) => {
    const answer = await ask(server.url, query, requestOf(dashboard, query, seen));
    expect(answer).not.toHaveProperty('errors');
    return rowsOf(query, answer);
  };

  it.each(dashboards)('$title shows data in every panel, variable and annotation', async (dashboard) => {
    for (const [what, query] of queriesOf(dashboard)) {
      const rows = await answerTo(dashboard, query);
      expect([what, rows.length]).toEqual([what, expect.toSatisfy((length: number) => length > 0)]);
      for (const { text, type } of query.columns) {
        const values = rows.map(({ [text]: value }) => value);
        // Grafana does not distinguish a column that is always absent from one that has no values
        // yet.
        expect([what, text, values.includes(undefined)]).toEqual([what, text, false]);
        if (type !== 'number') continue;
        expect([what, text, values.some((value) => typeof value === 'number')]).toEqual([what, text, true]);
      }
      if (query.format === 'timeseries') checkLong(rows);
    }
  });

  it.each(dashboards)('$title shows only the selected values', async (dashboard) => {
    const [variable] = choicesOf(dashboard);
    const [name, values] = [variable?.name ?? '', variable?.query.infinityQuery as InfinityQuery];
    const choices = await answerTo(dashboard, values);
    const [first, second] = choices.map(({ value }) => String(value));
    const of = async (chosen: readonly (string | undefined)[]) => {
      const seen = { ...view, chosen: { [name]: chosen.map(String) } };
      const [, panel] =
        queriesOf(dashboard).find(
          ([, { root_selector, url_options }]) =>
            root_selector === 'data.timeseries' && url_options.body_graphql_variables.includes(name),
        ) ?? [];
      const rows = await answerTo(dashboard, panel as InfinityQuery, seen);
      return rows.reduce((sum, { value }) => sum + Number(value), 0);
    };
    const [one, other, both] = [await of([first]), await of([second]), await of([first, second])];
    expect(one).toBeGreaterThan(0);
    expect(both).toBeCloseTo(one + other, 6);
  });

  it.each([...transports, 'GET'] as const)(
    'ignores variables over %s that a query does not declare',
    async (way) => {
      const query =
        'query ($from: Float!, $to: Float!) { table(dataset: llmCalls, from: $from, to: $to, measures: ["count"]) }';
      for (const operation of [
        { query, variables: SENT_ALWAYS },
        { query: '{ __typename }', variables: SENT_ALWAYS },
      ]) {
        if (way === 'GET') {
          const parameters = new URLSearchParams({
            query: operation.query,
            variables: JSON.stringify(SENT_ALWAYS),
          });
          expect(await (await fetch(`${server.url}?${parameters}`)).json()).not.toHaveProperty('errors');
        } else {
          const endpoints = { graphql: server.url, webSocket: server.webSocketUrl };
          expect((await send(way, endpoints, operation)).errors).toEqual([]);
        }
      }
    },
  );

  it('answers the health checks of both data sources', async () => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{\n\t\t  __schema{\n\t\t    queryType{name}\n\t\t  }\n\t\t}' });
    const wild = await fetch(server.url, { method: 'POST', headers, body });
    expect([wild.status, await wild.json()]).toEqual([
      200,
      { data: { __schema: { queryType: { name: 'Query' } } } },
    ]);
    const infinity = await fetch(`${server.url}?query=%7B__typename%7D`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect([infinity.status, await infinity.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
  });

  it('tells Wild GraphQL, which only reads answers with status 200, what is wrong', async () => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const query = '{ table(dataset: llmCalls, from: 1, to: 2, measures: ["costs"]) }';
    const response = await fetch(server.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables: SENT_ALWAYS }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringContaining('costs') }] });
  });
});

/** Grafana makes series from rows that are sorted by time, with one row per time and labels. */
function checkLong(rows: readonly Readonly<Record<string, unknown>>[]): void {
  const times = rows.map(({ time }) => Date.parse(String(time)));
  expect(times).toEqual([...times].sort((one, other) => one - other));
  const keys = rows.map(({ value: _value, ...labels }) => JSON.stringify(labels));
  expect(new Set(keys).size).toBe(keys.length);
}
