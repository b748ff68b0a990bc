import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { createCollector } from '../../src/otlp/mapping/mapped.ts';
import { MAX_ENTRIES } from '../../src/otlp/protocol/entry-count.ts';
import { MAX_JSON_PARTS } from '../../src/otlp/protocol/json-size.ts';
import { type Encoding, readRequest } from '../../src/otlp/protocol/read-request.ts';
import { ITEMS_PER_PORTION, type Signal } from '../../src/otlp/protocol/telemetry.ts';
import { createTexts } from '../../src/otlp/protocol/wire-reader.ts';

const LENGTH = 2;
/** Nested fields with a length, the outermost first. */
const within = (fields: readonly number[], body: Uint8Array): Uint8Array =>
  fields.reduceRight((inner, field) => new BinaryWriter().tag(field, LENGTH).bytes(inner).finish(), body);
/** The empty field this many times, with two bytes each. */
const repeated = (field: number, count: number): Buffer =>
  Buffer.alloc(count * 2, Buffer.from([(field << 3) | LENGTH, 0]));
const inJson = (text: string, count: number): string => Array.from({ length: count }, () => text).join();

function read(signal: Signal, encoding: Encoding, body: Uint8Array | string) {
  return [...readRequest(signal, { bytes: Buffer.from(body), encoding }, createTexts())];
}

const TOO_MANY = MAX_ENTRIES + 1;
const ITEM = [1, 2, 2];

describe('a request with too many entries', () => {
  it.each<[string, Signal, readonly number[], number]>([
    ['resources', 'TRACES', [], 1],
    ['scopes', 'LOGS', [1], 2],
    ['items', 'LOGS', [1, 2], 2],
    ['events of a span', 'TRACES', ITEM, 11],
    ['attributes of an event', 'TRACES', [...ITEM, 11], 3],
    ['points of a sum', 'METRICS', [...ITEM, 7], 1],
    ['points of a gauge', 'METRICS', [...ITEM, 5], 1],
    ['attributes of a point', 'METRICS', [...ITEM, 7, 1], 7],
    ['attributes of a resource', 'TRACES', [1, 1], 1],
    ['values of a list', 'LOGS', [...ITEM, 5, 5], 1],
    ['values of a map', 'LOGS', [...ITEM, 5, 6], 1],
  ])('is refused for its %s in protobuf', (_, signal, outer, field) => {
    const body = within(outer, repeated(field, TOO_MANY));
    expect(() => read(signal, 'PROTOBUF', body)).toThrow(`more than ${MAX_ENTRIES} resources`);
  });

  it.each<[string, Signal, string, string]>([
    ['resources', 'TRACES', '{"resourceSpans":[', ']}'],
    ['events of a span', 'TRACES', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"events":[', ']}]}]}]}'],
    [
      'points of a metric',
      'METRICS',
      '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[',
      ']}}]}]}]}',
    ],
    [
      'values of a list',
      'LOGS',
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"arrayValue":{"values":[',
      ']}}}]}]}]}',
    ],
  ])('is refused for its %s in JSON', (_, signal, before, after) => {
    const body = `${before}${inJson('{}', TOO_MANY)}${after}`;
    expect(() => read(signal, 'JSON', body)).toThrow(`more than ${MAX_ENTRIES} resources`);
  });
});

describe('JSON', () => {
  const spans = (member: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[{${member}}]}]}]}`;

  it.each([
    ['objects in places that are not read', `{"unknown":[${inJson('{}', MAX_JSON_PARTS / 2)}]}`],
    ['lists within lists', '['.repeat(MAX_JSON_PARTS + 1)],
    ['members', `{"unknown":[${inJson('0', MAX_JSON_PARTS)}]}`],
  ])('is not parsed if it would become too many %s', (_, body) => {
    expect(() => read('TRACES', 'JSON', body)).toThrow(/has \d+ objects, lists and members/);
  });

  it('is not counted within texts', () => {
    const text = JSON.stringify(`${'{[,'.repeat(MAX_JSON_PARTS / 3)}"\\{`);
    expect(read('TRACES', 'JSON', spans(`"name":${text}`))).toMatchObject([{ items: [{ spanId: '' }] }]);
  });
});

describe('the parts that are read of a request', () => {
  it('arrive in batches, also for one metric', () => {
    const count = 2 * ITEMS_PER_PORTION + 1;
    const metrics = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":{"dataPoints":[${inJson('{}', count)}]}}]}]}]}`;
    const sizes = [
      read('METRICS', 'PROTOBUF', within([...ITEM, 7], repeated(1, count))),
      read('METRICS', 'JSON', metrics),
    ].map((batches) => batches.map(({ items }) => items.length));
    const expected = [ITEMS_PER_PORTION, ITEMS_PER_PORTION, 1];
    expect(sizes).toEqual([expected, expected]);
  });

  it('include only exceptions among the events of spans', () => {
    const event = (name: string) => within([11], within([2], Buffer.from(name)));
    const span = Buffer.concat([event('exception'), event('message'), repeated(11, 1)]);
    const events = '[{"name":"exception"},{"name":"message"},{}]';
    const json = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"events":${events}}]}]}]}`;
    for (const batches of [read('TRACES', 'PROTOBUF', within(ITEM, span)), read('TRACES', 'JSON', json)])
      expect(batches).toMatchObject([{ items: [{ events: [{ name: 'exception' }] }] }]);
  });

  it('are counted together for one sender, for any number of resources', () => {
    const collector = createCollector();
    for (const sender of ['one', 'other', 'one']) {
      collector.begin(sender);
      collector.next();
    }
    expect(collector.batches).toMatchObject([
      { sender: 'one', items: 2 },
      { sender: 'other', items: 1 },
    ]);
  });
});
