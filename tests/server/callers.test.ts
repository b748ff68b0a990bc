import { expect, it } from 'vitest';
import { TelltaleError } from '../../src/core/errors.ts';
import { createMaskError } from '../../src/graphql/errors.ts';
import { createCallers } from '../../src/server/callers.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';

const refusalOf = async (error: Error) => {
  const maskError = createMaskError({ error: () => {} }, () => 'some-id');
  const access = { isOpen: false, authenticate: () => Promise.reject(error) };
  return createCallers({ access, maskError, trustedDocumentsOnly: false })(() => ({
    key: null,
    project: null,
  }));
};

it.each([
  [
    'an unavailable database',
    new StorageUnavailable('gone'),
    { status: 503, code: 'OVERLOADED', headers: { 'retry-after': '1' } },
    { retryAfterMs: 1000, correlationId: 'some-id' },
  ],
  [
    'a stopping server',
    new TelltaleError('UNAVAILABLE', 'The server stops.', { retryAfterMs: 1500 }),
    { status: 503, code: 'UNAVAILABLE', headers: { 'retry-after': '2' } },
    { retryAfterMs: 1500 },
  ],
  [
    'an unexpected error',
    new Error('a bug'),
    { status: 500, code: 'INTERNAL', headers: {} },
    { correlationId: 'some-id' },
  ],
  [
    'a missing key',
    new TelltaleError('UNAUTHENTICATED', 'No key.'),
    { status: 401, code: 'UNAUTHENTICATED', headers: { 'www-authenticate': 'Bearer realm="telltale"' } },
    {},
  ],
])('refuses with status, code and details for %s', async (_, error, refusal, details) => {
  expect(await refusalOf(error)).toEqual({
    refusal: { ...refusal, message: expect.any(String), details },
  });
});
