import type { Columns } from '../columns/columns.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { StateTable } from '../core/dataset/state.ts';
import type { Store } from '../storage/store.ts';
import type { Mode, Step } from './report.ts';

/** What a check may use. */
export interface CheckContext {
  readonly store: Pick<Store, 'query' | 'functions' | 'upkeep' | 'exclusively'>;
  readonly datasets: readonly Dataset[];
  readonly states: readonly StateTable[];
  /** The columnar copy; otherwise a sentence that says why there is none to check. */
  readonly columns: Columns | string;
  readonly mode: Mode;
  /** RETENTION_DAYS; null: not set. */
  readonly retentionDays: number | null;
  /** The present, in epoch milliseconds. */
  readonly now: number;
}

/** Yields its steps one after another. Each ends before the next one begins. */
export type Check = (context: CheckContext) => AsyncIterable<Step>;
