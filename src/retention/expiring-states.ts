/** How to remove states. */
export interface RemovalOptions {
  /** True: only counts. */
  readonly dryRun?: boolean;
  /** When it aborts, removal ends after the current batch. */
  readonly signal?: AbortSignal;
}

/**
 * States that are not kept forever. Their owner knows which of them are over, and what to remove
 * with them.
 */
export interface ExpiringStates {
  /** Name of their list. */
  readonly name: string;
  /** Their table. */
  readonly table: string;
  /**
   * Removes, in batches and in all projects, those that were over before the instant (epoch
   * milliseconds).
   *
   * @returns the number of removed states.
   */
  remove(before: number, options: RemovalOptions): Promise<number>;
}
