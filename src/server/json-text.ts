import { stringifyChunked } from '@discoveryjs/json-ext';
import { TelltaleError } from '../core/errors.ts';
import { jsonLength } from '../core/json-length.ts';
import type { Services } from '../graphql/context.ts';

export type Portions = Services['portions'];

/** The approximate number of JSON characters that take a few milliseconds to write. */
const LONG = 256 * 1024;
const CHARACTERS_PER_PORTION = 64 * 1024;
/** An estimate. */
const MICROSECONDS_PER_CHARACTER = 0.04;

/**
 * The JSON of a value, made in turns of the event loop that others share.
 *
 * @param most the most characters; default: any number
 * @throws TelltaleError QUERY_TOO_COMPLEX if it is longer
 */
export async function* inPortions(
  value: unknown,
  { pass }: Portions,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  let length = 0;
  for (const text of stringifyChunked(value, { highWaterMark: CHARACTERS_PER_PORTION })) {
    length += text.length;
    if (length > most) throw answerTooLong(most);
    yield text;
    await pass(CHARACTERS_PER_PORTION * MICROSECONDS_PER_CHARACTER);
  }
}

export const answerTooLong = (limit: number): TelltaleError =>
  new TelltaleError(
    'QUERY_TOO_COMPLEX',
    `The answer is longer than ${limit} bytes (MAX_ANSWER_BYTES). Ask for a smaller \`first\`, fewer fields, ` +
      'or fewer aliases of long texts.',
    { unit: 'bytes', limit },
  );

/** Whether the JSON of a value is long. Looks at no more of it than that takes. */
export const isLong = (value: unknown): boolean => jsonLength(value, LONG) >= LONG;
