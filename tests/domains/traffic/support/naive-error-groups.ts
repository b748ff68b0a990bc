export interface NaiveError {
  readonly id: string;
  readonly fingerprint: string;
  readonly message: string;
  readonly service: string;
  readonly timestamp: number;
}

/** The answer of `errorGroups` for errors whose rows are all kept, from one pass over them. */
export function naiveErrorGroups(
  errors: readonly NaiveError[],
  field: 'COUNT' | 'LAST_SEEN' | 'FIRST_SEEN',
  direction: 'ASC' | 'DESC',
) {
  const groups = [...new Set(errors.map(({ fingerprint }) => fingerprint))].map((fingerprint) => {
    const own = errors
      .filter((error) => error.fingerprint === fingerprint)
      .sort((one, other) => one.timestamp - other.timestamp || (one.id < other.id ? -1 : 1));
    const [first, last] = [own[0] as NaiveError, own.at(-1) as NaiveError];
    return { fingerprint, count: own.length, first, last };
  });
  const valueFor = ({ count, first, last }: (typeof groups)[number]): number => {
    if (field === 'COUNT') return count;
    return field === 'LAST_SEEN' ? last.timestamp : first.timestamp;
  };
  const sign = direction === 'ASC' ? 1 : -1;
  return groups
    .sort(
      (one, other) =>
        sign * (valueFor(one) - valueFor(other)) || (one.fingerprint < other.fingerprint ? -1 : 1),
    )
    .map(({ fingerprint, count, first, last }) => ({
      fingerprint,
      count,
      firstSeen: new Date(first.timestamp).toISOString(),
      firstSeenGrain: null,
      lastSeen: new Date(last.timestamp).toISOString(),
      lastSeenGrain: null,
      sample: { uuid: last.id, errorMessage: last.message },
    }));
}
