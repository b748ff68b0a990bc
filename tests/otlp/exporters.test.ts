import { context, DiagLogLevel, diag, trace as tracing } from '@opentelemetry/api';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOneDatabase } from '../support/databases.ts';
import { type OtlpApp, type OtlpProject, rowsOf, startOtlp, statusOf } from './support/otlp-app.ts';

const resource = resourceFromAttributes({
  'service.name': 'real',
  'service.version': '1.2.3',
  team: 'search',
});

/** A request in which an agent uses a model and a tool. */
async function trace(exporter: SpanExporter): Promise<void> {
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');
  const start = Date.now() - 5000;
  const request = tracer.startSpan('POST /chat', {
    kind: 1,
    startTime: start,
    attributes: {
      ...{ 'http.request.method': 'POST', 'http.route': '/chat', 'http.response.status_code': 200 },
      ...{ 'client.address': '203.0.113.7', 'user_agent.original': 'curl/8' },
    },
  });
  const within = (name: string, attributes: Record<string, string | number | string[]>) =>
    tracer.startSpan(name, { startTime: start + 10, attributes }, tracing.setSpan(context.active(), request));
  const call = within('chat gpt-4o-mini', {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.response.model': 'gpt-4o-mini',
    'gen_ai.usage.input_tokens': 1000,
    'gen_ai.usage.output_tokens': 3_000_000_000,
    'gen_ai.response.finish_reasons': ['stop', 'length'],
  });
  call.setAttribute('gen_ai.usage.output_tokens', 200);
  call.end(start + 1510.25);
  const query = within('SELECT', { 'db.system.name': 'postgresql' });
  query.recordException(new TypeError('no such table ü'), start + 12);
  query.setStatus({ code: 2, message: 'no such table ü' });
  query.end(start + 20);
  request.end(start + 2000);
  await provider.forceFlush();
  await provider.shutdown();
}

/** The messages of the exporters about a partial success, until it is disposed. */
function hearWarnings() {
  const warnings: Record<string, unknown>[] = [];
  const silent = () => undefined;
  const warn = (_what: string, answer: unknown) => void warnings.push(JSON.parse(String(answer)));
  const logger = { verbose: silent, debug: silent, info: silent, error: silent, warn };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return { warnings, [Symbol.dispose]: () => diag.disable() };
}

