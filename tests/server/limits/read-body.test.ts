import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createByteBudget } from '../../../src/server/limits/byte-budget.ts';
import { createBodyReader } from '../../../src/server/limits/read-body.ts';

const CHUNK = 100_000;

/** Reads a body of three chunks. */
async function read(budgetBytes: number, headers: Record<string, string> = {}) {
  const budget = createByteBudget(budgetBytes);
  const request = Object.assign(new PassThrough(), { headers });
  const reservation = budget.open();
  const outcome = createBodyReader({ limit: { bytes: 10 * CHUNK, variable: 'MAX_BODY_BYTES' } }).read(
    request as unknown as IncomingMessage,
    reservation,
  );
  for (let chunk = 0; chunk < 3; chunk++) request.write(Buffer.alloc(CHUNK, chunk));
  request.end();
  return { outcome: await outcome, held: reservation.held };
}

it('a body takes the size of its buffer from the budget, and in the end its own size', async () => {
  // The buffer doubles: 100,000, 200,000 and 400,000 bytes. Large bodies may use seven eighths.
  expect(await read(460_000)).toMatchObject({ outcome: { body: { length: 3 * CHUNK } }, held: 3 * CHUNK });
  expect(await read(450_000)).toMatchObject({ outcome: { refusal: { status: 503 } } });
});

it('a body that declares its length takes no more', async () => {
  const headers = { 'content-length': String(3 * CHUNK) };
  expect(await read(350_000, headers)).toMatchObject({ outcome: { body: { length: 3 * CHUNK } } });
});
