import { expect, test } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { filterableColumns, readFilter } from '../../src/filter/read-filter.ts';
import { uuidOf } from '../support/events.ts';

const FIELDS = filterableColumns(llmCalls)
  .map(({ name }) => name)
  .join(', ');
const COST_SOURCES = 'REPORTED, COMPUTED, UNKNOWN';

test('a filter of plain JSON means what the same filter of a field means', () => {
  const filter = {
    provider: { in: ['openai', 'anthropic'] },
    costSource: { ne: 'UNKNOWN' },
    cost: { gte: 0.5 },
    id: { eq: `LlmCall:${uuidOf(7).toUpperCase()}` },
    or: [{ timestamp: { lt: '2026-11-22T13:00:00+01:00' } }, { not: { costSource: { in: ['REPORTED'] } } }],
  };
  expect(readFilter(llmCalls, filter)).toEqual({
    kind: 'and',
    all: [
      { kind: 'test', field: 'provider', operator: 'in', value: ['openai', 'anthropic'], negated: false },
      { kind: 'test', field: 'costSource', operator: 'eq', value: 'UNKNOWN', negated: true },
      { kind: 'test', field: 'cost', operator: 'gte', value: 500_000_000, negated: false },
      { kind: 'test', field: 'id', operator: 'eq', value: uuidOf(7), negated: false },
      {
        kind: 'or',
        all: [
          {
            kind: 'test',
            field: 'timestamp',
            operator: 'lt',
            value: Date.parse('2026-11-22T12:00:00Z'),
            negated: false,
          },
          { kind: 'test', field: 'costSource', operator: 'eq', value: 'REPORTED', negated: true },
        ],
      },
    ],
  });
});

test.each<[string, unknown, string, string]>([
  ['a value that is not an object', ['openai'], 'input.filter', 'input.filter takes an object.'],
  [
    'an unknown field',
    { vendor: { eq: 'x' } },
    'input.filter.vendor',
    `There is no field vendor to filter by. The fields are ${FIELDS}, attributes, tags; and, or and not combine them.`,
  ],
  [
    'a value in place of operators',
    { model: 'gpt-4o' },
    'input.filter.model',
    'input.filter.model takes an object.',
  ],
  [
    'an enum in place of operators',
    { costSource: 'REPORTED' },
    'input.filter.costSource',
    'input.filter.costSource takes an object.',
  ],
  [
    'a value that is not in the enum',
    { costSource: { eq: 'FREE' } },
    'input.filter.costSource.eq',
    `input.filter.costSource.eq takes one of ${COST_SOURCES}.`,
  ],
  [
    'a name that objects inherit',
    { costSource: { eq: 'constructor' } },
    'input.filter.costSource.eq',
    `input.filter.costSource.eq takes one of ${COST_SOURCES}.`,
  ],
  [
    'such a value in a nested list',
    { and: [{ or: [{ costSource: { notIn: ['REPORTED', 'reported'] } }] }] },
    'input.filter.and.0.or.0.costSource.notIn.1',
    `input.filter.and.0.or.0.costSource.notIn.1 takes one of ${COST_SOURCES}.`,
  ],
  [
    'a number in place of an enum',
    { costSource: { in: [1] } },
    'input.filter.costSource.in.0',
    'input.filter.costSource.in.0 takes text.',
  ],
  [
    'an id of another type',
    { not: { id: { in: [`RequestLog:${uuidOf(7)}`] } } },
    'input.filter.not.id.in.0',
    `"RequestLog:${uuidOf(7)}" is the id of another type, not of LlmCall.`,
  ],
  [
    'a time without an offset',
    { timestamp: { gt: '2026-11-22T12:00:00' } },
    'input.filter.timestamp.gt',
    'input.filter.timestamp.gt takes an instant such as 2026-01-31T12:00:00Z.',
  ],
  [
    'JSON',
    { attributes: { eq: 1 } },
    'input.filter.attributes.0.path',
    'input.filter.attributes.0.path takes the path of an attribute.',
  ],
])('%s is refused at its place', (_, filter, argument, message) => {
  const read = () => readFilter(llmCalls, filter, 'input.filter');
  expect(read).toThrow(expect.objectContaining({ message, details: { argument } }));
});

test.each([null, undefined, {}, { and: [] }, { provider: null }])('%j is not a filter', (filter) => {
  expect(readFilter(llmCalls, filter)).toBeNull();
});
