import { expect, it } from 'vitest';
import { createUnreadAnswers } from '../../../src/server/limits/unread-answers.ts';

const parts = () => [Buffer.alloc(40), Buffer.alloc(40)];

it('breaks off the answer that has waited longest when unread answers are too large together', () => {
  const broken: string[] = [];
  const unread = createUnreadAnswers(200);
  const open = (name: string) => unread.open(parts(), () => broken.push(name));
  open('first');
  const second = open('second');
  const third = open('third');
  expect(broken).toEqual(['first']);
  // What was taken, and what is over, takes no room.
  expect([...second]).toHaveLength(2);
  third.close();
  open('fourth');
  open('fifth');
  expect(broken).toEqual(['first']);
});

it('lets an answer alone be as long as it is', () => {
  const [answer] = [createUnreadAnswers(10).open(parts(), () => expect.unreachable())];
  expect([...answer]).toHaveLength(2);
});
