import type { Dataset } from './events.ts';
import { bytesOf, lengthOf, type PagedText } from './paged-texts.ts';

/** An event that is sent, as JSON: what the caller changed after it was recorded does not reach it. */
export interface Entry {
  readonly sequence: number;
  readonly dataset: Dataset;
  /** Its JSON. */
  readonly text: PagedText;
  /** When it was first sent; null if it was not. Milliseconds of a clock that never steps back. */
  firstTriedAt: number | null;
}

/** The JSON of an event, until it has left the queue. */
export const jsonOf = ({ text }: Entry): Uint8Array => bytesOf(text);

export const sizeOf = ({ text }: Entry): number => lengthOf(text);
