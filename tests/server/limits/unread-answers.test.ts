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
  /** An answer of 80 bytes in two parts, which is complete. */
  const send = async (name: string, onBroken = () => {}) => {
    const answer = unread.open('shop', () => {
      broken.push(name);
      onBroken();
    });
    for (let part = 0; part < 2; part++) {
      answer.add('x'.repeat(40));
      await answer.room();
    }
    expect(answer.send().map(({ length }) => length)).toEqual([40, 40]);
    return answer;
  };
  return { held, unread, send, broken, notes };
}

it('cuts off the answer whose client has read nothing for longest when unread answers are too long together', async () => {
  const { send, broken, notes, held } = openUnread({ stalledMs: 5 });
  const first = await send('first');
  const second = await send('second');
  first.taken(40);
  const third = await send('third');
  expect(broken).toEqual(['second']);
  expect(notes).toEqual([{ projectId: 'shop', unreadBytes: 80, stalledMs: expect.any(Number) }]);
  // An answer that is over uses no room.
  second.close();
  third.close();
  (await send('fourth')).close();
  expect(broken).toEqual(['second']);
  first.close();
  expect(held.used).toBe(0);
});

it('cuts off no answer whose client soon makes room', async () => {
  const { send, broken } = openUnread({ stalledMs: 3_600_000 });
  const [first, second] = [await send('first'), await send('second')];
  const third = send('third');
  first.taken(40);
  second.taken(40);
  await third;
  expect(broken).toEqual([]);
});

it('lets a single answer be as long as one may be, but no longer', () => {
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

it('cuts off an answer that stalls while a read waits for its room, and none that nobody waits for', async () => {
  const { held, send, broken } = openUnread({ stalledMs: 5 });
  let onBroken = () => {};
  const gone = new Promise<void>((resolve) => {
    onBroken = resolve;
  });
  const stalled = await send('stalled', onBroken);
  const reading = held.open({ projectId: 'shop', isSmall: false });
  held.add('shop', 40);
  held.open({ projectId: 'shop', isSmall: false }).hold(1);
  const read = (): boolean => reading.mayRead(read);
  expect(read()).toBe(false);
  expect(broken).toEqual([]);
  await gone;
  stalled.close();
  expect(broken).toEqual(['stalled']);
});
