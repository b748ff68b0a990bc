/** The checks, in the order in which they run, with their meaning. */
export const CHECKS = {
  DATABASE: 'The pages, tables and indexes, by the checks of the database itself.',
  ORPHANS: 'Rows that belong to nothing: to no project, no dataset, no metric, no alert.',
  VALUES: 'Values that the declaration of their column does not allow, and rows that contradict themselves.',
  ROLLUPS: 'The totals per minute, hour and day against the rows that they were made from.',
  COLUMNS: 'The copy of the events by columns against the rows.',
} as const;

export type CheckName = keyof typeof CHECKS;
