import { expect, it } from 'vitest';
import { readPosition, writePosition } from '../../src/instances/position-text.ts';
import { slotOf } from '../../src/storage/positions.ts';

const NUMBER = 7;
const after = { [slotOf(NUMBER)]: NUMBER };
const event = '01981234-5678-7abc-8def-0123456789ab';
const encoded = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

it('a position is read as it was written, and that of the version before, which has no event', () => {
  expect(readPosition('llmCalls', writePosition('llmCalls', { after, event }))).toEqual({ after, event });
  expect(readPosition('llmCalls', encoded(['llmCalls', after]))).toEqual({ after });
});

it.each([
  ['of another dataset', ['requestLogs', after, event]],
  ['with an id that PostgreSQL does not read', ['llmCalls', after, 'nothing']],
  ['with an id that it cannot even compare', ['llmCalls', after, '\0']],
  ['with more than there is', ['llmCalls', after, event, event]],
])('a position is refused: %s', (_, parts) => {
  expect(() => readPosition('llmCalls', encoded(parts))).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT' }),
  );
});
