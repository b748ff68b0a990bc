import type { Repetition, Schedule } from '../../runtime/schedule.ts';
import type { MappedBatch } from '../mapping/mapped.ts';
import type { IgnoredReason } from '../mapping/reasons.ts';
import type { Signal } from '../protocol/telemetry.ts';

/** Counts what senders sent by OTLP, and what became of it. */
export interface OtlpStatus {
  /** Counts the contents of a stored request. */
  noteStored(request: NotedRequest, rejections: ReadonlyMap<MappedBatch, Rejected>): void;
  /**
   * Counts a request of which nothing was stored, and why. Its batches are unknown if it could not
   * be read.
   */
  noteFailed(request: NotedRequest, message: string): void;
  /**
   * The senders of a project, the most recent first, including what this instance has not stored
   * yet.
   */
  read(projectId: string): Promise<SenderStatus[]>;
  /** Stores the counts periodically, and removes old ones. */
  run(schedule: Schedule): Repetition;
  /** Stores the remaining counts. */
  close(): Promise<void>;
}

export interface NotedRequest {
  readonly projectId: string;
  readonly signal: Signal;
  readonly batches: readonly MappedBatch[];
}

/** Items of a batch that did not become valid events. */
export interface Rejected {
  readonly items: number;
  readonly message: string;
}

/** What one sender sent for one signal. */
export interface SenderStatus {
  /** Null if it has no `service.name`, or if its requests could not be read. */
  readonly sender: string | null;
  readonly signal: Signal;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Spans, log records or data points. */
  readonly received: number;
  readonly became: readonly { readonly dataset: string; readonly events: number; readonly lastAt: Date }[];
  readonly ignored: readonly IgnoredItems[];
  readonly rejected: number;
  readonly failedRequests: number;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
}

export interface IgnoredItems {
  readonly reason: IgnoredReason;
  readonly items: number;
  /** Describes the newest of them, such as the name of a metric. */
  readonly example: string | null;
  readonly lastAt: Date;
}