describeOneDatabase('exporters of the OpenTelemetry SDK', (database) => {
  let otlp: OtlpApp;
  let project: OtlpProject;
  beforeAll(async () => {
    otlp = await startOtlp(database);
  });
  afterAll(() => otlp[Symbol.asyncDispose]());

  it.each([
    ['http/protobuf', OTLPTraceExporter, 'none'],
    ['http/protobuf with gzip', OTLPTraceExporter, 'gzip'],
    ['http/json', JsonTraceExporter, 'none'],
  ] as const)('sends spans by %s', async (name, Exporter, compression) => {
    project = await otlp.project(`spans-${name.replaceAll(/\W/g, '-')}`);
    const { headers } = project;
    // The second port, the usual one for senders.
    await trace(new Exporter({ url: `${otlp.own}/v1/traces`, headers, compression: compression as never }));
    const rows = await rowsOf(project);
    expect(rows).toEqual({
      llmCalls: [
        expect.objectContaining({
          ...{ provider: 'openai', model: 'gpt-4o-mini', promptTokens: 1000, completionTokens: 200 },
          ...{ latencyMs: 1500.25, cost: 0.000_27, finishReason: 'stop', tags: { team: 'search' } },
          ...{ service: 'real', release: '1.2.3', success: true },
        }),
      ],
      requestLogs: [
        expect.objectContaining({
          ...{ endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 2000, success: true },
          ...{ ipAddress: '203.0.113.7', userAgent: 'curl/8', service: 'real' },
        }),
      ],
      errorLogs: [expect.objectContaining({ errorType: 'TypeError', errorMessage: 'no such table ü' })],
    });
    // One trace, and therefore one request.
    const requests = ['llmCalls', 'requestLogs', 'errorLogs'].map((dataset) => rows[dataset]?.[0]);
    expect(new Set(requests.map((row) => (row as { requestId: string }).requestId)).size).toBe(1);
    expect(await statusOf(project)).toMatchObject([
      {
        sender: 'real',
        signal: 'TRACES',
        received: 3,
        ignored: [{ reason: 'OTHER_SPAN', example: 'SELECT' }],
      },
    ]);
  });

  it.each([
    ['http/protobuf', OTLPLogExporter, 1],
    // The form of 64 bits in JSON.
    ['http/json', JsonLogExporter, '1'],
  ] as const)('sends events by %s', async (name, Exporter, one) => {
    project = await otlp.project(`logs-${name.replaceAll(/\W/g, '-')}`);
    const exporter = new Exporter({ url: `${otlp.base}/v1/logs`, headers: project.headers });
    const provider = new LoggerProvider({
      resource,
      processors: [new BatchLogRecordProcessor({ exporter })],
    });
    const logger = provider.getLogger('com.anthropic.claude_code.events');
    logger.emit({
      eventName: 'claude_code.api_request',
      timestamp: Date.now() - 1000,
      attributes: {
        model: 'claude-haiku-4-5',
        input_tokens: 10,
        output_tokens: 5,
        cost_usd: 0.5,
        request_id: 'r1',
      },
    });
    logger.emit({
      eventName: 'claude_code.api_request',
      attributes: { model: 'm'.repeat(1_000), input_tokens: 10, output_tokens: 5 },
    });
    logger.emit({
      body: { list: [1, 2.5, 'three', null], bytes: new Uint8Array([1]) },
      attributes: { on: true },
    });
    using heard = hearWarnings();
    await provider.forceFlush();
    await provider.shutdown();
    expect(await rowsOf(project)).toMatchObject({ llmCalls: [{ promptTokens: 10, cost: 0.5 }] });
    expect(await statusOf(project)).toMatchObject([
      { received: 3, rejected: 1, ignored: [{ reason: 'OTHER_LOG' }] },
    ]);
    expect(heard.warnings).toMatchObject([
      { rejectedLogRecords: one, errorMessage: expect.stringContaining('llmCalls: model') },
    ]);
  });

  it.each([
    ['http/protobuf', 'delta', OTLPMetricExporter, { LINES_ADDED: 40 }, []],
    ['http/protobuf', 'cumulative', OTLPMetricExporter, {}, [1, 1]],
    ['http/json', 'delta', JsonMetricExporter, { LINES_ADDED: 40 }, []],
    ['http/json', 'cumulative', JsonMetricExporter, {}, ['1', '1']],
  ] as const)('sends metrics by %s, %s', async (name, temporality, Exporter, amounts, rejected) => {
    project = await otlp.project(`metrics-${name.replaceAll(/\W/g, '-')}-${temporality}`);
    const { headers } = project;
    const exporter = new Exporter({
      ...{ url: `${otlp.base}/v1/metrics`, headers },
      temporalityPreference: temporality === 'delta' ? 0 : 1,
    });
    const provider = new MeterProvider({
      ...{ resource, readers: [new PeriodicExportingMetricReader({ exporter })] },
    });
    const meter = provider.getMeter('com.anthropic.claude_code');
    meter.createCounter('claude_code.lines_of_code.count').add(40, { type: 'added', 'session.id': 's' });
    meter
      .createHistogram('http.client.duration', { advice: { explicitBucketBoundaries: [1, 10] } })
      .record(5);
    meter.createGauge('room.temperature').record(21.5);
    using heard = hearWarnings();
    await provider.forceFlush();
    await provider.shutdown();
    const { agentUsage = [] } = await rowsOf(project);
    const found = agentUsage.map((row) => row as { kind: string; amount: number });
    expect(Object.fromEntries(found.map(({ kind, amount }) => [kind, amount]))).toEqual(amounts);
    const [status] = await statusOf(project);
    expect(status?.ignored[0]).toMatchObject({ reason: 'OTHER_METRIC' });
    // Each of the two sends it once.
    expect(heard.warnings.map(({ rejectedDataPoints }) => rejectedDataPoints)).toEqual(rejected);
    expect(status?.rejected ?? 0).toBe(rejected.length);
  });
});
