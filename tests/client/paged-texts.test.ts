import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, createPagedTexts, lengthOf, type PagedText } from '../../client/src/paged-texts.ts';

const decode = (text: PagedText) => `${text.kind} ${new TextDecoder().decode(bytesOf(text))}`;

/** Short texts, such as events, and some that fill pages or need larger ones. */
const texts = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 200_000 }).map((length) => 'ü'.repeat(length)) },
);
const steps = fc.array(
  fc.oneof(
    fc.record({ push: texts, kind: fc.integer({ min: 0, max: 255 }) }),
    fc.constantFrom(
      'shift' as const,
      'free the oldest' as const,
      'free the newest' as const,
      'clear' as const,
    ),
  ),
  { maxLength: 60 },
);

it('a queue of paged texts holds the same as a list of strings, and keeps what was taken until it is freed', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const queue = createPagedTexts();
      let waiting: string[] = [];
      let taken: { text: PagedText; expected: string }[] = [];
      for (const step of all) {
        if (typeof step === 'object') {
          expect(queue.push(step.kind, step.push)).toBe(Buffer.byteLength(step.push));
          waiting.push(`${step.kind} ${step.push}`);
        } else if (step === 'clear') {
          queue.clear();
          [waiting, taken] = [[], []];
        } else if (step === 'shift') {
          const text = queue.shift();
          const expected = waiting.shift();
          if (text === undefined || expected === undefined) expect(text).toBe(expected);
          else taken.push({ text, expected });
        } else {
          const one = step === 'free the oldest' ? taken.shift() : taken.pop();
          if (one !== undefined) queue.free(one.text);
        }
        expect(queue.length).toBe(waiting.length);
        const first = queue.peek();
        expect(first && decode(first)).toBe(waiting[0]);
        expect(taken.map(({ text }) => decode(text))).toEqual(taken.map(({ expected }) => expected));
        expect(taken.every(({ text }) => lengthOf(text) === bytesOf(text).length)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});
