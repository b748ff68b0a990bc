import { stringifyChunked } from '@discoveryjs/json-ext';
import { jsonLength } from '../core/json-length.ts';
import type { Services } from '../graphql/context.ts';

export type Portions = Services['portions'];

/** Characters of JSON, about, that take a few milliseconds to write. */
const LONG = 256 * 1024;
const CHARACTERS_PER_PORTION = 64 * 1024;
/** An estimate. */
const MICROSECONDS_PER_CHARACTER = 0.04;

/** The JSON of a value, made in turns of the event loop that others share. */
export async function* inPortions(value: unknown, { pass }: Portions): AsyncGenerator<string> {
  for (const text of stringifyChunked(value, { highWaterMark: CHARACTERS_PER_PORTION })) {
    yield text;
    await pass(CHARACTERS_PER_PORTION * MICROSECONDS_PER_CHARACTER);
  }
}

/** Whether the JSON of a value is long. Looks at no more of it than that takes. */
export const isLong = (value: unknown): boolean => jsonLength(value, LONG) >= LONG;
