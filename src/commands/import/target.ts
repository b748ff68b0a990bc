import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Event } from './events.ts';
import { UsageError } from './options.ts';

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
   * Runs a query or a mutation and returns its data. @throws Refusal with the server's message on
   * errors.
   */
  ask<Data>(document: string, variables: Readonly<Record<string, unknown>>): Promise<Data>;
}

/** An error of the server's answer. */
export interface AnswerError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly retryAfterMs?: number;
    /** What is stored, when a mutation conflicts with it. */
    readonly current?: Readonly<Record<string, unknown>>;
  };
}

/** The server answered a question with an error. */
export class Refusal extends UsageError {
  readonly answer: { readonly message: string } & NonNullable<AnswerError['extensions']>;

  constructor(context: string, { message, extensions }: AnswerError) {
    super(`${context}: ${message}`);
    this.answer = { message, ...extensions };
  }
}
