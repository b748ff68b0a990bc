import { describe, expect, test } from 'vitest';
import { mayBeAbsent } from '../../src/core/dataset/column.ts';
import { derivedId } from '../../src/core/ids.ts';
import { taskEvents } from '../../src/declarations/agents/task-events.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { requestLogs } from '../../src/declarations/traffic/request-logs.ts';
import { CALL, check, ID, NOW } from './support/check.ts';

test('fills in defaults, the values of the server, and those that the dataset computes', () => {
  expect(check(llmCalls, { ...CALL, promptTokens: 100, completionTokens: 20 })).toMatchObject({
    projectId: 'shop',
    id: ID,
    timestamp: NOW,
    receivedAt: NOW,
    service: null,
    provider: 'openai',
    operation: 'chat',
    cached: false,
    success: true,
    totalTokens: 120,
    cost: 250_000,
    costSource: 'COMPUTED',
    attributes: null,
  });
});

test('stores every column as it is sent', () => {
  const event = {
    ...CALL,
    id: ID.toUpperCase(),
    timestamp: '2026-11-20T10:00:00+05:30',
    service: 'checkout',
    success: false,
    statusCode: 429,
    cost: 0.000_000_123,
    errorMessage: 'password: hunter2',
    temperature: 0,
    attributes: { team: 'core' },
  };
  expect(check(llmCalls, event)).toMatchObject({
    id: ID,
    timestamp: Date.parse('2026-11-20T04:30:00Z'),
    service: 'checkout',
    success: false,
    statusCode: 429,
    cost: 123,
    costSource: 'REPORTED',
    errorMessage: 'password: ***',
    temperature: 0,
    attributes: '{"team":"core"}',
  });
});

test.each([
  ['a Date', { timestamp: new Date(NOW - 5) }, { timestamp: NOW - 5 }],
  [
    'null for an absent value',
    { id: null, operation: null, cost: null, promptTokens: null },
    { id: ID, operation: 'chat', promptTokens: 0 },
  ],
  ['undefined for an absent value', { streaming: undefined }, { streaming: false }],
  ['the latest timestamp', { timestamp: new Date(NOW + 86_400_000) }, { timestamp: NOW + 86_400_000 }],
  ['the longest text', { model: 'm'.repeat(200) }, { model: 'm'.repeat(200) }],
  ['a negative zero', { latencyMs: -0 }, { latencyMs: 0 }],
  ['a text to be cut', { errorMessage: 'x'.repeat(5_000) }, { errorMessage: 'x'.repeat(4_000) }],
  [
    'a text to be cut between the halves of a pair',
    { errorMessage: `${'x'.repeat(3_999)}😀` },
    { errorMessage: 'x'.repeat(3_999) },
  ],
  [
    'JSON with a backslash before u0000',
    { attributes: { a: '\\u0000' } },
    { attributes: '{"a":"\\\\u0000"}' },
  ],
])('accepts %s', (_, fields, row) => {
  expect(check(llmCalls, { ...CALL, ...fields })).toMatchObject(row);
});

test('shows only the start of a long value', () => {
  const result = check(llmCalls, { ...CALL, cached: 'x'.repeat(10_000) });
  expect(JSON.stringify(result).length).toBeLessThan(200);
});

test('derives the id from the natural key', () => {
  const event = { requestId: 'r-1', endpoint: '/', method: 'GET', statusCode: 404, latencyMs: 1 };
  expect(check(requestLogs, event)).toMatchObject({
    id: derivedId('shop', 'requestLogs', 'r-1'),
    success: false,
  });
});

test('accepts objects without a prototype, as GraphQL creates them', () => {
  expect(check(llmCalls, Object.assign(Object.create(null), CALL))).toMatchObject({ provider: 'openai' });
});

describe('empty text', () => {
  test('counts as absent: it is not a fault, and a default replaces it', () => {
    const empty = { statusCode: 200, errorType: '', errorMessage: '', operation: '', service: '' };
    expect(check(llmCalls, { ...CALL, ...empty })).toMatchObject({
      success: true,
      errorType: null,
      errorMessage: null,
      operation: 'chat',
      service: null,
    });
  });

  const texts = [...datasets, ...states].flatMap((table) =>
    table.columns
      .filter(({ kind, source, mayBeEmpty }) => kind === 'text' && source !== 'server' && !mayBeEmpty)
      .map((column) => [`${table.name}.${column.name}`, table, column] as const),
  );

  test.each(texts.filter(([, , column]) => mayBeAbsent(column)))('is absent as %s', (_, table, column) => {
    expect(check(table, { [column.name]: '' })).toEqual(check(table, {}));
  });

  test.each(texts.filter(([, , column]) => !mayBeAbsent(column)))('is refused as %s', (_, table, column) => {
    expect(check(table, { [column.name]: '' })).toMatchObject({ field: column.name, code: 'INVALID_VALUE' });
  });

  test.each([
    [
      'an empty assignee of a task',
      taskEvents,
      { taskId: 't', eventType: 'UPDATED', assignedTo: '' },
      'assignedTo',
    ],
    ['an error without a message', errorLogs, { errorType: 'Error', errorMessage: '' }, 'errorMessage'],
  ])('is kept if it has a meaning: %s', (_, dataset, event, field) => {
    expect(check(dataset, event)).toMatchObject({ [field]: '' });
  });
});
