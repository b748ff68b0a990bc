import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { rowId } from '../../../src/commands/import/events.ts';
import { isUuid } from '../../../src/core/ids.ts';

it('the id of a row is a UUID that ascends with the line', () => {
  const digest = createHash('sha256').update('x').digest('hex');
  const ids = [1, 9, 10, 255, 256, 1e9].map((line) => rowId(digest, line));
  expect(ids.every(isUuid)).toBe(true);
  expect(ids).toEqual(ids.toSorted());
  expect(ids[0]?.[14]).toBe('8');
  expect(ids[0]?.[19]).toBe('8');
});
