import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changedFields,
  type Definition,
  definitionColumns,
  definitionOf,
  type RecordedChange,
  stateAt,
} from '../../../src/domains/catalog/metrics/revision.ts';

const PRESENT: Definition = {
  name: 'Revenue',
  description: null,
  calculation: 'SUM(amount)',
  owner: '@revenue',
  dataSource: null,
  tags: ['a', 'b'],
  dependencies: [],
  trustScore: 75,
};

test('a revision holds all inputs of a metric except its id and creation time', () => {
  expect(definitionColumns.map(({ name }) => name)).toEqual(Object.keys(PRESENT));
  expect(definitionOf({ ...PRESENT, id: 'x', version: 3, testCount: 2 })).toEqual(PRESENT);
});

describe('changedFields', () => {
  const change = (field: string, newValue: unknown) => ({ field, oldValue: PRESENT[field], newValue });

  test.each<[string, Definition, unknown[]]>([
    ['no new values', {}, []],
    ['new values that are all the same', PRESENT, []],
    ['a text', { name: 'Total revenue' }, [change('name', 'Total revenue')]],
    ['a value where there was none', { description: 'All of it' }, [change('description', 'All of it')]],
    ['a value that is cleared', { owner: null }, [change('owner', null)]],
    ['an absent value that is cleared', { dataSource: null }, []],
    ['a list that is the same', { tags: ['a', 'b'] }, []],
    ['a list in another order', { tags: ['b', 'a'] }, [change('tags', ['b', 'a'])]],
    ['a number that is the same', { trustScore: 75 }, []],
    [
      'some of several fields',
      { trustScore: 80, name: 'Revenue', tags: [] },
      [change('tags', []), change('trustScore', 80)],
    ],
  ])('%s', (_what, wanted, expected) => {
    expect(changedFields(PRESENT, wanted)).toEqual(expected);
  });
});

describe('stateAt', () => {
  const changes: RecordedChange[] = [
    { version: 2, field: 'name', oldValue: 'Sales' },
    { version: 4, field: 'name', oldValue: 'Turnover' },
    { version: 4, field: 'owner', oldValue: null },
    { version: 3, field: 'tags', oldValue: ['a'] },
  ];

  test.each<[number, Definition]>([
    [4, {}],
    [3, { name: 'Turnover', owner: null }],
    [2, { name: 'Turnover', owner: null, tags: ['a'] }],
    [1, { name: 'Sales', owner: null, tags: ['a'] }],
  ])('version %i', (version, differences) => {
    expect(stateAt(PRESENT, changes, version)).toEqual({ ...PRESENT, ...differences });
  });

  test('returns each state of any sequence', () => {
    const definition = fc.record({
      ...Object.fromEntries(
        ['name', 'description', 'owner'].map((name) => [name, fc.constantFrom(null, 'x', 'y')]),
      ),
      tags: fc.subarray(['a', 'b', 'c']),
      trustScore: fc.double({ min: 0, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(definition, { minLength: 1 }), (wanted) => {
        const states: Definition[] = [PRESENT];
        const recorded: RecordedChange[] = [];
        for (const next of wanted) {
          const present = states.at(-1) as Definition;
          const version = states.length + 1;
          recorded.push(...changedFields(present, next).map((change) => ({ ...change, version })));
          states.push({ ...present, ...next });
        }
        const last = states.at(-1) as Definition;
        for (const [index, state] of states.entries()) {
          expect(stateAt(last, recorded.toReversed(), index + 1)).toEqual(state);
        }
      }),
    );
  });
});
