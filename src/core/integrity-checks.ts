/** The checks, in the order in which they run, with their meaning. */
export const CHECKS = {
  DATABASE: 'The pages, tables and indexes, by the database’s own checks.',
  ORPHANS: 'Rows that belong to no project, dataset, metric or alert.',
  VALUES: 'Values that their column does not allow, and rows whose values contradict each other.',
  ROLLUPS: 'The totals per minute, hour and day against the rows that they were computed from.',
  COLUMNS: 'The copy of the events by columns against the rows.',
} as const;

export type CheckName = keyof typeof CHECKS;
