/**
 * Functions for instants that differ between the databases, as SQL text, for statements that are
 * written without the query builder.
 */
export interface InstantSql {
  /** The earlier of two values of timestamp columns. */
  earlier(one: string, other: string): string;
  /**
   * The milliseconds from one value of a timestamp column to another, negative when the other is
   * earlier.
   */
  millisecondsBetween(from: string, to: string): string;
  /** The instant that lies `milliseconds` before another. */
  before(instant: string, milliseconds: number): string;
}
