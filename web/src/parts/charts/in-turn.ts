const waiting = new Set<() => void>();

function takeTurn(): void {
  const [first] = waiting;
  if (first === undefined) return;
  waiting.delete(first);
  if (waiting.size > 0) setTimeout(takeTurn);
  first();
}

/**
 * Runs each piece of work in its own task, so that the page handles clicks and keys in between.
 *
 * @returns a function that cancels the work if it has not run
 */
export function inTurn(work: () => void): () => void {
  // A separate function, because the same work may be queued twice.
  const turn = () => work();
  if (waiting.size === 0) setTimeout(takeTurn);
  waiting.add(turn);
  return () => {
    waiting.delete(turn);
  };
}
