import { expect, it } from 'vitest';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { startApp } from '../support/start-app.ts';
import { startCollector } from './support/collector.ts';

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const RECORD = 'mutation Store($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const READ = 'query Look { llmCalls(first: 5) { nodes { model } } alerts { totalCount } }';

describeEachDatabase('telemetry of the server itself', (database) => {
  it('sends requests, operations, statements, commits and metrics when the server stops, but nothing about OTLP', async () => {
    await using collector = await startCollector();
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20secret',
      OTEL_SERVICE_NAME: 'mine',
    };
    const running = await startApp({ database, environment });
    const post = (url: string, body: object, headers = {}) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
    await post(running.url, { query: RECORD, variables: { input: [llmCall(), llmCall()] } }, { traceparent });
    await post(running.url, { query: READ });
    await post(running.url, { query: READ }, { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-00` });
    const span = { traceId: CALLER.traceId, spanId: 'aaaaaaaaaaaaaaaa', name: 'chat', kind: 3 };
    const attributes = [{ key: 'gen_ai.request.model', value: { stringValue: 'm' } }];
    await post(`${running.otlpUrl}/v1/traces`, {
      resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, attributes }] }] }],
    });
    await running[Symbol.asyncDispose]();

    const found = collector.spans;
    const named = (name: string) => found.filter((one) => one.name === name);
    const [stored] = named('mutation Store');
    const [ofStored] = found.filter(({ spanId }) => spanId === stored?.parentSpanId);
    expect(ofStored).toMatchObject({
      ...CALLER,
      spanId: expect.any(String),
      parentSpanId: CALLER.spanId,
      kind: 2,
    });
    expect(Object.fromEntries(ofStored?.attributes ?? [])).toMatchObject({
      ...{ 'http.request.method': 'POST', 'url.path': '/graphql', 'http.response.status_code': 200 },
    });
    const commits = named('commit');
    expect(commits).toMatchObject([{ traceId: CALLER.traceId, parentSpanId: stored?.spanId }]);
    expect(commits[0]?.attributes.get('telltale.events')).toBe(2);
    // The second one was not sampled by its caller.
    const queries = named('query Look');
    expect(queries).toHaveLength(1);
    expect(queries[0]?.traceId).not.toBe(CALLER.traceId);
    const statements = named('database').filter(({ parentSpanId }) => parentSpanId === queries[0]?.spanId);
    expect(statements.length).toBeGreaterThan(0);
    const [group] = statements;
    expect(group?.startMs).toBeGreaterThanOrEqual(queries[0]?.startMs ?? Number.NaN);
    expect(group?.endMs).toBeLessThanOrEqual(queries[0]?.endMs ?? Number.NaN);
    expect(named('POST')).toHaveLength(2);

    expect(collector.resources[0]?.get('service.name')).toBe('mine');
    expect(collector.headers[0]?.['authorization']).toBe('Bearer secret');
    const metrics = collector.metrics.at(-1).resourceMetrics[0].scopeMetrics[0].metrics;
    const metric = (name: string) => metrics.find((one: { name: string }) => one.name === name);
    expect(metric('telltale_ingest_events_total').sum).toMatchObject({ isMonotonic: true });
    const [point] = metric('telltale_commit_duration_seconds').histogram.dataPoints;
    expect(point.bucketCounts).toHaveLength(point.explicitBounds.length + 1);
    const counted = point.bucketCounts.reduce((total: number, count: string) => total + Number(count), 0);
    expect(counted).toBe(Number(point.count));
    expect(Number(point.count)).toBeGreaterThan(0);
    expect(metric('telltale_database_size_bytes').gauge.dataPoints[0].asDouble).toBeGreaterThan(0);
  });
});
