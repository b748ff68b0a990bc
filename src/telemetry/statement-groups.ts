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
const MAX_GROUPS = 50;

/**
 * Puts together what ran together, in the order of time. Beyond the most groups, the rest is in the
 * last one.
 */
export function groupTimes(parts: readonly StatementGroup[]): StatementGroup[] {
  const groups: StatementGroup[] = [];
  for (const part of parts.toSorted((one, other) => one.start - other.start)) {
    const last = groups.at(-1);
    if (last === undefined || (part.start - last.end > GAP_MS && groups.length < MAX_GROUPS)) {
      groups.push(part);
      continue;
    }
    const statements = last.statements + part.statements;
    groups[groups.length - 1] = { start: last.start, end: Math.max(last.end, part.end), statements };
  }
  return groups;
}
