import { expect, it } from 'vitest';
import { createHeldBytes } from '../../../src/core/held-bytes.ts';
import {
  type BrokenAnswer,
  createUnreadAnswers,
  type UnreadOptions,
} from '../../../src/server/limits/unread-answers.ts';

function openUnread(options: Partial<UnreadOptions> = {}) {
  const broken: string[] = [];
  const notes: BrokenAnswer[] = [];
  const held = options.held ?? createHeldBytes(380);
  const unread = createUnreadAnswers({
    ...{ held, answerBytes: 1_000, onBrokenOff: (answer) => notes.push(answer) },
    ...options,
  });
  /** An answer of 80 bytes in two parts, which is whole. */
  const send = (name: string, onBroken = () => {}) => {
    const answer = unread.open('shop', () => {
      broken.push(name);
      onBroken();
    });
    for (let part = 0; part < 2; part++) answer.add('x'.repeat(40));
    expect(answer.send().map(({ length }) => length)).toEqual([40, 40]);
    return answer;
  };
  return { held, unread, send, broken, notes };
}

it('breaks off the answer whose client has taken nothing for longest when unread ones are too long together', () => {
  const { send, broken, notes, held } = openUnread();
  const first = send('first');
  const second = send('second');
  first.taken(40);
  const third = send('third');
  expect(broken).toEqual(['second']);
  expect(notes).toEqual([{ projectId: 'shop', unreadBytes: 80, stalledMs: expect.any(Number) }]);
  // What is over takes no room.
  second.close();
  third.close();
  send('fourth').close();
  expect(broken).toEqual(['second']);
  first.close();
  expect(held.used).toBe(0);
});

it('lets an answer alone be as long as one may be, and no longer', () => {
  const { unread, held } = openUnread({ held: createHeldBytes(10) });
  const answer = unread.open('shop', () => expect.unreachable());
  answer.add('x'.repeat(998));
  answer.add('é');
  expect(held.used).toBe(1_000);
  expect(() => answer.add('x')).toThrow(
    expect.objectContaining({
      code: 'QUERY_TOO_COMPLEX',
      message: expect.stringContaining('MAX_ANSWER_BYTES'),
    }),
  );
  answer.close();
  expect(held.used).toBe(0);
});

it('breaks off an answer that stalls while a read waits for its room, and none that nobody waits for', async () => {
  const { held, send, broken } = openUnread({ stalledMs: 5 });
  await new Promise<void>((resolve) => {
    const stalled = send('stalled', resolve);
    const reading = held.open({ projectId: 'shop', isSmall: false });
    held.add('shop', 40);
    held.open({ projectId: 'shop', isSmall: false }).hold(1);
    expect(reading.mayRead(stalled.close)).toBe(false);
    expect(broken).toEqual([]);
  });
  expect(broken).toEqual(['stalled']);
});
