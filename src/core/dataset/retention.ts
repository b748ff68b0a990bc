import type { RollupGrain } from './rollup-set.ts';

/** Days that rows and the cells of each rollup grain are kept; null: for ever. */
export interface RetentionDays extends Readonly<Record<RollupGrain, number | null>> {
  readonly rows: number | null;
}

/** What a dataset declares, completed by the defaults. */
export interface DeclaredRetention extends RetentionDays {
  /**
   * Whether the dataset says itself how long its rows stay. If not, `rows` is the default, which
   * the operator may replace.
   */
  readonly ownRows: boolean;
}

/** What is wrong with a retention, and with which part of it. */
export interface RetentionProblem {
  readonly part: keyof RetentionDays;
  /** What would be right: the rest of a sentence that begins with the name of the part. */
  readonly problem: string;
}

/** Days that rows and states stay where nobody says otherwise. */
export const DEFAULT_ROW_DAYS = 90;
const DEFAULT_RETENTION: RetentionDays = { rows: DEFAULT_ROW_DAYS, MINUTE: 7, HOUR: 400, DAY: null };
/** A hundred years: more is for ever, which has a value of its own. */
export const MAX_RETENTION_DAYS = 36_500;
const PARTS = ['rows', 'MINUTE', 'HOUR', 'DAY'] as const satisfies readonly (keyof RetentionDays)[];
const COARSER = { MINUTE: 'HOUR', HOUR: 'DAY' } as const;

/**
 * Completes what a dataset declares. @throws Error when that contradicts itself: a mistake in our
 * code.
 */
export function declareRetention(dataset: string, own: Partial<RetentionDays> = {}): DeclaredRetention {
  const retention = { ...DEFAULT_RETENTION, ...own, ownRows: own.rows !== undefined };
  const found = retentionProblem(retention);
  if (found !== null) throw new Error(`${dataset}: the retention of ${found.part} ${found.problem}`);
  return retention;
}

/**
 * What makes a retention useless, or null. Days are whole and at least 1. A coarser grain stays at
 * least as long as a finer one: it is the finer one's heir. Rows may stay shorter than cells, as
 * they mostly do, and longer, as where they are few.
 *
 * @param nameOf how the reader of the problem calls the parts
 */
export function retentionProblem(
  retention: RetentionDays,
  nameOf: (part: keyof RetentionDays) => string = String,
): RetentionProblem | null {
  for (const part of PARTS) {
    const days = retention[part];
    if (days === null || (Number.isInteger(days) && days >= 1 && days <= MAX_RETENTION_DAYS)) continue;
    const problem = `must be a whole number of days from 1 to ${MAX_RETENTION_DAYS}, or null for ever, not ${days}.`;
    return { part, problem };
  }
  for (const finer of ['MINUTE', 'HOUR'] as const) {
    const coarser = COARSER[finer];
    if ((retention[coarser] ?? Number.POSITIVE_INFINITY) >= (retention[finer] ?? Number.POSITIVE_INFINITY))
      continue;
    const problem = `must be at least ${nameOf(finer)}, which is ${retention[finer] ?? 'for ever (null)'}: coarser cells stay when finer ones go.`;
    return { part: coarser, problem };
  }
  return null;
}
