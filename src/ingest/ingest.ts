import type { Dataset } from '../core/dataset/dataset.ts';
import type { QueueLoad } from './write-queue.ts';

/** Why one event of a batch was rejected. */
export interface Rejection {
  /** Name of the dataset, for example llmCalls. */
  readonly dataset: string;
  /** Position in that dataset's input list. */
  readonly index: number;
  /** The input field at fault; null if the event as a whole is. */
  readonly field: string | null;
  readonly code: 'REQUIRED' | 'WRONG_TYPE' | 'OUT_OF_RANGE' | 'TOO_LONG' | 'UNKNOWN_FIELD' | 'INVALID_VALUE';
  readonly message: string;
}

export interface RecordOutcome {
  /** Events that this call stored. */
  readonly accepted: number;
  /** Events that were already stored (same id): nothing changed. */
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
  /** The stored and the duplicate events in input order, without rejected ones. */
  readonly ids: readonly { readonly dataset: Dataset; readonly id: string }[];
}

export interface EventInput {
  readonly dataset: Dataset;
  /** As the client sent them, unchecked. */
  readonly events: readonly unknown[];
}

/** The entry point of the write path. */
export interface Ingest {
  /**
   * Validates the events, stores the valid ones in one transaction, and resolves after the commit.
   *
   * @throws InvalidArgument for more than 10,000 events in one call.
   * @throws Overloaded if the queue is full: nothing was stored.
   */
  record(projectId: string, inputs: readonly EventInput[]): Promise<RecordOutcome>;
  /**
   * Like `record`, for a request and the events that belong to it. Events without an id get one
   * derived from the request (`withActivityIds`), and inherit from the request values that they
   * omit (`withRequestValues`).
   */
  recordActivity(projectId: string, inputs: readonly EventInput[]): Promise<RecordOutcome>;
  /** How full the queue in front of the writer is, and how many calls failed there. */
  load(): QueueLoad;
  /** Resolves when the calls in progress have ended and their events are published. */
  settled(): Promise<void>;
  /** Stops accepting events, and waits until all accepted ones are committed. */
  close(): Promise<void>;
}
