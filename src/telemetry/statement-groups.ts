/** When something ran, by the monotonic clock of the process, in milliseconds. */
export interface Times {
  readonly start: number;
  readonly end: number;
}

/** Statements that ran together, or one right after the other. */
export interface StatementGroup extends Times {
  readonly statements: number;
}

/** What the server does between two statements that belong together takes less. */
const GAP_MS = 1;
/** A span of an operation has no more parts. */
const MOST_GROUPS = 50;

/** In the order of time. Beyond the most groups, the rest is in the last one. */
export function groupTimes(statements: readonly Times[]): StatementGroup[] {
  const groups: StatementGroup[] = [];
  for (const { start, end } of statements.toSorted((one, other) => one.start - other.start)) {
    const last = groups.at(-1);
    if (last === undefined || (start - last.end > GAP_MS && groups.length < MOST_GROUPS)) {
      groups.push({ start, end, statements: 1 });
      continue;
    }
    const grown = { start: last.start, end: Math.max(last.end, end), statements: last.statements + 1 };
    groups[groups.length - 1] = grown;
  }
  return groups;
}
