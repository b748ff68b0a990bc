import { expect } from 'vitest';

/** An alert as seen by a client whose connection is cut off. */
export interface SeenAlert {
  readonly id: string;
  readonly alertId: string;
}

/** The client's side of a subscription. */
export interface Connection {
  /** The next alert. */
  next(): Promise<SeenAlert>;
  /** Ends the subscription at once, even during a read. */
  cut(): Promise<void>;
}

/** The last alert of a test, by its `alertId`. */
export const END = 'end';

/**
 * Follows alerts like a client whose connection is cut off repeatedly: after this many alerts each
 * time, and never the last time. Anything in progress at the cut is lost; the client continues
 * after the last alert that it has seen. Returns what it has seen up to `END`.
 */
export async function followThroughCuts(
  connect: (since: string | null) => Promise<Connection>,
  since: string | null,
  cuts: readonly number[],
): Promise<string[]> {
  const seen: string[] = [];
  let last = since;
  for (const untilCut of [...cuts, Number.POSITIVE_INFINITY]) {
    const connection = await connect(last);
    for (let taken = 0; taken < untilCut; taken++) {
      const alert = await connection.next();
      last = alert.id;
      seen.push(alert.alertId);
      // More cuts would be a mistake of the test.
      expect(seen.length).toBeLessThan(10_000);
      if (alert.alertId === END) {
        await connection.cut();
        return seen;
      }
    }
    await connection.cut();
  }
  return seen;
}
