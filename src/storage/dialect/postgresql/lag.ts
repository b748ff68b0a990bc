import type { Position } from './positions.ts';

/** Where the primary was at some time, on a monotonic clock in milliseconds. */
interface Sample {
  readonly at: number;
  readonly position: Position;
}

/** Beyond this, samples are thinned out: the older they are, the less their exact time matters. */
const MAX_SAMPLES = 1_000;

/** How far a replica is behind, measured by when the primary was where the replica is now. */
export interface Lag {
  /** The primary was at this position, or beyond it, when it was asked at that time. */
  sample(at: number, position: Position): void;
  /** The replica has reached this position. */
  reached(position: Position): void;
  /** The position of the replica is unknown, for example after it was away. */
  forget(): void;
  /**
   * The replica has everything that was committed this many milliseconds before `now`. The value
   * grows between two polls, but not while the primary has nothing to do. Null: the replica lacks
   * what was there at first.
   */
  behindMs(now: number): number | null;
  /** Where the replica was at the last poll; null: unknown. */
  position(): Position | null;
}

export function createLag(): Lag {
  let samples: Sample[] = [];
  let position: Position | null = null;
  /** The newest sample that the replica has reached. */
  let reached: Sample | null = null;
  return {
    sample(at, found) {
      samples.push({ at, position: found });
      if (samples.length > MAX_SAMPLES)
        samples = samples.filter((_sample, index) => index % 2 === 0 || index > MAX_SAMPLES / 2);
    },
    reached(found) {
      position = found;
      const index = samples.findLastIndex((sample) => sample.position <= found);
      reached = samples[index] ?? reached;
      samples = samples.slice(index + 1);
    },
    forget() {
      position = null;
      reached = null;
    },
    behindMs: (now) => (position === null || reached === null ? null : now - reached.at),
    position: () => position,
  };
}
