import { z } from 'zod';
import { InvalidArgument } from '../core/errors.ts';
import { type Arrivals, slotOf } from '../storage/positions.ts';

const position = z.tuple([
  z.string(),
  z
    .record(z.string().regex(/^\d{1,3}$/), z.number().int().nonnegative())
    .refine((arrivals) => Object.entries(arrivals).every(([slot, last]) => slotOf(last) === Number(slot))),
]);

/** The text of a position, which is the same on all instances. */
export const writePosition = (dataset: string, arrivals: Arrivals): string =>
  Buffer.from(JSON.stringify([dataset, arrivals])).toString('base64url');

/** @throws InvalidArgument for a text that is no position in the dataset */
export function readPosition(dataset: string, text: string): Arrivals {
  try {
    const [of, arrivals] = position.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (of === dataset) return arrivals;
  } catch {
    // Said below.
  }
  throw new InvalidArgument(
    `This is no position in the ${dataset}. Give the \`extensions.position\` of a result of the same subscription, or "" to begin now.`,
    'after',
  );
}
