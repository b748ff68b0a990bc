import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EXAMPLES } from '../../src/mcp/schema/examples.ts';
import type { Named } from '../hostile/support/bad-values.ts';
import { FITTING, SHAPES } from '../hostile/support/scalar-values.ts';
import { bearer, makeKey } from '../server/support/keys.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { activity } from './support/activity.ts';
import { type Agent, connectHttp, connectStdio } from './support/clients.ts';

const HOSTILE = [...SHAPES, ...(FITTING['String'] ?? [])];

/** Expected events arrive as soon as a processor is free. */
const WITHIN = { timeout: 60_000, interval: 50 };

const RULE = `mutation { createAlertRule(input: {
  ruleId: "dear", name: "Dear calls", dataset: "llmCalls", aggregate: SUM, measure: "cost", comparator: GT
  filter: { provider: { eq: "openai" } }, groupBy: ["agentId", "tags.team"], warning: 2, window: "PT1H"
}) { rule { ruleId } } }`;

describeEachDatabase('the tools of MCP', (database) => {
  let running: TestApp;
  let reader: Record<string, string>;
  let over: Readonly<Record<'http' | 'stdio', Agent>>;

  async function as(headers: Record<string, string>, query: string, variables?: object) {
    const body = JSON.stringify({ query, variables });
    const sent = { ...headers, 'content-type': 'application/json' };
    return (await (await fetch(running.url, { method: 'POST', headers: sent, body })).json()) as {
      // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
      data: any;
    };
  }

  beforeAll(async () => {
    running = await startApp({ database });
    await running.app.services.projects.create({ projectId: 'shop' });
    const writer = bearer((await makeKey(running, { projectId: 'shop', scopes: ['ADMIN'] })).text);
    const { data } = await as(
      writer,
      'mutation ($input: ActivityInput!) { recordActivity(input: $input) { rejected { message } } }',
      { input: activity() },
    );
    expect(data.recordActivity.rejected).toEqual([]);
    // A new rule is evaluated at once. After new events, a rule with a window of an hour is
    // evaluated only once a minute.
    expect(await as(writer, RULE)).toEqual({ data: { createAlertRule: { rule: { ruleId: 'dear' } } } });
    reader = bearer((await makeKey(running, { projectId: 'shop', scopes: ['READ'] })).text);
    const [http, stdio] = await Promise.all([
      connectHttp(running, reader),
      connectStdio(running.url, reader, 'modern'),
    ]);
    over = { http, stdio };
    await vi.waitFor(async () => {
      const { structured } = await http.call('query', { query: '{ alerts { nodes { source } } }' });
      expect(structured).toMatchObject({ data: { alerts: { nodes: [{}] } } });
    }, WITHIN);
  });
  afterAll(async () => {
    await Promise.all(Object.values(over).map((agent) => agent[Symbol.asyncDispose]()));
    await running[Symbol.asyncDispose]();
  });

  it('are the same over HTTP and over streams, in both protocol versions, and only read', async () => {
    await using modern = await connectHttp(running, reader, 'modern');
    const agents = [over.http, over.stdio, modern];
    expect(agents.map(({ client }) => client.getProtocolEra())).toEqual(['legacy', 'modern', 'modern']);
    const lists = await Promise.all(agents.map(({ client }) => client.listTools()));
    for (const { tools } of lists) {
      expect(tools).toEqual(lists[0]?.tools);
      expect(tools.map(({ name }) => name)).toEqual([
        'summary',
        'top_costs',
        'find_errors',
        'explain_alert',
        'describe_schema',
        'query',
      ]);
      for (const tool of tools) {
        expect(tool.annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
        expect(tool.outputSchema).toBeDefined();
      }
    }
  });

  it.each(['http', 'stdio'] as const)('summarize a range beside the one before, over %s', async (way) => {
    const { structured, text } = await over[way].call('summary');
    expect(structured).toMatchObject({
      figures: {
        requests: { now: 3, before: 0, change: null },
        llmCalls: { now: 4, before: 1, change: 3 },
        successRate: { now: 0.75, before: 1, change: -0.25 },
        tokens: { now: 125, before: 50, change: 1.5 },
        totalCost: { now: 4, before: 2, change: 1 },
        unpricedLlmCalls: { now: 1, before: 0, change: null },
        averageLatencyMs: { now: 150, before: 100, change: 0.5 },
        errors: { now: 3, before: 0, change: null },
      },
      health: { status: 'HEALTHY' },
      openAlerts: 1,
      alerts: [{ severity: 'WARNING', status: 'OPEN', title: expect.stringContaining('Dear calls') }],
    });
    expect(JSON.parse(text)).toEqual(structured);
  });

  it('rank costs by any dimensions', async () => {
    const byModel = await over.http.call('top_costs', { by: ['provider', 'model'], first: 2 });
    expect(byModel.structured).toMatchObject({
      total: { cost: 4, calls: 4, unpricedCalls: 1, tokens: 125 },
      costBefore: 2,
      groups: [
        { group: { provider: 'openai', model: 'gpt-4o-mini' }, cost: 3, calls: 1, share: 0.75 },
        { group: { provider: 'openai', model: 'gpt-4o' }, cost: 1, calls: 2, errorRate: 0.5 },
      ],
    });
    const ofTeams = { by: ['agentId'], attribute: 'team', filter: { agentId: { eq: 'builder' } } };
    expect((await over.stdio.call('top_costs', ofTeams)).structured.groups).toMatchObject([
      { group: { agentId: 'builder', attribute: 'web' }, cost: 3 },
      { group: { agentId: 'builder', attribute: null }, cost: null, unpricedCalls: 1 },
    ]);
  });

  it('rank costs by tags', async () => {
    const { structured } = await over.http.call('top_costs', { by: [], tag: 'team', attribute: 'team' });
    expect(structured.groups).toMatchObject([
      { group: { tag: 'core', attribute: 'web' }, cost: 3, calls: 1 },
      { group: { tag: null, attribute: null }, cost: 1, calls: 3 },
    ]);
  });

  it('find errors by problem, with an example', async () => {
    const { structured } = await over.http.call('find_errors');
    expect(structured).toMatchObject({
      groupCount: 2,
      groups: [
        {
          errorType: 'TimeoutError',
          severity: 'CRITICAL',
          count: 2,
          services: expect.arrayContaining(['pay', 'shop']),
          example: { message: 'took too long', service: 'shop', stackTrace: 'at checkout.ts:7' },
        },
        { errorType: 'RangeError', count: 1 },
      ],
      failedModelCalls: [{ group: { model: 'gpt-4o', errorType: 'rate_limit' }, count: 1 }],
      failedRequests: [{ group: { endpoint: '/chat', statusCode: 500 }, count: 1 }],
      failedToolCalls: [{ group: { tool: 'Bash', errorType: 'timeout' }, count: 1 }],
    });
    const typesOf = async (args: Record<string, unknown>) =>
      (await over.stdio.call('find_errors', args)).structured.groups.map(
        ({ errorType }: { errorType: string }) => errorType,
      );
    expect(await typesOf({ severity: 'ERROR' })).toEqual(['TimeoutError']);
    expect(await typesOf({ contains: 'too far' })).toEqual(['RangeError']);
    expect(await typesOf({ service: 'pay' })).toEqual(['TimeoutError']);
    expect(await typesOf({ newSince: 'PT1H' })).toEqual(['RangeError']);
  });

  it.each(['http', 'stdio'] as const)('explain the newest open alert, over %s', async (way) => {
    const { structured } = await over[way].call('explain_alert');
    expect(structured).toMatchObject({
      alert: { status: 'OPEN', labels: { agentId: 'builder', 'tags.team': 'core' }, value: 3, threshold: 2 },
      rule: { ruleId: 'dear', dataset: 'llmCalls', aggregate: 'SUM', measure: 'cost', window: 'PT1H' },
      commits: [{ message: 'Retry payments' }],
      newErrors: [{ errorType: 'TimeoutError', count: 2 }, { errorType: 'RangeError' }],
      otherAlerts: [],
    });
    const { series, groups } = structured;
    // Only calls of the alert's group: neither those of others, nor those of another provider.
    const total = series.reduce(
      (sum: number, point: { value: number | null }) => sum + (point.value ?? 0),
      0,
    );
    expect(total).toBe(3);
    expect(groups).toContainEqual({
      dimension: 'model',
      value: 'gpt-4o-mini',
      now: { count: 1, value: 3 },
      before: null,
    });
    const { alertId } = structured.alert;
    expect((await over[way].call('explain_alert', { alertId })).structured.alert).toEqual(structured.alert);
  });

  it('run the examples of `describe_schema`', async () => {
    const { text, structured } = await over.stdio.call('describe_schema', { topic: 'examples' });
    expect(structured).toEqual({ description: text, isCut: false });
    expect(await over.http.call('describe_schema', { topic: 'examples' })).toEqual({
      isError: false,
      text,
      structured,
    });
    for (const { question, document } of EXAMPLES) {
      expect(text).toContain(document);
      expect(await over.http.call('query', { query: document }), question).toMatchObject({ isError: false });
    }
  });

  it('cut long answers, and say where', async () => {
    const query = '{ llmCalls { nodes { id uuid timestamp receivedAt provider model operation origin } } }';
    const { structured, text } = await over.http.call('query', { query, maxCharacters: 1_000 });
    expect(structured).toMatchObject({
      data: { llmCalls: { nodes: expect.toSatisfy((nodes) => nodes.length === 3) } },
      cut: {
        lists: [{ path: 'llmCalls.nodes', kept: 3, of: 5 }],
        advice: expect.stringContaining('`first`'),
      },
    });
    expect(JSON.stringify(JSON.parse(text).data).length).toBeLessThanOrEqual(1_000);
  });

  it('see only the project of their key', async () => {
    const key = await makeKey(running, { projectId: 'default', scopes: ['READ'] });
    await using other = await connectHttp(running, bearer(key.text));
    expect((await other.call('summary')).structured).toMatchObject({
      figures: { llmCalls: { now: 0 }, errors: { now: 0 } },
      openAlerts: 0,
    });
    const [{ alertId }] = (await over.http.call('summary')).structured.alerts;
    expect((await other.call('explain_alert', { alertId })).text).toBe(
      `NOT_FOUND: There is no alert with the id "${alertId}". There are no alerts.`,
    );
    const foreign = await connectHttp(running, { ...bearer(key.text), 'telltale-project': 'shop' }).catch(
      String,
    );
    expect(foreign).toContain('only for the project \\"default\\"');
  });

  it('need the scope that GraphQL needs', async () => {
    const ingest = bearer((await makeKey(running, { projectId: 'shop', scopes: ['INGEST'] })).text);
    await using agent = await connectHttp(running, ingest);
    await using streams = await connectStdio(running.url, ingest);
    for (const { call } of [agent, streams]) {
      for (const tool of ['summary', 'top_costs', 'find_errors', 'explain_alert']) {
        expect(await call(tool), tool).toMatchObject({
          isError: true,
          text: expect.stringMatching(
            /^FORBIDDEN: `\w+`(?: of Alert)? needs an API key with the scope READ\./,
          ),
        });
      }
      for (const [tool, args] of [
        ['describe_schema', {}],
        ['query', { query: '{ __schema { types { name } } }' }],
      ] as const) {
        expect((await call(tool, args)).text, tool).toContain('introspection has been disabled');
      }
    }
  });

  it('see only the rows of a read token', async () => {
    const { data } = await as(
      bearer((await makeKey(running, { projectId: 'shop', scopes: ['ADMIN'] })).text),
      `mutation { createReadToken(input: {
        datasets: ["llmCalls"], filter: { agentId: { eq: "tester" } }
      }) { token } }`,
    );
    await using agent = await connectHttp(running, bearer(data.createReadToken.token));
    expect((await agent.call('top_costs')).structured).toMatchObject({ total: { cost: 1, calls: 1 } });
    expect((await agent.call('summary')).text).toMatch(
      /^FORBIDDEN: This read token gives no access to `summary`/,
    );
  });

  it('are bound by a quota, which is shared with GraphQL', async () => {
    const key = await makeKey(running, {
      projectId: 'shop',
      scopes: ['READ'],
      quotas: { queryCostPerMinute: 1, eventsPerMinute: null, eventsPerDay: null },
    });
    await using agent = await connectHttp(running, bearer(key.text));
    expect((await agent.call('top_costs', { last: 'P30D' })).text).toMatch(
      /^(RATE_LIMITED|QUERY_TOO_COMPLEX): /,
    );
  });

  it('explain any invalid arguments', async () => {
    const { tools } = await over.http.client.listTools();
    const targets = tools.flatMap(({ name, inputSchema }) =>
      Object.keys(inputSchema.properties ?? {}).map((argument) => [name, argument] as const),
    );
    expect(targets.length).toBeGreaterThan(20);
    for (const [at, [tool, argument]] of targets.entries()) {
      // Each location gets two of them, and together they get nearly all. `HOSTILE_ALL` takes half
      // a minute.
      const chosen = [at, at + targets.length].map((index) => HOSTILE[index % HOSTILE.length] as Named);
      for (const [what, value] of process.env['HOSTILE_ALL'] ? HOSTILE : chosen) {
        // The largest one is rejected before it reaches a tool.
        const { text } = await over.http
          .call(tool, { [argument]: value })
          .catch((error: Error) => ({ text: error.message }));
        expect(text, `${tool}, ${argument}: ${what}`).not.toMatch(/INTERNAL|Unexpected error/);
        expect(text.length).toBeGreaterThan(0);
      }
    }
    expect(running.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});
