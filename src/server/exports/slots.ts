import { TelltaleError } from '../../core/errors.ts';
import { createShares, type Shares } from '../limits/shares.ts';

const RETRY_AFTER_MS = 5_000;

/**
 * Limits how many downloads run at a time. One project may use at most half of the slots. `take`
 * fails with OVERLOADED if none is free.
 */
export const createSlots = (most: number): Shares => createShares(most, () => allTaken(most));

const allTaken = (most: number): TelltaleError =>
  new TelltaleError(
    'OVERLOADED',
    `At most ${most} exports may run at a time (MAX_EXPORTS), and at most half of them for one ` +
      `project. Try again in ${RETRY_AFTER_MS} ms.`,
    { retryAfterMs: RETRY_AFTER_MS },
  );
