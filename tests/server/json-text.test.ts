import { expect, it } from 'vitest';
import { inPortions } from '../../src/server/json-text.ts';

it('counts the bytes of a text, not its characters', async () => {
  async function write(most: number): Promise<string> {
    let written = '';
    for await (const text of inPortions('é'.repeat(10), { pass: async () => {} }, most)) written += text;
    return written;
  }
  await expect(write(21)).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
  expect(await write(22)).toBe(`"${'é'.repeat(10)}"`);
});
