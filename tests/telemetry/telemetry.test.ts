import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it, vi } from 'vitest';
import { createExporter } from '../../src/telemetry/exporter.ts';
import { isOwnAddress } from '../../src/telemetry/own-address.ts';
import { type FinishedSpan, SPAN_KIND } from '../../src/telemetry/spans.ts';
import { groupTimes } from '../../src/telemetry/statement-groups.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { readTraceparent } from '../../src/telemetry/trace-context.ts';
import { traceRequest } from '../../src/telemetry/trace-request.ts';
import { createTracer } from '../../src/telemetry/tracer.ts';
import { startCollector } from './support/collector.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

it.each([
  [`00-${TRACE}-${SPAN}-01`, true],
  [`00-${TRACE}-${SPAN}-00`, false],
  [`cc-${TRACE}-${SPAN}-03-more`, true],
  [`00-${TRACE}-${SPAN}-01-more`, null],
  [`ff-${TRACE}-${SPAN}-01`, null],
  [`00-${'0'.repeat(32)}-${SPAN}-01`, null],
  [`00-${TRACE.toUpperCase()}-${SPAN}-01`, null],
  ['', null],
])('reads the traceparent %s', (header, isSampled) => {
  const expected = isSampled === null ? null : { traceId: TRACE, spanId: SPAN, isSampled };
  expect(readTraceparent(header)).toEqual(expected);
});

it.each([
  ['http://127.0.0.1:4318', true],
  ['http://localhost:4318/', true],
  ['http://[::1]:4318', true],
  ['http://0.0.0.0:4318', true],
  ['http://127.0.0.1:4319', false],
  ['http://collector.example:4318', false],
  ['http://localhost', false],
])('recognizes whether %s is the server itself', (endpoint, isOwn) => {
  expect(isOwnAddress(endpoint, [4000, 4318])).toBe(isOwn);
});

it('shows statements that run at the same time as one', () => {
  const times = [
    { start: 10, end: 12, statements: 1 },
    { start: 0, end: 5, statements: 1 },
    { start: 5.5, end: 6, statements: 1 },
    { start: 1, end: 3, statements: 1 },
  ];
  expect(groupTimes(times)).toEqual([
    { start: 0, end: 6, statements: 3 },
    { start: 10, end: 12, statements: 1 },
  ]);
});

it('keeps little of a long span, and nothing of one that has ended', () => {
  const ended: FinishedSpan[] = [];
  const tracer = createTracer({ share: 1, onEnd: (span) => ended.push(span) });
  const sort = vi.spyOn(Array.prototype, 'toSorted');
  tracer.span({ name: 'stream', kind: SPAN_KIND.SERVER, caller: null }, ({ end }) => {
    for (let start = 0; start < 20_000; start += 2) tracer.statement({ start, end: start });
    end();
    expect(tracer.isTracing()).toBe(false);
    tracer.statement({ start: 20_000, end: 20_000 });
  });
  const longest = Math.max(...sort.mock.contexts.map((sorted) => (sorted as unknown[]).length));
  sort.mockRestore();
  expect(longest).toBeLessThanOrEqual(1_000);
  const groups = ended.filter(({ name }) => name === 'database');
  expect(groups).toHaveLength(50);
  const count = groups.reduce((total, { attributes }) => total + Number(attributes['statements']), 0);
  expect(count).toBe(10_000);
});

it.each([
  ['text/event-stream', null],
  ['application/json', 'The client disconnected before it had its answer'],
])('recognizes that a client ends a stream: %s', (type, error) => {
  const ended: FinishedSpan[] = [];
  const tracer = createTracer({ share: 1, onEnd: (span) => ended.push(span) });
  const response = Object.assign(new EventEmitter(), { statusCode: 200, writableFinished: false });
  const shown = Object.assign(response, { getHeader: () => type }) as unknown as ServerResponse;
  traceRequest(tracer, { method: 'POST', url: '/graphql', headers: {} } as IncomingMessage, shown, () => {});
  response.emit('close');
  expect(ended).toMatchObject([{ name: 'POST', error }]);
});

it('waits at most two seconds for the last metrics', async () => {
  vi.useFakeTimers();
  const config = { endpoint: 'http://127.0.0.1:9', headers: {}, serviceName: 't', share: 1 };
  const telemetry = createTelemetry({
    ...config,
    metricsEveryMs: 60_000,
    resource: {},
    log: { warn: vi.fn() },
  });
  telemetry.start({ ports: [], readMetrics: () => new Promise(() => {}) });
  const stopped = vi.fn();
  const stopping = telemetry.stop().then(stopped);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(stopped).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(stopped).toHaveBeenCalled();
  await stopping;
  vi.useRealTimers();
});

it('does not send to itself', async () => {
  const warn = vi.fn();
  const config = { endpoint: 'http://localhost:4318', headers: {}, serviceName: 't', share: 1 };
  const telemetry = createTelemetry({ ...config, metricsEveryMs: 1000, resource: {}, log: { warn } });
  const readMetrics = vi.fn(async () => []);
  telemetry.start({ ports: [4000, 4318], readMetrics });
  await telemetry.stop();
  expect(warn).toHaveBeenCalledWith(expect.anything(), expect.stringContaining('is this server itself'));
  expect(readMetrics).not.toHaveBeenCalled();
});

it('keeps spans while the collector is busy, says so once, and drops those that it refuses', async () => {
  await using collector = await startCollector();
  const warn = vi.fn();
  const exporter = createExporter({
    ...{ endpoint: collector.endpoint, headers: {}, resource: {} },
    readMetrics: async () => [],
    log: { warn },
  });
  const { signal } = new AbortController();
  const span = { traceId: TRACE, parentSpanId: '', kind: SPAN_KIND.INTERNAL, attributes: {}, error: 'no' };
  const add = (name: string) => exporter.add({ ...span, spanId: SPAN, name, startMs: 1.5, endMs: 2.25 });
  add('first');
  collector.status = 503;
  await exporter.sendSpans(signal);
  await exporter.sendSpans(signal);
  expect(warn).toHaveBeenCalledTimes(1);
  collector.status = 200;
  await exporter.sendSpans(signal);
  expect(collector.spans).toMatchObject([
    { name: 'first', startMs: 1.5, endMs: 2.25, statusCode: 2, statusMessage: 'no' },
  ]);
  add('second');
  collector.status = 400;
  await exporter.sendSpans(signal);
  collector.status = 200;
  await exporter.sendSpans(signal);
  expect(collector.spans).toHaveLength(1);
  for (let count = 0; count < 5_000; count++) add(`span ${count}`);
  await exporter.sendSpans(signal);
  expect(collector.spans.length).toBeLessThan(4_200);
  expect(collector.spans.at(-1)?.name).toBe('span 4999');
});
