const FROM_MILDEST_TO_WORST: readonly string[] = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** The rank of a severity; a worse one has a greater rank. */
export const severityRank = (severity: string): number => FROM_MILDEST_TO_WORST.indexOf(severity);

/** The severity and all worse ones. */
export const severitiesFrom = (severity: string): readonly string[] =>
  FROM_MILDEST_TO_WORST.slice(severityRank(severity));
