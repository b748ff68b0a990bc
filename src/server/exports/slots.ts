import { TelltaleError } from '../../core/errors.ts';

const RETRY_AFTER_MS = 5_000;

/** Limits how many downloads run at a time. One project may use at most half of the slots. */
export interface Slots {
  /**
   * Takes a slot.
   *
   * @returns a function that releases it
   * @throws TelltaleError OVERLOADED if none is free
   */
  take(projectId: string): () => void;
}

export function createSlots(most: number): Slots {
  const mostOfProject = Math.ceil(most / 2);
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(projectId) {
      const ofProject = taken.get(projectId) ?? 0;
      if (all >= most || ofProject >= mostOfProject) throw allTaken(most);
      all++;
      taken.set(projectId, ofProject + 1);
      return () => {
        all--;
        const left = (taken.get(projectId) ?? 1) - 1;
        if (left === 0) taken.delete(projectId);
        else taken.set(projectId, left);
      };
    },
  };
}

const allTaken = (most: number): TelltaleError =>
  new TelltaleError(
    'OVERLOADED',
    `At most ${most} exports may run at a time (MAX_EXPORTS), and at most half of them for one ` +
      `project. Try again in ${RETRY_AFTER_MS} ms.`,
    { retryAfterMs: RETRY_AFTER_MS },
  );
