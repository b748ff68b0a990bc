import type { ShouldContinue } from './leased-work.ts';

/**
 * A piece of work for one key. It calls `shouldContinue` before each of its steps: a query, a
 * transaction.
 */
export type Piece = (shouldContinue: ShouldContinue) => Promise<void>;

export interface Turns {
  /** Starts a piece of work for each key that has none in progress. */
  begin(start: (key: string, piece: Piece) => void): Promise<void>;
  readonly shouldContinue: ShouldContinue;
  /** Waits until it is time to begin again, while a piece is still in progress. */
  pause(): Promise<unknown>;
}

/**
 * Runs pieces of work in rotation, one step of each, so that a long one does not hold up the
 * others. While one is still in progress, the others may begin again. Ends when none is in
 * progress. If one fails, the others end before their next step.
 */
export async function takeTurns({ begin, shouldContinue, pause }: Turns): Promise<void> {
  const inRotation = createRotation();
  const underWay = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => void failures.push(error);

  function start(key: string, piece: Piece): void {
    if (underWay.has(key)) return;
    const done = inRotation((step) =>
      piece(async () => {
        await step();
        return failures.length === 0 && (await shouldContinue());
      }),
    )
      .catch(fail)
      .finally(() => underWay.delete(key));
    underWay.set(key, done);
  }

  try {
    do {
      await begin(start);
      await Promise.race([Promise.all(underWay.values()), pause()]);
    } while (underWay.size > 0 && failures.length === 0 && (await shouldContinue()));
  } catch (error) {
    fail(error);
  }
  await Promise.all(underWay.values());
  if (failures.length > 0) throw failures[0];
}

type Stepping = (step: () => Promise<void>) => Promise<void>;

/** Lets one piece of work proceed at a time. Awaiting `step` lets all waiting pieces go first. */
function createRotation(): (work: Stepping) => Promise<void> {
  const waiting: (() => void)[] = [];
  let isTaken = false;

  async function enter(): Promise<void> {
    if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve));
    isTaken = true;
  }

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) isTaken = false;
    else next();
  }

  return async (work) => {
    await enter();
    try {
      await work(() => {
        leave();
        return enter();
      });
    } finally {
      leave();
    }
  };
}
