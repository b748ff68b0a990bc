import type { Dataset } from './events.ts';
import { bytesOf, lengthOf, type PagedText } from './paged-texts.ts';

/** An event to send, as JSON: changes that the caller makes after recording it do not reach it. */
export interface Entry {
  readonly sequence: number;
  readonly dataset: Dataset;
  /** Its JSON. */
  readonly text: PagedText;
  /** When it was first sent; null if it was not. In milliseconds of a monotonic clock. */
  firstTriedAt: number | null;
}

/** The JSON of an event, until it has left the queue. */
export const jsonOf = ({ text }: Entry): Uint8Array => bytesOf(text);

export const sizeOf = ({ text }: Entry): number => lengthOf(text);
