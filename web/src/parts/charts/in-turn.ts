const waiting = new Set<() => void>();

function takeTurn(): void {
  const [first] = waiting;
  if (first === undefined) return;
  waiting.delete(first);
  if (waiting.size > 0) setTimeout(takeTurn);
  first();
}

/**
 * Runs each piece of work in a task of its own, so that the page answers clicks and keys between two.
 *
 * @returns withdraws the work if it has not run
 */
export function inTurn(work: () => void): () => void {
  // A function of its own: the same work may wait twice.
  const turn = () => work();
  if (waiting.size === 0) setTimeout(takeTurn);
  waiting.add(turn);
  return () => {
    waiting.delete(turn);
  };
}
