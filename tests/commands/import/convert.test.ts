import { describe, expect, it } from 'vitest';
import { convertValue } from '../../../src/commands/import/convert.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { columnOf } from '../../../src/core/dataset/table.ts';
import { alertRules } from '../../../src/declarations/alerts/alert-rules.ts';
import { architectures } from '../../../src/declarations/generations/architectures.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { errorLogs } from '../../../src/declarations/traffic/error-logs.ts';

const convert = (dataset: Dataset, name: string, value: unknown, timeZone = 'UTC') =>
  convertValue(columnOf(dataset, name), value, timeZone);

describe('times', () => {
  it.each([
    ['2023-11-16 18:17:03.9799600', 'UTC', '2023-11-16T18:17:03.979Z'],
    ['2023-11-16 18:17:03', 'UTC', '2023-11-16T18:17:03.000Z'],
    ['2023-11-16 18:17', 'UTC', '2023-11-16T18:17:00.000Z'],
    ['2023-11-16', 'UTC', '2023-11-16T00:00:00.000Z'],
    ['2023-11-16T18:17:03.5Z', 'Asia/Kolkata', '2023-11-16T18:17:03.500Z'],
    ['2023-11-16t18:17:03z', 'UTC', '2023-11-16T18:17:03.000Z'],
    ['2023-11-16T18:17:03+05:30', 'UTC', '2023-11-16T12:47:03.000Z'],
    ['2023-11-16 18:17:03 -0500', 'UTC', '2023-11-16T23:17:03.000Z'],
    ['2026-11-20 12:00:00.123+00', 'Asia/Kolkata', '2026-11-20T12:00:00.123Z'],
    ['2026-11-20 12:00:00-03', 'UTC', '2026-11-20T15:00:00.000Z'],
    ['2023-11-16 18:17:03', '+05:30', '2023-11-16T12:47:03.000Z'],
    ['2023-11-16 18:17:03,25', 'Asia/Kolkata', '2023-11-16T12:47:03.250Z'],
    // Clocks in New York went forward over 02:30 on 12 March and back over 01:30 on 5 November.
    ['2023-03-12 02:30:00', 'America/New_York', '2023-03-12T07:30:00.000Z'],
    ['2023-11-05 01:30:00', 'America/New_York', '2023-11-05T05:30:00.000Z'],
    ['1700158623', 'America/New_York', '2023-11-16T18:17:03.000Z'],
    ['1700158623.9799', 'UTC', '2023-11-16T18:17:03.979Z'],
    ['1700158623979', 'UTC', '2023-11-16T18:17:03.979Z'],
    [1_700_158_623_979, 'UTC', '2023-11-16T18:17:03.979Z'],
    ['2024-02-29', 'UTC', '2024-02-29T00:00:00.000Z'],
  ])('%j in %s: %s', (value, timeZone, expected) => {
    expect(convert(llmCalls, 'timestamp', value, timeZone)).toBe(expected);
  });

  it.each([
    'yesterday',
    '16/11/2023',
    '2023-02-29',
    '2023-13-01',
    '2023-11-16 25:00',
    '2023-11-16 18:17:03 CET',
    '2023-11-16 18:17:03+5',
    '2023-11-16 18:17:03+24',
    true,
    {},
  ])('%j is not a time', (value) => {
    expect(() => convert(llmCalls, 'timestamp', value)).toThrow(/is not a time, such as/);
  });
});

describe('other kinds', () => {
  it.each([
    ['llmCalls', 'promptTokens', '4808', 4808],
    ['llmCalls', 'latencyMs', ' 12.5 ', 12.5],
    ['llmCalls', 'cost', '1e-4', 0.0001],
    ['llmCalls', 'latencyMs', '+.5E+1', 5],
    ['llmCalls', 'latencyMs', '12.', 12],
    ['llmCalls', 'promptTokens', 7, 7],
    ['llmCalls', 'cached', 'TRUE', true],
    ['llmCalls', 'cached', '0', false],
    ['llmCalls', 'cached', 1, true],
    ['llmCalls', 'cached', false, false],
    ['llmCalls', 'model', 4, '4'],
    ['llmCalls', 'model', ' x ', ' x '],
    ['llmCalls', 'attributes', '{"a":1}', { a: 1 }],
    ['llmCalls', 'attributes', { a: 1 }, { a: 1 }],
    ['errorLogs', 'severity', 'critical', 'CRITICAL'],
    ['llmCalls', 'endUser', '', undefined],
    ['llmCalls', 'endUser', null, undefined],
    ['llmCalls', 'endUser', undefined, undefined],
  ])('%s.%s: %j', (dataset, name, value, expected) => {
    expect(convert(dataset === 'llmCalls' ? llmCalls : errorLogs, name, value)).toEqual(expected);
  });

  it.each([
    ['promptTokens', '12 tokens', '"12 tokens" is not a decimal number, such as 31 or -1.5e3'],
    ['latencyMs', ' ', '" " is not a decimal number, such as 31 or -1.5e3'],
    ['latencyMs', 'NaN', '"NaN" is not a decimal number, such as 31 or -1.5e3'],
    ['promptTokens', '0x1F', '"0x1F" is not a decimal number, such as 31 or -1.5e3'],
    ['promptTokens', '0b11', '"0b11" is not a decimal number, such as 31 or -1.5e3'],
    ['latencyMs', '1e999', '"1e999" is too large; numbers go up to 1.8e308'],
    ['latencyMs', Number.POSITIVE_INFINITY, 'The number is too large; numbers go up to 1.8e308'],
    [
      'attributes',
      '{"ids":[1e400]}',
      'the number at ids[0] has too many digits, and was read as Infinity; write it as text',
    ],
    [
      'attributes',
      '{"n":1000000000000000000000001}',
      'the number at n has too many digits, and was read as 1e+24',
    ],
    ['endUser', 2 ** 60, 'the number has too many digits, and was read as 1152921504606847000'],
    ['latencyMs', '1,000', '"1,000" is not a decimal number, such as 31 or -1.5e3'],
    ['cached', 'perhaps', '"perhaps" is not a boolean'],
    ['attributes', '{a}', '"{a}" is not JSON, such as {"region": "eu"} or [1, 2]'],
  ])('%s %j: %s', (name, value, message) => {
    expect(() => convert(llmCalls, name, value)).toThrow(message);
  });
});

describe('lists of texts and durations', () => {
  const tags = (value: unknown) => convertValue(columnOf(architectures, 'tags'), value, 'UTC');
  it.each([
    ['["a", "b"]', ['a', 'b']],
    [' []', []],
    ['a, b', ['a, b']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  ])('%j: %j', (value, expected) => {
    expect(tags(value)).toEqual(expected);
  });

  it('names a value that is not a list', () => {
    expect(() => tags('[a')).toThrow('"[a" is not JSON');
  });

  it('accepts a duration unchanged', () => {
    expect(convertValue(columnOf(alertRules, 'window'), 'PT5M', 'UTC')).toBe('PT5M');
  });
});
