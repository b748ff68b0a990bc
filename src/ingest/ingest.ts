import type { Dataset } from '../core/dataset/dataset.ts';

/** Why one event of a batch was left out. */
export interface Rejection {
  /** Name of the dataset, for example llmCalls. */
  readonly dataset: string;
  /** Position in that dataset's input list. */
  readonly index: number;
  /** The input field at fault; null when the event as a whole is. */
  readonly field: string | null;
  readonly code: 'REQUIRED' | 'WRONG_TYPE' | 'OUT_OF_RANGE' | 'TOO_LONG' | 'UNKNOWN_FIELD' | 'INVALID_VALUE';
  readonly message: string;
}

export interface RecordOutcome {
  /** Events that were stored now. */
  readonly accepted: number;
  /** Events that had been stored before (same id): nothing changed. */
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
  /** The stored and the duplicate events in input order, rejected ones left out. */
  readonly ids: readonly { readonly dataset: Dataset; readonly id: string }[];
}

export interface EventInput {
  readonly dataset: Dataset;
  /** Unchecked: whatever the client sent. */
  readonly events: readonly unknown[];
}

/** The write path's door. */
export interface Ingest {
  /**
   * Validates the events, stores the valid ones in one transaction, and resolves after the commit.
   *
   * @throws InvalidArgument for more than 10,000 events in one call.
   * @throws Overloaded when the queue is full: nothing was stored.
   */
  record(projectId: string, inputs: readonly EventInput[]): Promise<RecordOutcome>;
  /**
   * As `record`, for a request with what belongs to it: events without an id take theirs from the
   * request (`withActivityIds`), and they take over what they leave out and the request says
   * (`withRequestValues`).
   */
  recordActivity(projectId: string, inputs: readonly EventInput[]): Promise<RecordOutcome>;
  /** Stops accepting, waits until everything accepted is committed. */
  close(): Promise<void>;
}
