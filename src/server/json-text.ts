import { stringifyChunked } from '@discoveryjs/json-ext';
import { jsonLength } from '../core/json-length.ts';
import type { Services } from '../graphql/context.ts';

export type Portions = Services['portions'];

/** The approximate number of JSON characters that take a few milliseconds to write. */
const LONG = 256 * 1024;
const CHARACTERS_PER_PORTION = 64 * 1024;
/** An estimate. */
const MICROSECONDS_PER_CHARACTER = 0.04;

/** The JSON of a value, made in turns of the event loop shared with other requests. */
export async function* inPortions(value: unknown, { pass }: Portions): AsyncGenerator<string> {
  for (const text of stringifyChunked(value, { highWaterMark: CHARACTERS_PER_PORTION })) {
    yield text;
    await pass(CHARACTERS_PER_PORTION * MICROSECONDS_PER_CHARACTER);
  }
}

/** Whether the JSON of a value is long. Reads only as much of the value as needed. */
export const isLong = (value: unknown): boolean => jsonLength(value, LONG) >= LONG;
