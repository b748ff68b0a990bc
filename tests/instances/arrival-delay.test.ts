import { expect, it } from 'vitest';
import { createArrivalDelay } from '../../src/instances/arrival-delay.ts';

it('is the age of the oldest notice whose events are not published', () => {
  let now = 0;
  const delay = createArrivalDelay(() => now);
  expect(delay.ms()).toBe(0);
  delay.committed({ 0: 5 });
  now = 10;
  delay.committed({ 0: 5 });
  delay.committed({ 0: 7 });
  expect(delay.ms()).toBe(10);
  delay.published({ 0: 6 });
  now = 30;
  expect(delay.ms()).toBe(20);
  delay.published({ 0: 7 });
  expect(delay.ms()).toBe(0);
});
