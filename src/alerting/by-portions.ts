/**
 * Removes one portion after another, each in a transaction of its own, until one was not full or the signal says so. Answers how many
 * went in all.
 *
 * @param removePortion answers how many it removed, at most `portion`.
 */
export async function byPortions(
  portion: number,
  signal: AbortSignal | undefined,
  removePortion: () => Promise<number>,
): Promise<number> {
  let total = 0;
  let removed = portion;
  while (removed === portion && signal?.aborted !== true) {
    removed = await removePortion();
    total += removed;
  }
  return total;
}
