const FROM_MILDEST_TO_WORST: readonly string[] = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** Grows with how bad it is. */
export const severityRank = (severity: string): number => FROM_MILDEST_TO_WORST.indexOf(severity);

/** The severity and those that are worse. */
export const severitiesFrom = (severity: string): readonly string[] =>
  FROM_MILDEST_TO_WORST.slice(severityRank(severity));
