import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Event } from './events.ts';

/** What became of a batch. */
export interface BatchOutcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly {
    readonly index: number;
    readonly field: string | null;
    readonly message: string;
  }[];
}

/** Where events go. */
export interface Target {
  /** Where that is, for the user. */
  readonly description: string;
  /** Resolves when the batch is stored. Sending a batch again stores nothing twice. */
  send(dataset: Dataset, events: readonly Event[]): Promise<BatchOutcome>;
  close(): Promise<void>;
}

/** A target that answers questions too. */
export interface AskedTarget extends Target {
  /**
   * Runs a query: its data. @throws UsageError with the server's words when it answers with errors.
   */
  ask<Data>(document: string, variables: Readonly<Record<string, unknown>>): Promise<Data>;
}
