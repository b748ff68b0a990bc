/**
 * Does pieces of work step by step, one step of each in turn until all are done, so that a long
 * piece does not hold up the others. Each value that a piece yields is a step.
 */
export async function inRotation(pieces: Iterable<AsyncIterator<unknown>>): Promise<void> {
  let unfinished = [...pieces];
  while (unfinished.length > 0) {
    const left: AsyncIterator<unknown>[] = [];
    for (const piece of unfinished) if (!(await piece.next()).done) left.push(piece);
    unfinished = left;
  }
}
