import type { CheckName } from '../core/integrity-checks.ts';

/** `QUICK` takes seconds for a million rows. `FULL` reads everything. */
export type Mode = 'QUICK' | 'FULL';

/** Something that is not in order. */
export interface Finding {
  readonly check: CheckName;
  /** The table, index or dataset. */
  readonly subject: string;
  /** Null: it concerns no single project. */
  readonly projectId: string | null;
  /** How many rows, cells or pages are affected, as far as they were counted. */
  readonly count: number;
  /** What is wrong, in a sentence. */
  readonly problem: string;
  /** What to do, in a sentence. */
  readonly advice: string;
}

/** The result of one check. */
export interface CheckReport {
  readonly check: CheckName;
  /** How many rows, cells or page trees were checked. */
  readonly looked: number;
  /** The first findings, at most `MAX_FINDINGS`. */
  readonly findings: readonly Finding[];
  /** The number of all findings. */
  readonly found: number;
  /** What could not be checked, and why: sentences. */
  readonly unchecked: readonly string[];
  readonly durationMs: number;
}

export interface IntegrityReport {
  readonly mode: Mode;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly checks: readonly CheckReport[];
}

/** How many findings of a check are described; the rest are counted. */
export const MAX_FINDINGS = 100;

/** A step of a check. Its results are added to the report. */
export interface Step {
  /** What was checked, in words for people: `llmCalls of default on 2026-11-20`. */
  readonly what: string;
  /** How much of the check is done, from 0 to 1. */
  readonly done: number;
  readonly looked: number;
  readonly findings?: readonly Finding[];
  readonly unchecked?: string | null;
}
