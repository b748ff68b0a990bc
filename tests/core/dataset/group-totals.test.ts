import { expect, it } from 'vitest';
import { mergeGroups } from '../../../src/core/dataset/group-totals.ts';

const STORED = '[[["bash",null],[2,0]]]';

it('adds up the groups of two states', () => {
  expect(mergeGroups(STORED, '[[["bash",null],[1,null]],[["edit","git"],[1,1]]]')).toBe(
    '[[["bash",null],[3,0]],[["edit","git"],[1,1]]]',
  );
});

it.each(['{}', 'null', '"text"', '[1]', '[["bash",[1]]]', '[[["bash",null],["1"]]]', '[[["bash"]]]'])(
  'omits what no state can have stored: %s',
  (other) => expect(mergeGroups(STORED, other)).toBe(STORED),
);
