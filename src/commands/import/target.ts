import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Event } from './events.ts';

/** The result of sending a batch. */
export interface BatchOutcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly {
    readonly index: number;
    readonly field: string | null;
    readonly message: string;
  }[];
}

/** A destination of events. */
export interface Target {
  /** Describes the destination to the user. */
  readonly description: string;
  /** Resolves when the batch is stored. Sending a batch again stores nothing twice. */
  send(dataset: Dataset, events: readonly Event[]): Promise<BatchOutcome>;
  close(): Promise<void>;
}

/** A target that also runs queries. */
export interface AskedTarget extends Target {
  /**
   * Runs a query and returns its data. @throws UsageError with the server's message on errors.
   */
  ask<Data>(document: string, variables: Readonly<Record<string, unknown>>): Promise<Data>;
}
