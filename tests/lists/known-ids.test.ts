import { expect, it } from 'vitest';
import { both, isOneOf } from '../../src/core/build-filter.ts';
import type { Filter } from '../../src/core/filter.ts';
import { derivedId } from '../../src/core/ids.ts';
import { gitCommits } from '../../src/declarations/agents/git-commits.ts';
import { errorLogs } from '../../src/declarations/traffic/error-logs.ts';
import { withKnownIds } from '../../src/lists/known-ids.ts';

const idOf = (hash: string): string => derivedId('shop', 'gitCommits', hash);
const COMMIT = isOneOf('commitHash', ['abc1234']);
const COMMITS = isOneOf('commitHash', ['abc1234', 'def5678']);
const MINE = isOneOf('agentId', ['builder']);

const known = (filter: Filter | null) =>
  withKnownIds({ table: gitCommits, projectId: 'shop', filter }).filter;

it.each([
  ['one commit', COMMIT, both(isOneOf('id', [idOf('abc1234')]), COMMIT)],
  [
    'several commits of an agent',
    both(MINE, COMMITS),
    both(isOneOf('id', [idOf('abc1234'), idOf('def5678')]), both(MINE, COMMITS)),
  ],
])('adds the ids of %s', (_, filter, expected) => {
  expect(known(filter)).toEqual(expected);
});

it.each<[string, Filter | null]>([
  ['nothing', null],
  ['another column', MINE],
  ['all other commits', { ...COMMIT, negated: true }],
  ['a part of the key', { ...COMMIT, operator: 'startsWith' }],
  ['one condition or another', { kind: 'or', all: [COMMIT, MINE] }],
  ['no value', { ...COMMITS, value: [] }],
])('does not change a filter by %s', (_, filter) => {
  expect(known(filter)).toBe(filter);
});

it('does not change tables without a natural key', () => {
  const scope = { table: errorLogs, projectId: 'shop', filter: isOneOf('requestId', ['req-1']) };
  expect(withKnownIds(scope)).toBe(scope);
});
