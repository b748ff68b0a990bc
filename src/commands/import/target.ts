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
