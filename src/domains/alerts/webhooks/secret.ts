import { randomBytes } from 'node:crypto';
import { InvalidArgument } from '../../../core/errors.ts';
import type { InputBuilder } from '../../../graphql/builder.ts';

/** As standardwebhooks.com wants it. */
const PREFIX = 'whsec_';
const [FEWEST_BYTES, MOST_BYTES] = [24, 64];
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The secret that the client gives, or a new one. @throws InvalidArgument at `input.secret`. */
export function chooseSecret(given: string | null | undefined): string {
  if (given == null) return `${PREFIX}${randomBytes(FEWEST_BYTES).toString('base64')}`;
  const key = given.startsWith(PREFIX) ? given.slice(PREFIX.length) : '';
  const bytes = BASE64.test(key) && key.length % 4 === 0 ? Buffer.from(key, 'base64').byteLength : 0;
  if (bytes >= FEWEST_BYTES && bytes <= MOST_BYTES) return given;
  // Not even a wrong secret is repeated.
  throw new InvalidArgument(
    `secret must be "${PREFIX}" and ${FEWEST_BYTES} to ${MOST_BYTES} random bytes in base64.`,
    'input.secret',
  );
}

/** A secret that the client chooses. */
export function secretInput(t: InputBuilder) {
  return {
    secret: t.string({
      description: `Signs what is sent: "${PREFIX}" and ${FEWEST_BYTES} to ${MOST_BYTES} random bytes in base64. Default: a new one.`,
    }),
  };
}
