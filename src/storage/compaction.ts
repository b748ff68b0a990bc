/** What compacting a database achieved. Sizes are in bytes, with indexes. */
export interface Compaction {
  readonly before: number;
  readonly after: number;
  /** What else could be done, and at what cost: sentences. */
  readonly notes: readonly string[];
}

/** Called with what is being done, and how much of it is done, from 0 to 1. */
export type CompactionProgress = (done: number, what: string) => void;
