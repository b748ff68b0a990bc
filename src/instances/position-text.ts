import { z } from 'zod';
import { InvalidArgument } from '../core/errors.ts';
import { isUuid } from '../core/ids.ts';
import { type Arrivals, slotOf } from '../storage/positions.ts';

const position = z.tuple([
  z.string(),
  z
    .record(z.string().regex(/^\d{1,3}$/), z.number().int().nonnegative())
    .refine((arrivals) => Object.entries(arrivals).every(([slot, last]) => slotOf(last) === Number(slot))),
  // PostgreSQL fails for text that is not a UUID.
  z.string().refine(isUuid),
]);

/** Where a tail continues. */
export interface TailPosition {
  /** Everything up to here was published. */
  readonly after: Arrivals;
  /**
   * The id of the event that came with it, which shows whether the numbers still mean the same
   * events.
   */
  readonly event: string;
}

/** The text of a position, which is the same on all instances. */
export const writePosition = (dataset: string, { after, event }: TailPosition): string =>
  Buffer.from(JSON.stringify([dataset, after, event])).toString('base64url');

/** @throws InvalidArgument for a text that is not a position in the dataset */
export function readPosition(dataset: string, text: string): TailPosition {
  try {
    const [of, after, event] = position.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (of === dataset) return { after, event };
  } catch {
    // Reported below.
  }
  throw new InvalidArgument(
    `This is not a position in the ${dataset}. Send the \`extensions.position\` of a result of the ` +
      'same subscription, or "" to start now.',
    'after',
  );
}
