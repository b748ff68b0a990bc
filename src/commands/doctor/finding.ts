/** `wrong` needs somebody now. `warning` will, or does in some cases. */
export type Verdict = 'ok' | 'warning' | 'wrong';

/** The families of checks, in the order of the report. */
export const CHECKS = [
  'configuration',
  'versions',
  'port',
  'database',
  'permissions',
  'disk',
  'clock',
  'keys',
  'backups',
  'columns',
  'queue',
  'arrivals',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** One line of the report. */
export interface Finding {
  readonly check: CheckName;
  readonly verdict: Verdict;
  /** What was found, as a sentence. */
  readonly finding: string;
  /** What to do. Null where nothing is to be done. */
  readonly advice: string | null;
  /** Further lines, such as one per service. */
  readonly details: readonly string[];
}

export const ok = (check: CheckName, finding: string, details: readonly string[] = []): Finding => ({
  ...{ check, verdict: 'ok', finding, advice: null, details },
});

export const warning = (check: CheckName, finding: string, advice: string): Finding => ({
  ...{ check, verdict: 'warning', finding, advice, details: [] },
});

export const wrong = (check: CheckName, finding: string, advice: string): Finding => ({
  ...{ check, verdict: 'wrong', finding, advice, details: [] },
});
