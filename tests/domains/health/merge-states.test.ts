import { describe, expect, it } from 'vitest';
import {
  meanOf,
  recentQueriesOf,
  sumOf,
  topPatternsOf,
} from '../../../src/domains/health/rag-overview/merge-states.ts';
import type { RagState } from '../../../src/domains/health/rag-overview/read-states.ts';

function state(fields: Partial<RagState>): RagState {
  return {
    id: 'id',
    timestamp: new Date(0),
    totalPatterns: 0,
    totalQueries: 0,
    averageResponseTimeMs: null,
    hitRate: null,
    queryVolumeLastHour: 0,
    topPatterns: null,
    recentQueries: null,
    ...fields,
  };
}

describe('sums and means', () => {
  it('adds up the counts of each service', () => {
    const states = [state({ totalQueries: 3 }), state({ totalQueries: 4 })];
    expect(sumOf(states, 'totalQueries')).toBe(7);
    expect(sumOf([], 'totalPatterns')).toBe(0);
  });

  it.each([
    ['no service', [], null],
    ['no service that reports it', [{ totalQueries: 3 }], null],
    ['one service that reports it', [{ hitRate: 0.5, totalQueries: 3 }, { totalQueries: 100 }], 0.5],
    [
      'weighted by queries',
      [
        { hitRate: 1, totalQueries: 1 },
        { hitRate: 0, totalQueries: 3 },
      ],
      0.25,
    ],
    ['no queries yet', [{ hitRate: 1 }, { hitRate: 0 }], 0.5],
    ['none by one of two services', [{ hitRate: 1, totalQueries: 5 }, { hitRate: 0 }], 1],
  ])('means: %s', (_, states, mean) => {
    expect(meanOf(states.map(state), 'hitRate')).toBe(mean);
  });
});

describe('topPatternsOf', () => {
  it('adds up the counts of all services, under any field name, and sorts them', () => {
    const states = [
      state({ topPatterns: [{ pattern: 'retry', count: 5 }, { name: 'cache', hits: 2 }, 'retry'] }),
      state({ topPatterns: [{ query: 'cache', frequency: 3.5 }, { pattern: 'saga' }, 'alpha'] }),
    ];
    expect(topPatternsOf(states, 10)).toEqual([
      { pattern: 'retry', count: 6 },
      { pattern: 'cache', count: 5.5 },
      { pattern: 'alpha', count: 1 },
      { pattern: 'saga', count: 1 },
    ]);
    expect(topPatternsOf(states, 1)).toEqual([{ pattern: 'retry', count: 6 }]);
  });

  it.each([
    [null],
    ['retry'],
    [{ retry: 5 }],
    [[null, 3, '', [], {}]],
    [[{ pattern: 7, count: 1 }, { pattern: '', count: 1 }, { count: 1 }]],
    [
      [
        { pattern: 'retry', count: '5' },
        { pattern: 'retry', count: -1 },
      ],
    ],
  ])('ignores a value that is not a pattern: %j', (topPatterns) => {
    expect(topPatternsOf([state({ topPatterns })], 10)).toEqual([]);
  });
});

describe('recentQueriesOf', () => {
  it('gives queries as they were sent, service by service', () => {
    const states = [
      state({ recentQueries: ['a', { text: 'b' }, null] }),
      state({ recentQueries: 'none' }),
      state({ recentQueries: [1] }),
    ];
    expect(recentQueriesOf(states, 10)).toEqual(['a', { text: 'b' }, 1]);
    expect(recentQueriesOf(states, 2)).toEqual(['a', { text: 'b' }]);
  });
});
