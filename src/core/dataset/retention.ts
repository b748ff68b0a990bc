import type { RollupGrain } from './rollup-set.ts';

/** How many days rows and the cells of each rollup grain are kept; null means for ever. */
export interface RetentionDays extends Readonly<Record<RollupGrain, number | null>> {
  readonly rows: number | null;
}

/** The retention that a dataset declares, with defaults for the rest. */
export interface DeclaredRetention extends RetentionDays {
  /**
   * Whether the dataset declares how long its rows are kept. If not, `rows` is the default, which
   * the operator can replace.
   */
  readonly ownRows: boolean;
}

/** What is wrong with a retention. */
export interface RetentionProblem {
  readonly part: keyof RetentionDays;
  /** What is valid, as the rest of a sentence that begins with the name of the part. */
  readonly problem: string;
}

/** Default number of days for which rows and states are kept. */
export const DEFAULT_ROW_DAYS = 90;
const DEFAULT_RETENTION: RetentionDays = { rows: DEFAULT_ROW_DAYS, MINUTE: 7, HOUR: 400, DAY: null };
/** A hundred years. Longer means for ever, which is null. */
export const MAX_RETENTION_DAYS = 36_500;
const PARTS = ['rows', 'MINUTE', 'HOUR', 'DAY'] as const satisfies readonly (keyof RetentionDays)[];
const COARSER = { MINUTE: 'HOUR', HOUR: 'DAY' } as const;

/**
 * Adds the defaults to what a dataset declares.
 *
 * @throws Error if the result contradicts itself: a mistake in our code.
 */
export function declareRetention(dataset: string, own: Partial<RetentionDays> = {}): DeclaredRetention {
  const retention = { ...DEFAULT_RETENTION, ...own, ownRows: own.rows !== undefined };
  const found = retentionProblem(retention);
  if (found !== null) throw new Error(`${dataset}: the retention of ${found.part} ${found.problem}`);
  return retention;
}

/**
 * The problem of a retention; null if it is valid. Days are integers from 1. A coarser grain must
 * be kept at least as long as a finer one, because it answers once the finer one has been removed.
 * Rows are mostly kept shorter than cells, but may be kept longer, for example where there are few.
 *
 * @param nameOf the name of a part for the reader of the problem
 */
export function retentionProblem(
  retention: RetentionDays,
  nameOf: (part: keyof RetentionDays) => string = String,
): RetentionProblem | null {
  for (const part of PARTS) {
    const days = retention[part];
    if (days === null || (Number.isInteger(days) && days >= 1 && days <= MAX_RETENTION_DAYS)) continue;
    const problem =
      `must be a whole number of days from 1 to ${MAX_RETENTION_DAYS}, or null to keep everything, ` +
      `not ${days}.`;
    return { part, problem };
  }
  for (const finer of ['MINUTE', 'HOUR'] as const) {
    const coarser = COARSER[finer];
    if ((retention[coarser] ?? Number.POSITIVE_INFINITY) >= (retention[finer] ?? Number.POSITIVE_INFINITY))
      continue;
    const problem =
      `must be at least ${nameOf(finer)}, which is ${retention[finer] ?? 'unlimited (null)'}: ` +
      'coarser cells must be kept at least as long as finer ones.';
    return { part: coarser, problem };
  }
  return null;
}
