/** Slots for concurrent work. One owner may take at most half of them. */
export interface Shares {
  /**
   * Takes a slot.
   *
   * @param owner null if no share applies
   * @returns a function to call once, which gives the slot back
   * @throws the error of `refuse` if none is free
   */
  take(owner: string | null): () => void;
}

/** Why no slot is free: the owner has its half, or all are taken. */
export type FullShare = 'OWN' | 'ALL';

/** The slots that one owner may take. */
export const shareOf = (most: number): number => Math.ceil(most / 2);

export function createShares(most: number, refuse: (full: FullShare) => Error): Shares {
  const share = shareOf(most);
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(owner) {
      const own = owner === null ? 0 : (taken.get(owner) ?? 0);
      if (own >= share) throw refuse('OWN');
      if (all >= most) throw refuse('ALL');
      all++;
      if (owner !== null) taken.set(owner, own + 1);
      return () => {
        all--;
        if (owner === null) return;
        const left = (taken.get(owner) ?? 1) - 1;
        if (left === 0) taken.delete(owner);
        else taken.set(owner, left);
      };
    },
  };
}
