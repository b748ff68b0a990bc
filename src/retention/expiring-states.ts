/** How states are removed. */
export interface RemovalOptions {
  /** Only counts. */
  readonly dryRun?: boolean;
  /** Ends after the portion that is being removed. */
  readonly signal?: AbortSignal;
}

/**
 * States that do not stay for ever. What is over, and what goes with it, is known to whoever keeps
 * them.
 */
export interface ExpiringStates {
  /** Name of their list. */
  readonly name: string;
  /**
   * Removes, by portions, those of all projects that were over before the instant (epoch
   * milliseconds). Answers how many.
   */
  remove(before: number, options: RemovalOptions): Promise<number>;
}
