import type { Distribution, DistributionOptions } from './distribution-spec.ts';
import type {
  Answer,
  Ends,
  Group,
  GroupOptions,
  Occurrence,
  Presence,
  Scope,
  Series,
  SeriesOptions,
  SlidingWindows,
  Stats,
  WantedEnds,
  WantedMeasure,
  WindowOptions,
} from './spec.ts';

/**
 * The entry point of the read path. Every method throws InvalidArgument for a question that is
 * invalid or too large.
 */
export interface Analytics {
  totals(scope: Scope, measures: readonly WantedMeasure[]): Promise<Answer<Stats>>;
  groups(
    scope: Scope,
    measures: readonly WantedMeasure[],
    options: GroupOptions,
  ): Promise<Answer<readonly Group[]>>;
  series(
    scope: Scope,
    measures: readonly WantedMeasure[],
    options: SeriesOptions,
  ): Promise<Answer<readonly Series[]>>;
  /** Counts the values of a measure in buckets: a histogram, or, by time, a heatmap. */
  distribution(scope: Scope, options: DistributionOptions): Promise<Answer<Distribution>>;
  /** How many values of a dimension occur in each bucket, and again in the next one. Exact. */
  presence(
    scope: Scope,
    dimension: string,
    options: Pick<SeriesOptions, 'grain' | 'timeZone'>,
  ): Promise<Answer<readonly Presence[]>>;
  /**
   * All groups and when they occurred, in no particular order: as many as the rows have distinct
   * values. `now` is the present in epoch milliseconds.
   */
  occurrences(
    scope: Scope,
    dimensions: readonly string[],
    now: number,
  ): Promise<Answer<readonly Occurrence[]>>;
  /**
   * The first and the last row of each key, found by one statement that uses the index on project,
   * column and timestamp. A stretch whose rows may have expired is not searched.
   */
  ends(
    scope: Omit<Scope, 'range'>,
    column: string,
    wanted: readonly WantedEnds[],
  ): Promise<ReadonlyMap<string, Ends>>;
  /**
   * Which rows of a range are kept, for queries that read rows without the read path. Reads no rows
   * itself.
   */
  keptRows(scope: Pick<Scope, 'dataset' | 'projectId' | 'range'>): Promise<Answer<null>>;
  /**
   * The result of `totals` for each window; every bucket is read only once for all windows.
   * Quantiles are within 1 % even from rows.
   *
   * @param keep extracts what is needed from the statistics of a window: there may be 200,000 of
   *   them.
   */
  windows<Value>(
    scope: Scope,
    measures: readonly WantedMeasure[],
    options: WindowOptions,
    keep: (stats: Stats) => Value,
  ): Promise<Answer<SlidingWindows<Value>>>;
}
