/** When something ran, by the monotonic clock of the process, in milliseconds. */
export interface Times {
  readonly start: number;
  readonly end: number;
}

/** Statements that ran concurrently, or one right after another. */
export interface StatementGroup extends Times {
  readonly statements: number;
}

/** The server's own work between two related statements takes less. */
const GAP_MS = 1;
/** The most statement spans within an operation. */
const MAX_GROUPS = 50;

/**
 * Merges statements that ran together, in the order of time. Beyond the maximum number of groups,
 * the rest goes into the last one.
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
