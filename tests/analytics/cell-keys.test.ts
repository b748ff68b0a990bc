import { beforeAll, expect, it } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import { isOneOf } from '../../src/core/build-filter.ts';
import type { Filter } from '../../src/core/filter.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useStore } from './support/open-store.ts';
import { llmCall, uuidOf } from './support/sample.ts';

const range = { from: Date.parse('2026-03-05T00:00:00Z'), to: Date.parse('2026-03-06T00:00:00Z') };

const NOT_C: Filter = { ...isOneOf('provider', ['c']), negated: true };

describeEachDatabase('cells of a set of one dimension', (database) => {
  const opened = useStore(database);
  beforeAll(() =>
    opened.append(
      'keys',
      llmCalls,
      ['a', 'b', 'b', 'c', '"]'].map((provider, index) =>
        llmCall({ id: uuidOf(index), timestamp: range.from + index, provider }),
      ),
    ),
  );

  it.each([
    ['one value', isOneOf('provider', ['b']), 2, 1],
    ['some values', isOneOf('provider', ['b', 'c', 'nobody']), 3, 2],
    ['a value that is quoted in keys', isOneOf('provider', ['"]']), 1, 1],
    ['no value that there is', isOneOf('provider', ['nobody']), 0, 0],
    ['no value', { ...isOneOf('provider', ['b']), operator: 'in', value: [] }, 0, 0],
    ['an absent value', { ...isOneOf('provider', ['b']), value: null }, 0, 0],
    [
      'one or others',
      { kind: 'or', all: [isOneOf('provider', ['b', 'c']), isOneOf('provider', ['a'])] },
      4,
      3,
    ],
    ['what is named, whatever else', { kind: 'and', all: [NOT_C, isOneOf('provider', ['b', 'c'])] }, 2, 2],
    ['anything that is not named', { kind: 'or', all: [NOT_C, isOneOf('provider', ['b'])] }, 4, 4],
    ['all but one value', { ...isOneOf('provider', ['b']), negated: true }, 3, 4],
    ['a part of values', { ...isOneOf('provider', ['b']), operator: 'startsWith' }, 2, 4],
  ] as const)('are read for %s', async (_what, filter, rowCount, rowsRead) => {
    const analytics = createAnalytics({ store: opened.store });
    const scope = {
      dataset: llmCalls,
      projectId: 'keys',
      range,
      filter: filter as Filter,
    };
    const { value, source } = await analytics.totals(scope, []);
    expect(source).toMatchObject({ kind: 'ROLLUP', reason: 'DAY cells of provider' });
    expect([value.rowCount, source.rowsRead]).toEqual([rowCount, rowsRead]);
  });
});
