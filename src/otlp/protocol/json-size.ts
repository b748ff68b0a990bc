import { InvalidArgument } from '../../core/errors.ts';
import { MAX_ENTRIES } from './entry-count.ts';

/**
 * An attribute has two objects and two commas; items have a few more. So a request with at most
 * `MAX_ENTRIES` entries stays below this.
 */
export const MAX_JSON_PARTS = 5 * MAX_ENTRIES;

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [LIST, OBJECT] = [0x5b, 0x7b];

/**
 * Checks the size of JSON before it is parsed: two bytes of it can be an object, which takes thirty
 * times as much memory. Counts everything outside texts that begins an object, a list, or the next
 * member of either. Leaves text that is not JSON to the parser.
 *
 * @throws InvalidArgument for more than `MAX_JSON_PARTS`
 */
export function assertJsonSize(bytes: Buffer): void {
  let parts = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at + 1);
    else if (byte === COMMA || byte === LIST || byte === OBJECT) parts++;
  }
  if (parts <= MAX_JSON_PARTS) return;
  throw new InvalidArgument(
    `The body has ${parts} objects, lists and members, of which at most ${MAX_JSON_PARTS} are read. ` +
      'Send it in several requests. Nothing was stored.',
    'body',
  );
}

/** The position of the quote that ends a text. */
function endOfText(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
